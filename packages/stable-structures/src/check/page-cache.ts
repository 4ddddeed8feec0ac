import { ReadOnlyError } from "../errors.js";
import type { Memory } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";

const BLOCK_SIZE = 16_384;
/** Blocks that are kept: 8 MiB. */
const MAX_BLOCKS = 512;

/**
 * A memory read in blocks, the last used of which are kept: the small reads of a check need few calls of
 * the memory below, which may be a file. As the memory was when a block was first read.
 */
export class PageCache implements Memory {
  readonly #memory: Memory;
  readonly #blocks = new Map<number, Uint8Array>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  size(): number {
    return this.#memory.size();
  }

  read(offset: number, target: Uint8Array): void {
    if (target.length >= BLOCK_SIZE) this.#memory.read(offset, target);
    else this.#readBlocks(offset, target);
  }

  grow(): number {
    return -1;
  }

  write(): void {
    throw new ReadOnlyError("a memory that is being checked");
  }

  #readBlocks(offset: number, target: Uint8Array): void {
    for (let done = 0; done < target.length; ) {
      const index = Math.floor((offset + done) / BLOCK_SIZE);
      const start = offset + done - index * BLOCK_SIZE;
      const length = Math.min(target.length - done, BLOCK_SIZE - start);
      target.set(this.#block(index).subarray(start, start + length), done);
      done += length;
    }
  }

  #block(index: number): Uint8Array {
    const known = this.#blocks.get(index);
    if (known !== undefined) this.#blocks.delete(index);
    const block = known ?? this.#readBlock(index);
    this.#blocks.set(index, block); // now the last in the order of the map
    if (this.#blocks.size > MAX_BLOCKS)
      this.#blocks.delete(this.#blocks.keys().next().value as number);
    return block;
  }

  #readBlock(index: number): Uint8Array {
    const start = index * BLOCK_SIZE;
    const bytes = new Uint8Array(Math.min(BLOCK_SIZE, this.#memory.size() * PAGE_SIZE - start));
    this.#memory.read(start, bytes);
    return bytes;
  }
}
