/**
 * Hands out chunks of one size. Layout in layout/btree.ts.
 *
 * Freed chunks are handed out again, last in first out; the list ends with the frontier, the one chunk
 * that was never used. Handing that out moves it on, which alone can make the memory grow.
 *
 * A map's slot keeps what is known of the list: how many chunks at its head were seen to be free, and
 * where the frontier is. While the frontier is known, that number is all there are before it.
 *
 * INVARIANT: every chunk below the frontier has a header, and only the frontier's `next` is 0.
 */
import {
  ALLOCATED_CHUNKS_OFFSET,
  ALLOCATION_SIZE_OFFSET,
  ALLOCATOR_MAGIC,
  ALLOCATOR_OFFSET,
  ALLOCATOR_RESERVED_OFFSET,
  ALLOCATOR_VERSION,
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_NEXT_OFFSET,
  CHUNK_VERSION,
  CHUNK_VERSION_OFFSET,
  CHUNKS_START,
  FREE_LIST_HEAD_OFFSET,
} from "../../layout/btree";
import {
  E_GROW_FAILED,
  EXPECTED_ALLOCATED_CHUNK,
  EXPECTED_CHUNK,
  EXPECTED_FREE_CHUNK,
  OK,
} from "../../layout/status";
import * as image from "../image";
import * as space from "../space";
import { Addr } from "../types";
import { damaged, refused } from "./failure";
import * as map from "./map";
import * as rehearsal from "./rehearsal";

/** The first eight bytes of a chunk's header. */
const FREE: u64 = CHUNK_MAGIC | (CHUNK_VERSION << (CHUNK_VERSION_OFFSET << 3));
const ALLOCATED: u64 = FREE | (1 << 32);
/** They end with three bytes of padding, which nobody reads. */
const PADDING: u64 = 0x0000_00ff_ffff_ffff;

/** What `reserve` takes for a number of chunks that only a rehearsal can tell. */
export const UNKNOWN: u32 = u32.MAX_VALUE;

/** Free chunks looked at beyond those that are needed, so that few operations need to look. */
const LOOK_AHEAD: u32 = 256;

// @ts-ignore: decorator
@inline
function chunkSize(): u64 {
  return CHUNK_HEADER_SIZE + <u64>map.nodePageSize;
}

/** Number of chunks that are allocated: no chain of them can be longer. */
export function allocated(): u64 {
  return load<u64>(space.origin, ALLOCATED_CHUNKS_OFFSET);
}

/** Starts over with no chunk; the memory must hold the frontier's header. */
export function reset(): void {
  space.store64(CHUNKS_START, FREE);
  space.store64(CHUNKS_START + CHUNK_NEXT_OFFSET, 0);
  saveHeader(0, CHUNKS_START);
  map.setFreeChunks(0);
  map.setFrontier(CHUNKS_START);
}

function saveHeader(count: u64, head: Addr): void {
  const header = space.origin;
  image.changed(header);
  store<u64>(header, ALLOCATOR_MAGIC | (ALLOCATOR_VERSION << 24), ALLOCATOR_OFFSET);
  store<u64>(header, map.nodePageSize, ALLOCATION_SIZE_OFFSET);
  store<u64>(header, count, ALLOCATED_CHUNKS_OFFSET);
  store<u64>(header, head, FREE_LIST_HEAD_OFFSET);
  store<u64>(header, 0, ALLOCATOR_RESERVED_OFFSET);
  store<u64>(header, 0, ALLOCATOR_RESERVED_OFFSET + 8);
}

/** OK when there is a chunk at `address` in the state that `header` says. */
function check(address: Addr, header: u64): i32 {
  if (address < <u64>CHUNKS_START || !space.holds(address, CHUNK_HEADER_SIZE)) {
    return damaged(address, EXPECTED_CHUNK);
  }
  const found = space.load64(address) & PADDING;
  if (found == header) return OK;
  if (found != FREE && found != ALLOCATED) return damaged(address, EXPECTED_CHUNK);
  return damaged(address, header == FREE ? EXPECTED_FREE_CHUNK : EXPECTED_ALLOCATED_CHUNK);
}

/**
 * Makes sure that the next `count` allocations succeed, whatever is freed between them. A refusal
 * changes nothing. Complexity: the free chunks it must look at, which are those of many calls.
 */
