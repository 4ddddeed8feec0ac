/**
 * Page 0 of a MemoryManager ("MGR", layout version 1).
 *
 * Integers are little-endian. Fields are packed: nothing is aligned.
 *
 *   offset   size  field
 *        0      3  magic "MGR"
 *        3      1  layout version (1)
 *        4      2  allocated buckets (u16)
 *        6      2  bucket size, in pages (u16)
 *        8     32  reserved, zero
 *       40   2040  size of memory 0..254, in pages (255 x u64)
 *     2080  32768  owner of bucket 0..32767 (u8, 255 = free)
 *    34848  30688  unused, up to the end of page 0
 *    65536         bucket 0
 */
export const MANAGER_MAGIC = 0x52474d; // "MGR", read as a little-endian integer of three bytes
export const MANAGER_VERSION = 1;

export const MAX_MEMORIES = 255;
export const MAX_BUCKETS = 32768;
export const FREE_BUCKET = 255;

export const MANAGER_VERSION_OFFSET = 3;
export const ALLOCATED_BUCKETS_OFFSET = MANAGER_VERSION_OFFSET + 1;
export const BUCKET_SIZE_OFFSET = ALLOCATED_BUCKETS_OFFSET + 2;
export const MANAGER_RESERVED_OFFSET = BUCKET_SIZE_OFFSET + 2;
export const MEMORY_SIZES_OFFSET = MANAGER_RESERVED_OFFSET + 32;
export const BUCKET_OWNERS_OFFSET = MEMORY_SIZES_OFFSET + MAX_MEMORIES * 8;
export const MANAGER_TABLES_END = BUCKET_OWNERS_OFFSET + MAX_BUCKETS;
export const BUCKETS_START = 65536;
