/**
 * B-tree nodes ("BTN") and overflow pages ("NOF").
 *
 * Integers are little-endian. Fields are packed: nothing is aligned.
 *
 *   offset   size  field
 *        0      3  magic "BTN"
 *        3      1  node version (1 or 2)
 *        4      1  0 = leaf, 1 = internal
 *        5      2  number of entries, k (u16)
 *
 * Version 2, from 7 on:
 *        7      8  address of the first overflow page, 0 = none
 *       15  8(k+1) children, internal nodes only
 *      ...         k keys, each behind a u32 length unless keys have a fixed size
 *      ...         k values, each behind a u32 length, always
 *
 * Version 1, from 7 on: k slots of 8 + (largest key) + (largest value) bytes:
 *        0      4  length of the key
 *        4     mk  key
 *   4 + mk      4  length of the value
 *   8 + mk     mv  value
 * and behind the last slot the k + 1 children of an internal node.
 *
 * A version 2 node longer than its node page goes on in overflow pages:
 *        0      3  magic "NOF"
 *        3      8  address of the next overflow page, 0 = none
 *       11         data, up to the end of the node page
 */
export const NODE_MAGIC = 0x4e5442; // "BTN"
export const NODE_VERSION_1 = 1;
export const NODE_VERSION_2 = 2;
export const NODE_LEAF = 0;
export const NODE_INTERNAL = 1;

export const NODE_VERSION_OFFSET = 3;
export const NODE_TYPE_OFFSET = NODE_VERSION_OFFSET + 1;
export const NODE_COUNT_OFFSET = NODE_TYPE_OFFSET + 1;
export const NODE_HEADER_SIZE = NODE_COUNT_OFFSET + 2;
export const NODE_OVERFLOW_OFFSET = NODE_HEADER_SIZE;
export const NODE_CONTENT_OFFSET = NODE_OVERFLOW_OFFSET + 8;

export const OVERFLOW_MAGIC = 0x464f4e; // "NOF"
export const OVERFLOW_NEXT_OFFSET = 3;
export const OVERFLOW_HEADER_SIZE = OVERFLOW_NEXT_OFFSET + 8;

/** Most entries of a node; an internal node then has one child more. */
export const NODE_CAPACITY = 11;
/** Fewest entries of a node a removal may descend into; a node at rest may hold one fewer. */
export const NODE_MINIMUM = 6;
