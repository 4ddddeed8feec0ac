import type { Memory } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";

/** Bytes read at a time. */
const WINDOW = 65536;

/** Reads single bytes and integers of a memory through a window, so that a walk costs no copy of it. */
export class ByteSource {
  readonly #memory: Memory | undefined;
  /** Bytes of the memory. */
  readonly length: number;
  #start = 0;
  #window: Uint8Array = new Uint8Array(0);

  /** Of a memory, or of bytes that are there already. */
  constructor(source: Memory | Uint8Array) {
    if (source instanceof Uint8Array) {
      this.#window = source;
      this.length = source.length;
    } else {
      this.#memory = source;
      this.length = source.size() * PAGE_SIZE;
    }
  }

  /** The byte at `offset`, which must be below `length`. */
  byte(offset: number): number {
    if (offset < this.#start || offset >= this.#start + this.#window.length) this.#load(offset);
    return this.#window[offset - this.#start] as number;
  }

  /** The big-endian unsigned integer of `size` bytes at `offset`; above 2^53 it is rounded. */
  uint(offset: number, size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.byte(offset + i);
    return value;
  }

  /** True when every byte from `from` up to `to` is zero. */
  isZero(from: number, to: number): boolean {
    for (let offset = from; offset < to; offset++) if (this.byte(offset) !== 0) return false;
    return true;
  }

  #load(offset: number): void {
    this.#start = offset - (offset % WINDOW);
    this.#window = new Uint8Array(Math.min(WINDOW, this.length - this.#start));
    this.#memory?.read(this.#start, this.#window);
  }
}
