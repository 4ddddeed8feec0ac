/**
 * The image: the stable memory that everything above works on.
 *
 * In this build it is the engine's own linear memory from `IMAGE_BASE` on, so a pin is pointer
 * arithmetic that the compiler inlines away. The rest of the engine reaches the image through these
 * functions alone: a build whose image lies elsewhere replaces this file and nothing else.
 *
 * The image's size is apart from the memory's capacity. Capacity grows in large steps, because each
 * `memory.grow` may cost the host a garbage collection; the image grows page by page, as Rust's does.
 *
 * INVARIANT: bytes of capacity beyond the image's size are zero, because grown pages must be.
 */
import { IMAGE_BASE, IMAGE_BASE_IN_PAGES, MAX_IMAGE_PAGES, MAX_LINEAR_PAGES } from "../layout/regions";
import { E_GROW_FAILED } from "../layout/status";
import { Addr, Ptr } from "./types";

/** Least step of the capacity, in pages: 8 MiB. */
const CAPACITY_STEP: u32 = 128;

let sizeInPages: u32 = 0;
let limitInPages: u32 = MAX_IMAGE_PAGES;

/** Size of the image in pages. */
// @ts-ignore: decorator
@inline
export function size(): u32 {
  return sizeInPages;
}

/** The most pages the image may grow to; a limit above what linear memory can hold is lowered. */
export function setLimit(pages: u32): void {
  limitInPages = min<u32>(pages, MAX_IMAGE_PAGES);
}

/** Grows the image by `pages` zero pages. Returns the previous size, or E_GROW_FAILED. */
export function grow(pages: u32): i32 {
  const previous = sizeInPages;
  const next = <u64>previous + pages;
  if (next > limitInPages || !reserve(<u32>next)) return E_GROW_FAILED;
  sizeInPages = <u32>next;
  return previous;
}

/** Makes capacity for an image of `pages` pages, without growing the image. */
function reserve(pages: u32): bool {
  const capacity = <u32>memory.size() - IMAGE_BASE_IN_PAGES;
  if (pages <= capacity) return true;
  const missing = pages - capacity;
  const room = MAX_LINEAR_PAGES - <u32>memory.size();
  const step = min(max(missing, max(CAPACITY_STEP, capacity >> 1)), room);
  return memory.grow(step) != -1 || memory.grow(missing) != -1;
}

/**
 * Pointer to the bytes from `addr` on. It ends with the next growth of the image.
 *
 * SAFETY: the caller has checked that the range it will touch lies within `size()`.
 */
// @ts-ignore: decorator
@inline
export function pin(addr: Addr): Ptr {
  return <usize>IMAGE_BASE + <usize>addr;
}

/** Copies `length` bytes from the image to `target`. */
// @ts-ignore: decorator
@inline
export function read(addr: Addr, target: Ptr, length: u32): void {
  memory.copy(target, pin(addr), length);
}

/** Copies `length` bytes from `source` into the image. */
// @ts-ignore: decorator
@inline
export function write(addr: Addr, source: Ptr, length: u32): void {
  memory.copy(pin(addr), source, length);
}
