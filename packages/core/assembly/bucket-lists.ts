/**
 * The buckets of each memory, in order: the bucket number of (memory, index) in two loads, and in one
 * for whoever knows where the memory's list stands.
 *
 * How the lists share their region is told in layout/regions.ts. The format stores only who owns a
 * bucket, so a list is always ascending.
 *
 * A memory's straight length says how many of its buckets, from the first on, are neighbours: within
 * them an address needs no list.
 */
import { MAX_MEMORIES } from "../layout/manager";
import {
  LIST_LENGTHS,
  LIST_STARTS,
  LIST_STEP_SHIFT,
  LISTS,
  LISTS_SIZE,
  STRAIGHT_LENGTHS,
} from "../layout/regions";
import { Ptr } from "./types";

/** Numbers that a new list has room for. */
const LEAST_ROOM: u32 = 4;

/** Steps of the region in use; the next list starts there. */
let usedSteps: u32 = 0;

/** Empties every list. */
export function reset(): void {
  usedSteps = 0;
  memory.fill(LIST_LENGTHS, 0, MAX_MEMORIES << 1);
  memory.fill(STRAIGHT_LENGTHS, 0, MAX_MEMORIES << 1);
}

/** Number of buckets in the list of memory `id`. */
// @ts-ignore: decorator
@inline
export function length(id: u32): u32 {
  return <u32>load<u16>(LIST_LENGTHS + (id << 1));
}

/** How many buckets of memory `id`, from the first on, lie one behind the other. */
// @ts-ignore: decorator
@inline
export function straightLength(id: u32): u32 {
  return <u32>load<u16>(STRAIGHT_LENGTHS + (id << 1));
}

/** Pointer to the bucket numbers of memory `id`, two bytes each, until it gets more. */
// @ts-ignore: decorator
@inline
export function start(id: u32): Ptr {
  return LISTS + (<u32>load<u16>(LIST_STARTS + (id << 1)) << LIST_STEP_SHIFT);
}

/** Bucket `index` of memory `id`; the index must be below the list's length. */
// @ts-ignore: decorator
@inline
export function at(id: u32, index: u32): u32 {
  return load<u16>(start(id) + (index << 1));
}

/** Appends a bucket to the list of memory `id`. */
export function push(id: u32, bucket: u32): void {
  const index = length(id);
  if (isFull(index)) move(id, index);
  store<u16>(start(id) + (index << 1), <u16>bucket);
  store<u16>(LIST_LENGTHS + (id << 1), <u16>(index + 1));
  if (straightLength(id) == index && (index == 0 || at(id, index - 1) + 1 == bucket)) {
    store<u16>(STRAIGHT_LENGTHS + (id << 1), <u16>(index + 1));
  }
}

/** True when a list of `count` numbers has no room for another, or no place yet. */
// @ts-ignore: decorator
@inline
function isFull(count: u32): bool {
  return count == 0 || (count >= LEAST_ROOM && popcnt<u32>(count) == 1);
}

/** Moves the `count` numbers of memory `id` to where twice as many have room. */
function move(id: u32, count: u32): void {
  const from = start(id);
  const room = max(count << 1, LEAST_ROOM);
  store<u16>(LIST_STARTS + (id << 1), <u16>usedSteps);
  usedSteps += (room << 1) >> LIST_STEP_SHIFT;
  assert(usedSteps << LIST_STEP_SHIFT <= <u32>LISTS_SIZE);
  memory.copy(start(id), from, count << 1);
}
