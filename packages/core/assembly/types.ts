// Two kinds of number meet in the engine and must never mix.

/** A pointer into this module's own linear memory. */
export type Ptr = usize;

/** An address inside the stable memory image, or inside a virtual memory. */
export type Addr = u64;
