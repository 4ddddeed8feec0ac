import { describe, expect, it } from "vitest";
import * as layout from "../layout/index.js";

// The layout is what other programs' data depends on: every number stands here once more.
const PINNED = {
  PAGE_SIZE: 65536,
  PAGE_SHIFT: 16,

  MANAGER_MAGIC: magic("MGR"),
  MANAGER_VERSION: 1,
  MANAGER_VERSION_OFFSET: 3,
  ALLOCATED_BUCKETS_OFFSET: 4,
  BUCKET_SIZE_OFFSET: 6,
  MANAGER_RESERVED_OFFSET: 8,
  MEMORY_SIZES_OFFSET: 40,
  BUCKET_OWNERS_OFFSET: 2080,
  MANAGER_TABLES_END: 34848,
  BUCKETS_START: 65536,
  MAX_MEMORIES: 255,
  MAX_BUCKETS: 32768,
  FREE_BUCKET: 255,

  MAP_MAGIC: magic("BTR"),
  MAP_VERSION_1: 1,
  MAP_VERSION_2: 2,
  MAP_VERSION_OFFSET: 3,
  NODE_PAGE_SIZE_OFFSET: 4,
  MAX_KEY_SIZE_OFFSET: 4,
  MAX_VALUE_SIZE_OFFSET: 8,
  NODE_PAGE_SIZE_MARKER: 0xffffffff,
  ROOT_OFFSET: 12,
  LENGTH_OFFSET: 20,
  MAP_HEADER_SIZE: 28,
  DEFAULT_NODE_PAGE_SIZE: 1024,
  MIN_NODE_PAGE_SIZE: 128,

  ALLOCATOR_MAGIC: magic("BTA"),
  ALLOCATOR_VERSION: 1,
  ALLOCATOR_OFFSET: 52,
  ALLOCATOR_VERSION_OFFSET: 55,
  ALLOCATION_SIZE_OFFSET: 60,
  ALLOCATED_CHUNKS_OFFSET: 68,
  FREE_LIST_HEAD_OFFSET: 76,
  ALLOCATOR_RESERVED_OFFSET: 84,
  ALLOCATOR_HEADER_SIZE: 48,

  CHUNK_MAGIC: magic("CHK"),
  CHUNK_VERSION: 1,
  CHUNKS_START: 100,
  CHUNK_VERSION_OFFSET: 3,
  CHUNK_ALLOCATED_OFFSET: 4,
  CHUNK_NEXT_OFFSET: 8,
  CHUNK_HEADER_SIZE: 16,

  NODE_MAGIC: magic("BTN"),
  NODE_VERSION_1: 1,
  NODE_VERSION_2: 2,
  NODE_VERSION_OFFSET: 3,
  NODE_TYPE_OFFSET: 4,
  NODE_COUNT_OFFSET: 5,
  NODE_HEADER_SIZE: 7,
  NODE_OVERFLOW_OFFSET: 7,
  NODE_CONTENT_OFFSET: 15,
  NODE_LEAF: 0,
  NODE_INTERNAL: 1,
  NODE_CAPACITY: 11,
  NODE_MINIMUM: 6,
  OVERFLOW_MAGIC: magic("NOF"),
  OVERFLOW_NEXT_OFFSET: 3,
  OVERFLOW_HEADER_SIZE: 11,

  ABI_VERSION: 1,
  TABLES: 4096,
  LIST_LENGTHS: 38944,
  LIST_DIRECTORY: 40960,
  LIST_DIRECTORY_SHIFT: 9,
  LIST_BLOCKS: 172032,
  LIST_BLOCK_SHIFT: 7,
  SCRATCH: 327680,
  SCRATCH_SIZE: 1048576,
  IMAGE_BASE: 1376256,
  IMAGE_BASE_IN_PAGES: 21,
  MAX_LINEAR_PAGES: 65535,
  MAX_IMAGE_PAGES: 65514,

  OK: 0,
  E_GROW_FAILED: -1,
  E_BAD_MAGIC: -2,
  E_UNSUPPORTED_VERSION: -3,
  E_CORRUPTED: -4,
  E_OUT_OF_BOUNDS: -5,
  E_TOO_MANY_BUCKETS: -6,
};

function magic(text: string): number {
  return Buffer.from(text).readUIntLE(0, 3);
}

describe("the layout", () => {
  it("has exactly the pinned numbers", () => {
    expect({ ...layout }).toEqual(PINNED);
  });

  it("leaves no overlap between the engine's regions", () => {
    expect(layout.TABLES + layout.MANAGER_TABLES_END).toBeLessThanOrEqual(layout.LIST_LENGTHS);
    expect(layout.LIST_LENGTHS + layout.MAX_MEMORIES * 4).toBeLessThanOrEqual(layout.LIST_DIRECTORY);
    const directory = layout.MAX_MEMORIES << layout.LIST_DIRECTORY_SHIFT;
    expect(layout.LIST_DIRECTORY + directory).toBeLessThanOrEqual(layout.LIST_BLOCKS);
    const blocks = (layout.MAX_BUCKETS >> layout.LIST_BLOCK_SHIFT) + layout.MAX_MEMORIES;
    const blockBytes = 2 << layout.LIST_BLOCK_SHIFT;
    expect(layout.LIST_BLOCKS + blocks * blockBytes).toBeLessThanOrEqual(layout.SCRATCH);
    expect(layout.SCRATCH + layout.SCRATCH_SIZE).toBe(layout.IMAGE_BASE);
  });
});
