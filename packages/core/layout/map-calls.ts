/**
 * What the calls on maps take and give in memory, besides their arguments and what they return.
 * All fields are little-endian u32 unless a size of 8 is given.
 *
 *   offset   size  result, at RESULT
 *        0      4  size of the value a pointer was returned to
 *        4      4  pointer to a key
 *        8      4  size of that key
 *       12      4  pointer to its value
 *       16      8  where damage was met, an address in the map's memory (u64)
 *       24      4  what was expected there, one of EXPECTED_...
 *       28      4  pages that a refused growth was about
 *       32      4  entries that a batch dealt with
 *       36      4  bytes of OUTPUT that a batch filled
 *
 *   offset   size  map options, at MAP_OPTIONS
 *        0      4  largest key, UNBOUNDED = no limit
 *        4      4  1 = every key has exactly that size
 *        8      4  largest value, UNBOUNDED = no limit
 *       12      4  1 = every value has exactly that size
 *       16      4  order of the keys, one of ORDER_...
 *       20     12  first member of a pair: its size, the bytes its length takes (0 = fixed), its order
 *       32     12  second member
 *       44      4  which keys can surely be decoded, one of CHECK_...
 *       48      4  which values can
 *       52      4  node version of new nodes
 */
export const RESULT_VALUE_SIZE = 0;
export const RESULT_KEY_POINTER = RESULT_VALUE_SIZE + 4;
export const RESULT_KEY_SIZE = RESULT_KEY_POINTER + 4;
export const RESULT_VALUE_POINTER = RESULT_KEY_SIZE + 4;
export const RESULT_ADDRESS = RESULT_VALUE_POINTER + 4;
export const RESULT_EXPECTED = RESULT_ADDRESS + 8;
export const RESULT_PAGES = RESULT_EXPECTED + 4;
export const RESULT_COUNT = RESULT_PAGES + 4;
export const RESULT_BYTES = RESULT_COUNT + 4;

export const OPTION_MAX_KEY_SIZE = 0;
export const OPTION_FIXED_KEYS = OPTION_MAX_KEY_SIZE + 4;
export const OPTION_MAX_VALUE_SIZE = OPTION_FIXED_KEYS + 4;
export const OPTION_FIXED_VALUES = OPTION_MAX_VALUE_SIZE + 4;
export const OPTION_ORDER = OPTION_FIXED_VALUES + 4;
export const OPTION_FIRST_MEMBER = OPTION_ORDER + 4;
export const OPTION_SECOND_MEMBER = OPTION_FIRST_MEMBER + 12;
export const OPTION_KEY_CHECK = OPTION_SECOND_MEMBER + 12;
export const OPTION_VALUE_CHECK = OPTION_KEY_CHECK + 4;
export const OPTION_NODE_VERSION = OPTION_VALUE_CHECK + 4;
export const MAP_OPTIONS_SIZE = OPTION_NODE_VERSION + 4;

export const UNBOUNDED = 0xffffffff;

/** Stands for the size of a value that a key does not have, where many are asked for. */
export const MISSING = 0xffffffff;

/** Byte by byte, a prefix before what it begins: the order of most types. */
export const ORDER_BYTES = 0;
/** Shorter before longer, then byte by byte: the order of Rust's `Principal`. */
export const ORDER_LENGTH_FIRST = 1;
/** Rust's `(A, B)`: first members, then second ones, each in its own order. */
export const ORDER_PAIR = 2;

/** Any bytes of a right size can be decoded. */
export const CHECK_NONE = 0;
/** A big-endian integer that must not exceed 2^53 - 1. */
export const CHECK_NUMBER = 1;
/** UTF-8; only ASCII is recognised, everything else is left to the caller. */
export const CHECK_TEXT = 2;
/** Only the caller can tell. */
export const CHECK_ASK = 3;

/** Walks, and removals of ranges: from the last entry to the first. */
export const FLAG_REVERSE = 1;
/** There is a key to start at, and it belongs to the range. */
export const FLAG_HAS_START = 2;
export const FLAG_START_INCLUSIVE = 4;
/** There is a key to end at, and it belongs to the range. */
export const FLAG_HAS_END = 8;
export const FLAG_END_INCLUSIVE = 16;
/** Walks: values are wanted, and not only keys. */
export const FLAG_VALUES = 32;
