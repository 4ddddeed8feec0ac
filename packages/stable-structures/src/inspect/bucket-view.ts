import { BUCKETS_START } from "@stable-structures/core/layout";
import { ReadOnlyError } from "../errors.js";
import { checkRange, type Memory } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";

/**
 * One memory of a manager, read-only and apart from any manager that is open: it claims nothing and
 * believes nothing. It ends before the first page that is missing in the memory below.
 */
export class BucketView implements Memory {
  readonly #below: Memory;
  readonly #buckets: readonly number[];
  readonly #bucketBytes: number;
  readonly #pages: number;

  constructor(
    below: Memory,
    buckets: readonly number[],
    bucketSizeInPages: number,
    sizeInPages: number,
  ) {
    this.#below = below;
    this.#buckets = buckets;
    this.#bucketBytes = bucketSizeInPages * PAGE_SIZE;
    this.#pages = Math.min(sizeInPages, presentPages(below, buckets, bucketSizeInPages));
  }

  size(): number {
    return this.#pages;
  }

  grow(): number {
    return -1;
  }

  read(offset: number, target: Uint8Array): void {
    checkRange(offset, target.length, this.#pages * PAGE_SIZE);
    let index = Math.floor(offset / this.#bucketBytes);
    let start = offset - index * this.#bucketBytes;
    for (let done = 0; done < target.length; index++, start = 0) {
      const length = Math.min(target.length - done, this.#bucketBytes - start);
      const bucket = this.#buckets[index] as number;
      const address = BUCKETS_START + bucket * this.#bucketBytes + start;
      this.#below.read(address, target.subarray(done, done + length));
      done += length;
    }
  }

  write(): void {
    throw new ReadOnlyError("a memory of an inspected image");
  }
}

/** Pages of the buckets before the first one that lies past the end of `below`. */
function presentPages(below: Memory, buckets: readonly number[], bucketSizeInPages: number) {
  const end = below.size();
  let pages = 0;
  for (const bucket of buckets) {
    const left = end - BUCKETS_START / PAGE_SIZE - bucket * bucketSizeInPages;
    pages += Math.min(Math.max(left, 0), bucketSizeInPages);
    if (left < bucketSizeInPages) break;
  }
  return pages;
}
