/**
 * Header of a B-tree map ("BTR") and of the chunk allocator behind it ("BTA").
 *
 * Integers are little-endian. Fields are packed: nothing is aligned.
 *
 *   offset   size  field
 *        0      3  magic "BTR"
 *        3      1  layout version: 2, or 1 for maps begun by crates before 0.6
 *        4      4  version 2: node page size; version 1: largest key (u32)
 *        8      4  version 2: 0xFFFFFFFF; version 1: largest value (u32)
 *       12      8  address of the root node, 0 = empty map
 *       20      8  number of entries
 *       28     24  reserved, never written
 *       52      3  magic "BTA"
 *       55      1  layout version (1)
 *       56      4  padding, zero
 *       60      8  bytes a chunk offers (the node page size)
 *       68      8  allocated chunks
 *       76      8  address of the first free chunk's header
 *       84     16  reserved, zero
 *      100         chunk 0
 */
export const MAP_MAGIC = 0x525442; // "BTR"
export const MAP_VERSION_1 = 1;
export const MAP_VERSION_2 = 2;
export const NODE_PAGE_SIZE_MARKER = 0xffffffff;

export const MAP_VERSION_OFFSET = 3;
export const NODE_PAGE_SIZE_OFFSET = MAP_VERSION_OFFSET + 1;
export const MAX_KEY_SIZE_OFFSET = NODE_PAGE_SIZE_OFFSET;
export const MAX_VALUE_SIZE_OFFSET = MAX_KEY_SIZE_OFFSET + 4;
export const ROOT_OFFSET = MAX_VALUE_SIZE_OFFSET + 4;
export const LENGTH_OFFSET = ROOT_OFFSET + 8;
export const MAP_HEADER_SIZE = LENGTH_OFFSET + 8;

export const ALLOCATOR_OFFSET = MAP_HEADER_SIZE + 24;
export const ALLOCATOR_MAGIC = 0x415442; // "BTA"
export const ALLOCATOR_VERSION = 1;
export const ALLOCATOR_VERSION_OFFSET = ALLOCATOR_OFFSET + 3;
export const ALLOCATION_SIZE_OFFSET = ALLOCATOR_VERSION_OFFSET + 1 + 4;
export const ALLOCATED_CHUNKS_OFFSET = ALLOCATION_SIZE_OFFSET + 8;
export const FREE_LIST_HEAD_OFFSET = ALLOCATED_CHUNKS_OFFSET + 8;
export const ALLOCATOR_RESERVED_OFFSET = FREE_LIST_HEAD_OFFSET + 8;
export const ALLOCATOR_HEADER_SIZE = ALLOCATOR_RESERVED_OFFSET + 16 - ALLOCATOR_OFFSET;

/**
 * Header of a chunk ("CHK"): 16 bytes before the bytes it offers. Chunks lie back to back.
 *
 *   offset   size  field
 *        0      3  magic "CHK"
 *        3      1  layout version (1)
 *        4      1  1 = allocated, 0 = free
 *        5      3  padding, zero
 *        8      8  address of the next free chunk's header, 0 = none
 */
export const CHUNKS_START = ALLOCATOR_OFFSET + ALLOCATOR_HEADER_SIZE;
export const CHUNK_MAGIC = 0x4b4843; // "CHK"
export const CHUNK_VERSION = 1;
export const CHUNK_VERSION_OFFSET = 3;
export const CHUNK_ALLOCATED_OFFSET = CHUNK_VERSION_OFFSET + 1;
export const CHUNK_NEXT_OFFSET = CHUNK_ALLOCATED_OFFSET + 4;
export const CHUNK_HEADER_SIZE = CHUNK_NEXT_OFFSET + 8;

/** Node page size of a map with an unbounded key or value. */
export const DEFAULT_NODE_PAGE_SIZE = 1024;
/** Below this an internal node's children would not fit its first page: 15 + 12 x 8 = 111. */
export const MIN_NODE_PAGE_SIZE = 128;
