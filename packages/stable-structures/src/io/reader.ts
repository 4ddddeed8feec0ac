import type { Memory } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";
import type { ByteReader } from "./streams.js";

/**
 * Reads a memory from an offset on, to the end of its last page; the crate's `Reader`. A payload has
 * no length of its own: behind it come the zeroes of its last page.
 */
export class Reader implements ByteReader {
  readonly #memory: Memory;
  #offset: number;

  constructor(memory: Memory, offset = 0) {
    this.#memory = memory;
    this.#offset = offset;
  }

  /** Where the next read starts, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  read(target: Uint8Array): number {
    const available = Math.max(0, this.#memory.size() * PAGE_SIZE - this.#offset);
    const length = Math.min(target.length, available);
    if (length > 0) this.#memory.read(this.#offset, target.subarray(0, length));
    this.#offset += length;
    return length;
  }
}
