/**
 * A single value ("SCL").
 *
 *   offset   size  field
 *        0      3  magic "SCL"
 *        3      1  layout version (1)
 *        4      4  length of the value, in bytes (u32, little-endian)
 *        8         the value
 */
export const CELL_MAGIC = 0x4c4353; // "SCL"
export const CELL_VERSION = 1;

export const CELL_VERSION_OFFSET = 3;
export const CELL_LENGTH_OFFSET = CELL_VERSION_OFFSET + 1;
export const CELL_VALUE_OFFSET = CELL_LENGTH_OFFSET + 4;
