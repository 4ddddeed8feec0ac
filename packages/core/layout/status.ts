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
