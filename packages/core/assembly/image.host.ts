/**
 * The image in the stable memory of a canister, which is reached through calls alone: what image.ts is
 * for an image in linear memory. The rest of the engine does not know which of the two it works on.
 *
 * A pin copies a granule of the image into a frame; `settle` copies the frames that were changed back.
 * So an operation that fails can be dropped whole. Frames lie where the other build has the image.
 *
 *   offset   size  frame
 *        0      4  next frame of the same hash, 0 = none
 *        4      4  1 = changed
 *        8      8  number of the granule
 *       16   4096  its bytes
 */
import { PAGE_SHIFT } from "../layout/page";
import { IMAGE_BASE } from "../layout/regions";
import { E_GROW_FAILED } from "../layout/status";
import { Addr, Ptr } from "./types";
import { FRAME_HEADS, FRAME_HEADS_SIZE } from "./work";

// @ts-ignore: decorator
@external("ic0", "stable64_size")
declare function stable64_size(): u64;
// @ts-ignore: decorator
@external("ic0", "stable64_grow")
declare function stable64_grow(pages: u64): i64;
// @ts-ignore: decorator
@external("ic0", "stable64_read")
declare function stable64_read(target: u64, offset: u64, size: u64): void;
// @ts-ignore: decorator
@external("ic0", "stable64_write")
declare function stable64_write(offset: u64, source: u64, size: u64): void;

/** True when a pin is good for ever, and not only until `settle`. */
export const PINS_LAST: bool = false;

const GRANULE_SHIFT: u32 = 12;
const GRANULE_SIZE: u32 = 1 << GRANULE_SHIFT;

const FRAME_NEXT: usize = 0;
const FRAME_CHANGED: usize = 4;
const FRAME_GRANULE: usize = 8;
const FRAME_BYTES: u32 = 16;
const FRAME_SIZE: u32 = 16 + GRANULE_SIZE;

const HASHES: u32 = FRAME_HEADS_SIZE >> 2;
const FRAMES: Ptr = IMAGE_BASE;

/** One past the last frame in use. */
let framesEnd: Ptr = FRAMES;
let limitInPages: u32 = u32.MAX_VALUE;

/** Size of the image in pages. */
export function size(): u32 {
  return <u32>stable64_size();
}

/** The most pages the image may grow to. */
export function setLimit(pages: u32): void {
  limitInPages = pages;
}

/** Grows the image by `pages` zero pages. Returns the previous size, or E_GROW_FAILED. */
export function grow(pages: u32): i32 {
  if (<u64>size() + pages > limitInPages) return E_GROW_FAILED;
  return <i32>stable64_grow(pages);
}

/** Whether the image may grow to `pages` pages. The host can still refuse: then drop the operation. */
export function reserve(pages: u64): bool {
  return pages <= limitInPages;
}

/** A pointer to `length` bytes until `settle`, 0 when linear memory has no room for them. */
export function transfer(length: u32): Ptr {
  return take((<u64>length + FRAME_SIZE - 1) / FRAME_SIZE);
}

/** Takes room for `frames` frames; 0 when there is none. */
function take(frames: u64): Ptr {
  const start = framesEnd;
  const end = start + frames * FRAME_SIZE;
  const pages = (end + ((1 << PAGE_SHIFT) - 1)) >> PAGE_SHIFT;
  const missing = <i64>pages - <i64>memory.size();
  if (missing > 0 && (pages > 65535 || memory.grow(<i32>missing) < 0)) return 0;
  framesEnd = <Ptr>end;
  return start;
}

/** Where bytes at `pointer` are after a `reserve`: where they were. */
export function moved(pointer: Ptr): Ptr {
  return pointer;
}

/** Ends an operation: writes back what it changed. */
export function settle(): void {
  for (let hash: u32 = 0; hash < HASHES; hash++) {
    for (let frame = load<u32>(FRAME_HEADS + (hash << 2)); frame != 0; frame = load<u32>(frame, FRAME_NEXT)) {
      if (load<u32>(frame, FRAME_CHANGED) == 0) continue;
      stable64_write(load<u64>(frame, FRAME_GRANULE) << GRANULE_SHIFT, frame + FRAME_BYTES, GRANULE_SIZE);
    }
  }
  drop();
}

/** Ends an operation as if it had never been begun. */
export function drop(): void {
  memory.fill(FRAME_HEADS, 0, FRAME_HEADS_SIZE);
  framesEnd = FRAMES;
}

/** Pointer to the byte at `addr`, which lies within `size()`; `contiguous` says how many follow it. */
export function pin(addr: Addr): Ptr {
  const granule = addr >> GRANULE_SHIFT;
  const head = FRAME_HEADS + ((<u32>granule & (HASHES - 1)) << 2);
  let frame: Ptr = load<u32>(head);
  while (frame != 0 && load<u64>(frame, FRAME_GRANULE) != granule) frame = load<u32>(frame, FRAME_NEXT);
  if (frame == 0) {
    frame = take(1);
    if (frame == 0) unreachable();
    store<u32>(frame, load<u32>(head), FRAME_NEXT);
    store<u32>(frame, 0, FRAME_CHANGED);
    store<u64>(frame, granule, FRAME_GRANULE);
    store<u32>(head, frame);
    stable64_read(frame + FRAME_BYTES, granule << GRANULE_SHIFT, GRANULE_SIZE);
  }
  return frame + FRAME_BYTES + (<u32>addr & (GRANULE_SIZE - 1));
}

/** Bytes from `addr` on that one pin reaches. */
export function contiguous(addr: Addr): u64 {
  return GRANULE_SIZE - (addr & (GRANULE_SIZE - 1));
}

/** Says that pinned bytes at `pointer` are changed. */
export function changed(pointer: Ptr): void {
  const frame = pointer - ((pointer - FRAMES) % FRAME_SIZE);
  store<u32>(frame, 1, FRAME_CHANGED);
}

/** Copies `length` bytes from the image to `target`, past the frames. */
export function read(addr: Addr, target: Ptr, length: u32): void {
  stable64_read(target, addr, length);
}

/** Copies `length` bytes from `source` into the image, past the frames. */
export function write(addr: Addr, source: Ptr, length: u32): void {
  stable64_write(addr, source, length);
}
