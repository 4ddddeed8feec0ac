/**
 * The buckets of each memory, in order: bucket number of (memory, index) in two loads.
 *
 * The lists live in blocks of 128 numbers, see layout/regions.ts. The format stores only who owns a
 * bucket, so a list is always ascending.
 *
 * A memory's straight length says how many of its buckets, from the first on, are neighbours: within
 * them an address needs no list.
 */
import { MAX_MEMORIES } from "../layout/manager";
import {
  LIST_BLOCK_SHIFT,
  LIST_BLOCKS,
  LIST_DIRECTORY,
  LIST_DIRECTORY_SHIFT,
  LIST_LENGTHS,
  STRAIGHT_LENGTHS,
} from "../layout/regions";
import { Ptr } from "./types";

const INDEX_IN_BLOCK: u32 = (1 << LIST_BLOCK_SHIFT) - 1;

/** Blocks in use; the next one handed out has this number. */
let usedBlocks: u32 = 0;

/** Empties every list. */
export function reset(): void {
  usedBlocks = 0;
  memory.fill(LIST_LENGTHS, 0, MAX_MEMORIES << 2);
  memory.fill(STRAIGHT_LENGTHS, 0, MAX_MEMORIES << 1);
}

/** Number of buckets in the list of memory `id`. */
// @ts-ignore: decorator
@inline
export function length(id: u32): u32 {
  return load<u32>(LIST_LENGTHS + (id << 2));
}

/** How many buckets of memory `id`, from the first on, lie one behind the other. */
// @ts-ignore: decorator
@inline
export function straightLength(id: u32): u32 {
  return <u32>load<u16>(STRAIGHT_LENGTHS + (id << 1));
}

/** Bucket `index` of memory `id`; the index must be below the list's length. */
// @ts-ignore: decorator
@inline
export function at(id: u32, index: u32): u32 {
  return load<u16>(slot(id, index));
}

/** Appends a bucket to the list of memory `id`. */
export function push(id: u32, bucket: u32): void {
  const index = length(id);
  if ((index & INDEX_IN_BLOCK) == 0) {
    store<u16>(directoryEntry(id, index), <u16>usedBlocks);
    usedBlocks += 1;
  }
  store<u16>(slot(id, index), <u16>bucket);
  store<u32>(LIST_LENGTHS + (id << 2), index + 1);
  if (straightLength(id) == index && (index == 0 || at(id, index - 1) + 1 == bucket)) {
    store<u16>(STRAIGHT_LENGTHS + (id << 1), <u16>(index + 1));
  }
}

// @ts-ignore: decorator
@inline
function directoryEntry(id: u32, index: u32): Ptr {
  return LIST_DIRECTORY + (id << LIST_DIRECTORY_SHIFT) + ((index >> LIST_BLOCK_SHIFT) << 1);
}

// @ts-ignore: decorator
@inline
function slot(id: u32, index: u32): Ptr {
  const block = <u32>load<u16>(directoryEntry(id, index));
  return LIST_BLOCKS + (((block << LIST_BLOCK_SHIFT) + (index & INDEX_IN_BLOCK)) << 1);
}
