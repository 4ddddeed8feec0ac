import { ReadOnlyError } from "../errors.js";
import { checkRange, type Memory } from "../memory/memory.js";
import { PAGE_SIZE, pagesFor } from "../units.js";

/** A read-only memory of bytes that somebody has: no copy is made, and the last page ends in zeroes. */
export class ByteMemory implements Memory {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  size(): number {
    return pagesFor(this.#bytes.length);
  }

  grow(): number {
    return -1;
  }

  read(offset: number, target: Uint8Array): void {
    checkRange(offset, target.length, this.size() * PAGE_SIZE);
    const present = this.#bytes.subarray(offset, offset + target.length);
    target.set(present);
    target.fill(0, present.length);
  }

  write(): void {
    throw new ReadOnlyError("an image that is being checked");
  }
}
