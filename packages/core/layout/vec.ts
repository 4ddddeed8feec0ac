/**
 * Header of a vector ("SVC") and of a binary heap ("SMH"), which is a vector in heap order.
 *
 * Integers are little-endian. Fields are packed: nothing is aligned.
 *
 *   offset   size  field
 *        0      3  magic "SVC" or "SMH"
 *        3      1  layout version (1)
 *        4      8  number of elements
 *       12      4  largest element, in bytes (u32)
 *       16      1  1 = every element has exactly that size
 *       17     47  reserved, never written
 *       64         slots, each of the largest size
 *
 * Unless elements have a fixed size, a slot begins with the element's length: 1, 2 or 4 bytes, as
 * many as the largest size needs.
 */
export const VEC_MAGIC = 0x435653; // "SVC"
export const MIN_HEAP_MAGIC = 0x484d53; // "SMH"
export const VEC_VERSION = 1;

export const VEC_VERSION_OFFSET = 3;
export const VEC_LENGTH_OFFSET = VEC_VERSION_OFFSET + 1;
export const VEC_MAX_SIZE_OFFSET = VEC_LENGTH_OFFSET + 8;
export const VEC_FIXED_SIZE_OFFSET = VEC_MAX_SIZE_OFFSET + 4;
export const VEC_SLOTS_START = VEC_FIXED_SIZE_OFFSET + 1 + 47;
