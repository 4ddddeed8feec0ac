import { PAGE_SIZE } from "../units.js";
import { type MemoryWindow, windowOf } from "./claims.js";
import { checkPages, checkRange, type Memory } from "./memory.js";

/**
 * A window of pages `start` (inclusive) to `end` (exclusive) on another memory, as the crate's
 * `RestrictedMemory`. Internet Identity keeps a header in page 0 and its manager in a window behind.
 */
export class RestrictedMemory implements Memory {
  readonly #memory: Memory;
  readonly #start: number;
  readonly #end: number;

  /** @throws RangeError unless `0 <= startPage <= endPage`. */
  constructor(memory: Memory, startPage: number, endPage: number) {
    checkPages("startPage", startPage, endPage);
    checkPages("endPage", endPage);
    this.#memory = memory;
    this.#start = startPage;
    this.#end = endPage;
  }

  /** Which pages of which memory these are. */
  get [windowOf](): MemoryWindow {
    return { memory: this.#memory, start: this.#start, end: this.#end };
  }

  size(): number {
    return Math.min(Math.max(this.#memory.size() - this.#start, 0), this.#end - this.#start);
  }

  /** Grows the memory below; a first growth also adds the pages before the window. */
  grow(pages: number): number {
    checkPages("pages", pages);
    const below = this.#memory.size();
    if (below >= this.#end) return pages === 0 ? this.#end - this.#start : -1;
    const from = Math.max(below, this.#start);
    if (from + pages > this.#end) return -1;
    return this.#memory.grow(from + pages - below) === -1 ? -1 : from - this.#start;
  }

  read(offset: number, target: Uint8Array): void {
    checkRange(offset, target.length, this.size() * PAGE_SIZE);
    this.#memory.read(this.#start * PAGE_SIZE + offset, target);
  }

  write(offset: number, source: Uint8Array): void {
    checkRange(offset, source.length, this.size() * PAGE_SIZE);
    this.#memory.write(this.#start * PAGE_SIZE + offset, source);
  }
}
