import { PAGE_SIZE } from "../units.js";
import { checkPages, checkRange, type Memory, type MemoryOptions, writeImage } from "./memory.js";

/** Capacity beyond which the buffer grows by half instead of doubling: 256 MiB. */
const DOUBLING_LIMIT = 4096;

/** A memory in a growable buffer of JavaScript. Works everywhere; the bytes die with the object. */
export class VectorMemory implements Memory {
  #pages = 0;
  #bytes = new Uint8Array(0);
  readonly #maximumPages: number;

  constructor({ maximumPages = Number.MAX_SAFE_INTEGER }: MemoryOptions = {}) {
    checkPages("maximumPages", maximumPages);
    this.#maximumPages = maximumPages;
  }

  /** A memory that starts with a copy of `image`, filled up to a whole page with zeroes. */
  static from(image: Uint8Array, options?: MemoryOptions): VectorMemory {
    const memory = new VectorMemory(options);
    writeImage(memory, image);
    return memory;
  }

  size(): number {
    return this.#pages;
  }

  grow(pages: number): number {
    checkPages("pages", pages);
    const previous = this.#pages;
    const next = previous + pages;
    if (next > this.#maximumPages || !this.#reserve(next)) return -1;
    this.#pages = next;
    return previous;
  }

  read(offset: number, target: Uint8Array): void {
    checkRange(offset, target.length, this.#pages * PAGE_SIZE);
    target.set(this.#bytes.subarray(offset, offset + target.length));
  }

  write(offset: number, source: Uint8Array): void {
    checkRange(offset, source.length, this.#pages * PAGE_SIZE);
    this.#bytes.set(source, offset);
  }

  #reserve(pages: number): boolean {
    const capacity = this.#bytes.length / PAGE_SIZE;
    if (pages <= capacity) return true;
    const step = capacity < DOUBLING_LIMIT ? capacity : Math.ceil(capacity / 2);
    return (
      this.#move(Math.min(Math.max(pages, capacity + step), this.#maximumPages)) ||
      this.#move(pages)
    );
  }

  #move(capacity: number): boolean {
    try {
      const bytes = new Uint8Array(capacity * PAGE_SIZE);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      return true;
    } catch {
      return false; // the host has no buffer of this size
    }
  }
}
