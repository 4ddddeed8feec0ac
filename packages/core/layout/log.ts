/**
 * The two memories of a log: an index ("GLI") and the entries, back to back ("GLD").
 *
 * Integers are little-endian. Fields are packed: nothing is aligned.
 *
 *   offset   size  index
 *        0      3  magic "GLI"
 *        3      1  layout version (1)
 *        4     28  reserved, never written
 *       32      8  number of entries
 *       40   8(n)  end of entry 0..n-1, counted from the first entry's start (u64)
 *
 *   offset   size  data
 *        0      3  magic "GLD"
 *        3      1  layout version (1)
 *        4     28  reserved, never written
 *       32         entries
 */
export const LOG_INDEX_MAGIC = 0x494c47; // "GLI"
export const LOG_DATA_MAGIC = 0x444c47; // "GLD"
export const LOG_VERSION = 1;

export const LOG_VERSION_OFFSET = 3;
export const LOG_LENGTH_OFFSET = LOG_VERSION_OFFSET + 1 + 28;
export const LOG_ENDS_START = LOG_LENGTH_OFFSET + 8;
export const LOG_DATA_START = LOG_VERSION_OFFSET + 1 + 28;
