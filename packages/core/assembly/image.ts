/**
 * The image: the stable memory that everything above works on.
 *
 * In this build it is the engine's own linear memory from `IMAGE_BASE` on, so a pin is pointer
 * arithmetic that the compiler inlines away. The rest of the engine reaches the image through these
 * functions alone: a build whose image lies elsewhere takes image.host.ts instead and changes
 * nothing else.
 *
 * The image's size is apart from the memory's capacity. Capacity grows in large steps, because each
 * `memory.grow` may cost the host a garbage collection; the image grows page by page, as Rust's does.
 *
 * What is too large for the engine's own regions is passed through a transfer area above the image.
 *
 * INVARIANT: bytes of capacity beyond the image's size are zero, because grown pages must be; but for
 * those from `dirtyStart` to `dirtyEnd`, which are zeroed when the image grows over them.
 */
import { PAGE_SHIFT } from "../layout/page";
import { IMAGE_BASE, IMAGE_BASE_IN_PAGES, MAX_IMAGE_PAGES, MAX_LINEAR_PAGES } from "../layout/regions";
import { E_GROW_FAILED } from "../layout/status";
import { Addr, Ptr } from "./types";

/** True when a pin is good for ever, and not only until `settle`. */
export const PINS_LAST: bool = true;

/** Least step of the capacity, in pages: 8 MiB. */
const CAPACITY_STEP: u32 = 128;

let sizeInPages: u32 = 0;
let limitInPages: u32 = MAX_IMAGE_PAGES;

/** Size that the operation may grow the image to without asking again. */
let reservedPages: u32 = 0;

let transferStart: Ptr = 0;
let transferEnd: Ptr = 0;
let transferShift: Ptr = 0;

let dirtyStart: Ptr = 0;
let dirtyEnd: Ptr = 0;

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
  if (!reserve(next)) return E_GROW_FAILED;
  sizeInPages = <u32>next;
  if (dirtyStart < dirtyEnd) clean();
  return previous;
}

/**
 * Makes capacity for an image of `pages` pages, without growing the image: until `settle`, growing to
 * there cannot fail. May move the transfer area, see `moved`.
 */
export function reserve(pages: u64): bool {
  if (pages > limitInPages) return false;
  if (pages <= reservedPages) return true;
  const end = <Ptr>(IMAGE_BASE + (pages << PAGE_SHIFT));
  const length = transferEnd - transferStart;
  if (length == 0 || end <= transferStart) {
    if (!reach(end)) return false;
  } else {
    if (!reach(<u64>end + length)) return false;
    memory.copy(end, transferStart, length);
    transferShift += end - transferStart;
    transferStart = end;
    transferEnd = end + length;
    dirtyEnd = max(dirtyEnd, transferEnd);
  }
  reservedPages = <u32>pages;
  return true;
}

/** Makes linear memory reach up to the pointer `end`. */
function reach(end: u64): bool {
  const pages = (end + ((1 << PAGE_SHIFT) - 1)) >> PAGE_SHIFT;
  const capacity = <u32>memory.size();
  if (pages <= capacity) return true;
  if (pages > <u64>MAX_LINEAR_PAGES) return false;
  const missing = <u32>pages - capacity;
  const wanted = max(missing, max(CAPACITY_STEP, (capacity - IMAGE_BASE_IN_PAGES) >> 1));
  const step = min(wanted, MAX_LINEAR_PAGES - capacity);
  return memory.grow(step) != -1 || memory.grow(missing) != -1;
}

/** Zeroes what was transferred through bytes that now belong to the image. */
function clean(): void {
  const end = imageEnd();
  if (end <= dirtyStart) return;
  memory.fill(dirtyStart, 0, min(end, dirtyEnd) - dirtyStart);
  dirtyStart = end;
}

// @ts-ignore: decorator
@inline
function imageEnd(): Ptr {
  return IMAGE_BASE + (sizeInPages << PAGE_SHIFT);
}

/**
 * A pointer to `length` bytes above the image, for what is too large for the engine's regions; 0 when
 * linear memory has no room for them. Several stand side by side, until `settle`.
 */
export function transfer(length: u32): Ptr {
  const start =
    transferEnd != 0 ? transferEnd : max(imageEnd(), IMAGE_BASE + (reservedPages << PAGE_SHIFT));
  if (!reach(<u64>start + length)) return 0;
  if (transferEnd == 0) transferStart = start;
  transferEnd = start + length;
  dirtyStart = dirtyStart < dirtyEnd ? min(dirtyStart, transferStart) : transferStart;
  dirtyEnd = max(dirtyEnd, transferEnd);
  return start;
}

/** Where bytes at `pointer` are, which may lie in the transfer area, after a `reserve`. */
// @ts-ignore: decorator
@inline
export function moved(pointer: Ptr): Ptr {
  return pointer < <Ptr>IMAGE_BASE ? pointer : pointer + transferShift;
}

/** Ends an operation: its reserve and its transfers. */
export function settle(): void {
  reservedPages = 0;
  transferStart = 0;
  transferEnd = 0;
  transferShift = 0;
}

/** Ends an operation that failed. What it wrote stays: it refuses before it writes. */
// @ts-ignore: decorator
@inline
export function drop(): void {
  settle();
}

/**
 * Pointer to the byte at `addr`; `contiguous` says how many bytes follow it.
 *
 * SAFETY: the caller has checked that the range it will touch lies within `size()`.
 */
// @ts-ignore: decorator
@inline
export function pin(addr: Addr): Ptr {
  return <usize>IMAGE_BASE + <usize>addr;
}

/** Bytes from `addr` on that one pin reaches. */
// @ts-ignore: decorator
@inline
export function contiguous(addr: Addr): u64 {
  return (<u64>sizeInPages << PAGE_SHIFT) - addr;
}

/** Says that pinned bytes at `pointer` are changed. Here they are the image itself. */
// @ts-ignore: decorator
@inline
export function changed(pointer: Ptr): void {}

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
