import {
  ALLOCATED_BUCKETS_OFFSET,
  BUCKET_OWNERS_OFFSET,
  BUCKETS_START,
  FREE_BUCKET,
  MANAGER_RESERVED_OFFSET,
  MAX_BUCKETS,
  MEMORY_SIZES_OFFSET,
} from "@stable-structures/core/layout";
import { type StableStructuresError, TooManyBucketsError } from "../../errors.js";
import { growToHold, type Memory, refusalOf } from "../../memory/memory.js";
import { PAGE_SIZE } from "../../units.js";
import type { BucketEngine } from "../bucket-engine.js";
import { ManagerTables } from "../manager-tables.js";

/** A memory manager's work in plain JavaScript, over any memory. */
export class JsBuckets implements BucketEngine {
  readonly kind = "js";
  readonly #memory: Memory;
  readonly #tables: ManagerTables;
  readonly #lists: number[][];
  readonly #bucketBytes: number;
  /** One past the last owner byte that differs between the memory and the tables here. */
  #staleOwnersEnd = 0;

  private constructor(memory: Memory, tables: ManagerTables) {
    this.#memory = memory;
    this.#tables = tables;
    this.#lists = tables.bucketLists();
    this.#bucketBytes = tables.bucketSizeInPages * PAGE_SIZE;
  }

  /** Writes an empty manager over the start of `memory`. @throws GrowFailedError */
  static create(memory: Memory, bucketSizeInPages: number): JsBuckets {
    const tables = ManagerTables.empty(bucketSizeInPages);
    growToHold(memory, tables.bytes.length);
    memory.write(0, tables.bytes);
    return new JsBuckets(memory, tables);
  }

  /** Opens the manager in `memory`; writes nothing. @throws what {@link ManagerTables.load} does. */
  static load(memory: Memory): JsBuckets {
    const buckets = new JsBuckets(memory, ManagerTables.load(memory));
    buckets.#canonicalise();
    return buckets;
  }

  homeOf(): undefined {
    return undefined;
  }

  sizeOf(id: number): number {
    return this.#tables.sizeOf(id);
  }

  tables(): ManagerTables {
    return this.#tables;
  }

  /**
   * Refuse, write, publish: the memory below grows first, and one write makes the new buckets, the
   * count and the size real together.
   */
  grow(id: number, pages: number): number | StableStructuresError {
    const { allocatedBuckets: first, bucketSizeInPages } = this.#tables;
    const previous = this.#tables.sizeOf(id);
    const next = previous + pages;
    const added = Math.ceil(next / bucketSizeInPages) - Math.ceil(previous / bucketSizeInPages);
    if (first + added > MAX_BUCKETS)
      return new TooManyBucketsError(bucketSizeInPages, first, added);
    const missing = 1 + (first + added) * bucketSizeInPages - this.#memory.size();
    if (missing > 0 && this.#memory.grow(missing) < 0) return refusalOf(this.#memory, missing);
    this.#publish({ id, previous, next, first, added });
    return previous;
  }

  read(id: number, offset: number, target: Uint8Array): void {
    this.#forEachPiece(id, offset, target, (address, piece) => this.#memory.read(address, piece));
  }

  write(id: number, offset: number, source: Uint8Array): void {
    this.#forEachPiece(id, offset, source, (address, piece) => this.#memory.write(address, piece));
  }

  /** One write, from the bucket count to the last owner byte that may have changed. */
  #publish(growth: {
    id: number;
    previous: number;
    next: number;
    first: number;
    added: number;
  }): void {
    const { id, next, first, added } = growth;
    const tables = this.#tables;
    tables.owners.fill(id, first, first + added);
    tables.allocatedBuckets = first + added;
    tables.setSize(id, next);
    const end = BUCKET_OWNERS_OFFSET + Math.max(first + added, this.#staleOwnersEnd);
    try {
      this.#memory.write(
        ALLOCATED_BUCKETS_OFFSET,
        tables.bytes.subarray(ALLOCATED_BUCKETS_OFFSET, end),
      );
    } catch (error) {
      // The write may have got that far, and Rust reads owners past the count as well.
      this.#staleOwnersEnd = Math.max(this.#staleOwnersEnd, first + added);
      tables.owners.fill(FREE_BUCKET, first, first + added);
      tables.allocatedBuckets = first;
      tables.setSize(id, growth.previous);
      throw error;
    }
    this.#staleOwnersEnd = 0;
    for (let bucket = first; bucket < first + added; bucket++) this.#lists[id]?.push(bucket);
  }

  /**
   * COMPAT: Rust zeroes the reserved bytes at every growth. Owner bytes past the count are what a
   * growth leaves that was cut off within its write. They are ignored here, and the next publication
   * clears them: Rust takes them for owners, and would use such a bucket twice.
   */
  #canonicalise(): void {
    const { bytes, owners, allocatedBuckets } = this.#tables;
    bytes.fill(0, MANAGER_RESERVED_OFFSET, MEMORY_SIZES_OFFSET);
    this.#staleOwnersEnd = MAX_BUCKETS;
    while (
      this.#staleOwnersEnd > allocatedBuckets &&
      owners[this.#staleOwnersEnd - 1] === FREE_BUCKET
    ) {
      this.#staleOwnersEnd -= 1;
    }
    owners.fill(FREE_BUCKET, allocatedBuckets);
  }

  #forEachPiece(
    id: number,
    offset: number,
    bytes: Uint8Array,
    visit: (address: number, piece: Uint8Array) => void,
  ): void {
    const bucketBytes = this.#bucketBytes;
    const list = this.#lists[id] as number[];
    let index = Math.floor(offset / bucketBytes);
    let start = offset - index * bucketBytes;
    for (let done = 0; done < bytes.length; index++, start = 0) {
      const length = Math.min(bytes.length - done, bucketBytes - start);
      const address = BUCKETS_START + (list[index] as number) * bucketBytes + start;
      visit(address, length === bytes.length ? bytes : bytes.subarray(done, done + length));
      done += length;
    }
  }
}