export function reserve(count: u32): i32 {
  if (count <= map.freeChunks()) return OK;
  if (count == UNKNOWN) return E_GROW_FAILED;
  if (map.frontier() == 0) {
    const status = lookAhead(count);
    if (status != OK || count <= map.freeChunks()) return status;
  }
  const moves = <u64>(count - map.freeChunks());
  const end = map.frontier() + moves * chunkSize() + CHUNK_HEADER_SIZE;
  const status = space.prepare(end);
  return status == OK ? OK : refused(status, space.missingPages(end));
}

/**
 * Walks the free list until `count` chunks, and some more, are known to be free, or to its end. Damage
 * behind the first `count` is left for later.
 */
function lookAhead(count: u32): i32 {
  let address = load<u64>(space.origin, FREE_LIST_HEAD_OFFSET);
  let milestone: Addr = 0;
  let free: u32 = 0;
  while (free < count + LOOK_AHEAD) {
    const status = checkFree(address, milestone, free);
    if (status != OK) return free < count ? status : OK;
    const next = space.load64(address + CHUNK_NEXT_OFFSET);
    if (next == 0) map.setFrontier(address);
    else free += 1;
    map.setFreeChunks(free);
    if (next == 0) break;
    if (popcnt(free) <= 1) milestone = address;
    address = next;
  }
  return OK;
}

/** OK when the chunk at `address` can be on the free list behind `free` others. */
function checkFree(address: Addr, milestone: Addr, free: u32): i32 {
  // A list that comes back to where it was never ends (Brent's algorithm).
  if (address == milestone) return damaged(address, EXPECTED_CHUNK);
  const status = check(address, FREE);
  if (status != OK || space.load64(address + CHUNK_NEXT_OFFSET) != 0) return status;
  // The frontier has every other chunk before it: else moving it on would write into one of them.
  const chunks = allocated() + free;
  return address == CHUNKS_START + chunks * chunkSize() ? OK : damaged(address, EXPECTED_CHUNK);
}

/** Address of the bytes of a chunk that is now allocated, 0 when `reserve` did not promise it. */
export function allocate(): Addr {
  if (rehearsal.running) {
    rehearsal.takeChunk();
    return 0;
  }
  const header = space.origin;
  const address = load<u64>(header, FREE_LIST_HEAD_OFFSET);
  if (check(address, FREE) != OK) return 0;
  let head = space.load64(address + CHUNK_NEXT_OFFSET);
  if (head == 0) {
    head = address + chunkSize();
    if (!moveFrontier(head)) return 0;
  } else if (map.freeChunks() > 0) {
    map.setFreeChunks(map.freeChunks() - 1);
  }
  // COMPAT: an allocated chunk keeps its `next` as it is.
  space.store64(address, ALLOCATED);
  saveHeader(allocated() + 1, head);
  return address + CHUNK_HEADER_SIZE;
}

function moveFrontier(address: Addr): bool {
  if (!space.holds(address, CHUNK_HEADER_SIZE)) {
    if (!space.ensure(address + CHUNK_HEADER_SIZE)) return false;
    map.measureSpace();
  }
  space.store64(address, FREE);
  space.store64(address + CHUNK_NEXT_OFFSET, 0);
  map.setFrontier(address);
  return true;
}

/** True when there is a free chunk at `address`. */
export function isFree(address: Addr): bool {
  return check(address, FREE) == OK;
}

/** True when a chunk is allocated whose bytes start at `body`; else the damage is noted. */
export function isAllocated(body: Addr): bool {
  return check(body - CHUNK_HEADER_SIZE, ALLOCATED) == OK;
}

/** Frees the chunk whose bytes start at `body`; they stay as they are. */
export function deallocate(body: Addr): bool {
  if (rehearsal.running) {
    rehearsal.giveChunk();
    return true;
  }
  const address = body - CHUNK_HEADER_SIZE;
  if (check(address, ALLOCATED) != OK) return false;
  const header = space.origin;
  space.store64(address, FREE);
  space.store64(address + CHUNK_NEXT_OFFSET, load<u64>(header, FREE_LIST_HEAD_OFFSET));
  saveHeader(allocated() - 1, address);
  map.setFreeChunks(map.freeChunks() + 1);
  return true;
}
