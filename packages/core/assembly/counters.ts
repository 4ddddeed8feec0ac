/**
 * How much work was done since the module was instantiated: the same for the same operations on every
 * machine, where time is not. Reading them costs nothing, keeping them one addition.
 */

/** Nodes that were opened or searched. */
export let nodes: u64 = 0;
/** Bytes of nodes that were moved or written. */
export let bytes: u64 = 0;

// @ts-ignore: decorator
@inline
export function countNodes(count: u32): void {
  nodes += count;
}

// @ts-ignore: decorator
@inline
export function countBytes(count: u32): void {
  bytes += count;
}
