import {
  ALLOCATED_BUCKETS_OFFSET,
  BUCKET_OWNERS_OFFSET,
  BUCKET_SIZE_OFFSET,
  FREE_BUCKET,
  MANAGER_MAGIC,
  MANAGER_TABLES_END,
  MANAGER_VERSION,
  MANAGER_VERSION_OFFSET,
  MAX_BUCKETS,
  MAX_MEMORIES,
  MEMORY_SIZES_OFFSET,
} from "@stable-structures/core/layout";
import { BadMagicError, CorruptedError, UnsupportedVersionError } from "../errors.js";
import { getMagic, getU16, getU64, setMagic, setU16, setU64 } from "../io/bytes.js";
import { type Memory, readBytes } from "../memory/memory.js";

/**
 * Bytes 0..34848 of a manager's page 0: header, sizes and bucket owners, layout in
 * `layout/manager.ts`. A view: it changes when the bytes do.
 */
export class ManagerTables {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The tables of a manager without memories. */
  static empty(bucketSizeInPages: number): ManagerTables {
    const tables = new ManagerTables(new Uint8Array(MANAGER_TABLES_END));
    setMagic(tables.bytes, 0, MANAGER_MAGIC, MANAGER_VERSION);
    setU16(tables.bytes, BUCKET_SIZE_OFFSET, bucketSizeInPages);
    tables.bytes.fill(FREE_BUCKET, BUCKET_OWNERS_OFFSET);
    return tables;
  }

  /**
   * Reads and checks the tables of the manager in `memory`.
   *
   * Lenient where Rust is: free buckets below the count and owners past it are no damage.
   * @throws BadMagicError (`STABLE_BAD_MAGIC`)
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`)
   * @throws CorruptedError (`STABLE_CORRUPTED`) when the fields contradict each other or the memory's size.
   */
  static load(memory: Memory): ManagerTables {
    if (memory.size() === 0) throw new BadMagicError("MGR", new Uint8Array(0));
    const tables = new ManagerTables(readBytes(memory, 0, MANAGER_TABLES_END));
    if (getMagic(tables.bytes, 0) !== MANAGER_MAGIC)
      throw new BadMagicError("MGR", tables.bytes.slice(0, 3));
    tables.checkVersion();
    tables.#checkCounts(memory.size());
    tables.#checkSizes();
    return tables;
  }

  /** @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`) */
  checkVersion(): void {
    const version = this.bytes[MANAGER_VERSION_OFFSET] as number;
    if (version !== MANAGER_VERSION)
      throw new UnsupportedVersionError("the memory manager", version, [MANAGER_VERSION]);
  }

  get bucketSizeInPages(): number {
    return getU16(this.bytes, BUCKET_SIZE_OFFSET);
  }

  get allocatedBuckets(): number {
    return getU16(this.bytes, ALLOCATED_BUCKETS_OFFSET);
  }

  set allocatedBuckets(count: number) {
    setU16(this.bytes, ALLOCATED_BUCKETS_OFFSET, count);
  }

  /** Size of memory `id` in pages. */
  sizeOf(id: number): number {
    return getU64(this.bytes, MEMORY_SIZES_OFFSET + id * 8);
  }

  setSize(id: number, pages: number): void {
    setU64(this.bytes, MEMORY_SIZES_OFFSET + id * 8, pages);
  }

  /** Owners of all 32,768 buckets; 255 = nobody. */
  get owners(): Uint8Array {
    return this.bytes.subarray(BUCKET_OWNERS_OFFSET);
  }

  /**
   * The buckets of each memory, ascending: the order in which they make up its bytes. Owners past the
   * count mean nothing.
   */
  bucketLists(): number[][] {
    const lists: number[][] = Array.from({ length: MAX_MEMORIES }, () => []);
    const { owners, allocatedBuckets } = this;
    for (let bucket = 0; bucket < allocatedBuckets; bucket++)
      lists[owners[bucket] as number]?.push(bucket);
    return lists;
  }

  #checkCounts(sizeInPages: number): void {
    const { bucketSizeInPages, allocatedBuckets } = this;
    if (bucketSizeInPages === 0)
      throw new CorruptedError(BUCKET_SIZE_OFFSET, "a bucket size of at least 1 page");
    if (allocatedBuckets > MAX_BUCKETS) {
      throw new CorruptedError(ALLOCATED_BUCKETS_OFFSET, `at most ${MAX_BUCKETS} buckets`);
    }
    const needed = 1 + allocatedBuckets * bucketSizeInPages;
    if (sizeInPages < needed) {
      throw new CorruptedError(
        ALLOCATED_BUCKETS_OFFSET,
        `a memory of ${needed} pages for ${allocatedBuckets} buckets, and it has ${sizeInPages}: is the image truncated?`,
      );
    }
  }

  #checkSizes(): void {
    const lists = this.bucketLists();
    lists.forEach((buckets, id) => {
      const owned = buckets.length * this.bucketSizeInPages;
      if (!(this.sizeOf(id) <= owned)) {
        throw new CorruptedError(
          MEMORY_SIZES_OFFSET + id * 8,
          `at most the ${owned} pages that memory ${id} owns`,
        );
      }
    });
  }
}
