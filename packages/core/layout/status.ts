/** What the engine's functions return besides a result: zero is success, errors are negative. */
export const OK = 0;
/** The memory could not grow: its limit, or the host's. Also what `grow` returns in Rust. */
export const E_GROW_FAILED = -1;
/** The memory does not start with the magic that was expected. */
export const E_BAD_MAGIC = -2;
/** The magic is right and the layout version is not one this engine knows. */
export const E_UNSUPPORTED_VERSION = -3;
/** Fields contradict each other, or the size of the image. */
export const E_CORRUPTED = -4;
/** An access outside a memory, or an argument outside its range. */
export const E_OUT_OF_BOUNDS = -5;
/** More than 32,768 buckets would be needed. */
export const E_TOO_MANY_BUCKETS = -6;
/**
 * Nothing was changed, because only the caller can tell whether what would be taken out can be
 * decoded. Look at it, and make the call again with `force`.
 */
export const E_ASK = -7;
/** An operation failed between its writes, so somebody else wrote to the memory in use. */
export const E_BROKEN = -8;
/** What was found is too large to be handed over at once; read it in pieces. */
export const E_LARGE = -9;
/** An entry to append does not come behind all others. */
export const E_NOT_ASCENDING = -10;
/** The least of the statuses: what is below it is a pointer. */
export const LEAST_STATUS = -16;

/** With `E_CORRUPTED`, what was expected at the address. */
export const EXPECTED_NODE = 1;
export const EXPECTED_NODE_VERSION = 2;
export const EXPECTED_NODE_TYPE = 3;
export const EXPECTED_NODE_COUNT = 4;
export const EXPECTED_OVERFLOW_PAGE = 5;
export const EXPECTED_CHAIN_END = 6;
export const EXPECTED_KEY_SIZE = 7;
export const EXPECTED_VALUE_SIZE = 8;
export const EXPECTED_CHUNK = 9;
export const EXPECTED_FREE_CHUNK = 10;
export const EXPECTED_ALLOCATED_CHUNK = 11;
export const EXPECTED_LENGTH = 12;
export const EXPECTED_DEPTH = 13;
export const EXPECTED_ORDER = 14;
export const EXPECTED_ENTRIES = 15;
export const EXPECTED_HEADER = 16;
