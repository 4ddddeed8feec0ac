import {
  NODE_OVERFLOW_OFFSET,
  OVERFLOW_HEADER_SIZE,
  OVERFLOW_MAGIC,
  OVERFLOW_NEXT_OFFSET,
} from "@stable-structures/core/layout";
import { CorruptedError } from "../../errors.js";
import { getMagic, getU32, getU64 } from "../../io/bytes.js";
import type { StagedMemory } from "../../io/staged-memory.js";

/** Most bytes of a node page that are read ahead; with large bounds a page can be megabytes. */
const READ_AHEAD = 4096;

/** Overflow pages that a node of `length` bytes needs. */
export function overflowPagesFor(length: number, nodePageSize: number): number {
  if (length <= nodePageSize) return 0;
  return Math.ceil((length - nodePageSize) / (nodePageSize - OVERFLOW_HEADER_SIZE));
}

/**
 * The bytes of a node as one stream: its node page, then the data of its overflow pages. The chain is
 * followed only as far as it is read.
 */
export class NodeBytes {
  readonly address: number;
  readonly #memory: StagedMemory;
  readonly #pageSize: number;
  readonly #maxChain: number;
  readonly #head: Uint8Array;
  readonly #overflows: number[] = [];

  /** `maxChain` is the most overflow pages there can be: a longer chain has a cycle. */
  constructor(memory: StagedMemory, address: number, pageSize: number, maxChain: number) {
    this.address = address;
    this.#memory = memory;
    this.#pageSize = pageSize;
    this.#maxChain = maxChain;
    this.#head = memory.read(address, Math.min(pageSize, READ_AHEAD));
  }

  /** The `length` bytes at `offset` of the stream; do not write to them. */
  read(offset: number, length: number): Uint8Array {
    const end = offset + length;
    if (end <= this.#head.length) return this.#head.subarray(offset, end);
    if (end <= this.#pageSize) return this.#memory.read(this.address + offset, length);
    this.reach(end);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { address, room } = this.#locate(offset + done);
      const piece = this.#memory.read(address, Math.min(room, length - done));
      bytes.set(piece, done);
      done += piece.length;
    }
    return bytes;
  }

  /** A little-endian u32 of the stream. */
  u32(offset: number): number {
    const isInHead = offset + 4 <= this.#head.length;
    return isInHead ? getU32(this.#head, offset) : getU32(this.read(offset, 4), 0);
  }

  /** @throws CorruptedError (`STABLE_CORRUPTED`) when the stream ends before `end`. */
  reach(end: number): void {
    const missing = overflowPagesFor(end, this.#pageSize);
    while (this.#overflows.length < missing) {
      if (!this.#followChain()) {
        throw new CorruptedError(
          this.address,
          `a node of at least ${end} bytes, and its overflow pages end before`,
        );
      }
    }
  }

  /** Addresses of all overflow pages of the node, in order. */
  overflows(): number[] {
    while (this.#followChain());
    return [...this.#overflows];
  }

  #followChain(): boolean {
    const last = this.#overflows.at(-1);
    const link =
      last === undefined ? this.address + NODE_OVERFLOW_OFFSET : last + OVERFLOW_NEXT_OFFSET;
    const bytes =
      last === undefined ? this.read(NODE_OVERFLOW_OFFSET, 8) : this.#memory.read(link, 8);
    const next = getU64(bytes, 0);
    if (next === 0) return false;
    if (this.#overflows.length >= this.#maxChain) {
      throw new CorruptedError(
        link,
        "the end of a chain of overflow pages; it is longer than all chunks",
      );
    }
    const magic = getMagic(this.#memory.read(next, OVERFLOW_HEADER_SIZE), 0);
    if (magic !== OVERFLOW_MAGIC) throw new CorruptedError(next, 'an overflow page ("NOF")');
    this.#overflows.push(next);
    return true;
  }

  /** Address of byte `offset` of the stream, and how many bytes follow it in the same page. */
  #locate(offset: number): { address: number; room: number } {
    if (offset < this.#pageSize)
      return { address: this.address + offset, room: this.#pageSize - offset };
    const capacity = this.#pageSize - OVERFLOW_HEADER_SIZE;
    const behind = offset - this.#pageSize;
    const page = this.#overflows[Math.floor(behind / capacity)] as number;
    const start = behind % capacity;
    return { address: page + OVERFLOW_HEADER_SIZE + start, room: capacity - start };
  }
}
