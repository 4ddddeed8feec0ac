/**
 * Where things lie in the engine's linear memory. The image is last, so that it can grow.
 *
 *    offset     size  region
 *         0     4096  left to the compiler: address 0 stays unused, static data starts at 1024
 *      4096    34848  tables: bytes 0..34848 of the manager's page 0, kept in step with the image
 *     38944     1024  list lengths: buckets owned by memory 0..254 (255 x u32)
 *     39968      512  straight lengths: how many of them, from the first on, are neighbours (255 x u16)
 *     40480       64  result: what a call says besides its return value, see layout/map-calls.ts
 *     40544      416  map options: what a call that opens a map is told, see layout/map-calls.ts
 *     40960   130560  list directory: 255 x 256 block numbers (u16)
 *    172032   131072  list blocks: 512 blocks of 128 bucket numbers (u16)
 *    303104    24576  maps: what the engine knows of the map in memory 0..254, and in the image itself
 *    327680  1048576  scratch: keys and values on their way in
 *   1376256   524288  output: values and batches of entries on their way out
 *   1900544   458752  work: what an operation needs while it runs
 *   2359296           the image
 *
 * A memory's buckets are a list of blocks. At most 32768 / 128 blocks are full and each of the 255
 * memories has at most one that is not, so 511 blocks always suffice and nothing is ever allocated.
 */
export const TABLES = 4096;
export const LIST_LENGTHS = TABLES + 34848;
export const STRAIGHT_LENGTHS = LIST_LENGTHS + 1024;
export const RESULT = STRAIGHT_LENGTHS + 512;
export const MAP_OPTIONS = RESULT + 64;
export const LIST_DIRECTORY = 40960;
export const LIST_DIRECTORY_SHIFT = 9; // 256 block numbers of two bytes for each memory
export const LIST_BLOCKS = LIST_DIRECTORY + 255 * 512 + 512;
export const LIST_BLOCK_SHIFT = 7; // 128 bucket numbers in a block
export const MAPS = LIST_BLOCKS + 131072;
export const MAP_SIZE = 96;
export const SCRATCH = 327680;
export const SCRATCH_SIZE = 1048576;
export const OUTPUT = SCRATCH + SCRATCH_SIZE;
export const OUTPUT_SIZE = 524288;
export const WORK = OUTPUT + OUTPUT_SIZE;
export const WORK_SIZE = 458752;
export const IMAGE_BASE_IN_PAGES = 36;
export const IMAGE_BASE = IMAGE_BASE_IN_PAGES * 65536;

/**
 * Most pages the linear memory may have. One page less than WebAssembly allows keeps every address
 * and every length in bytes within 32 bits.
 */
export const MAX_LINEAR_PAGES = 65535;
/** Most pages an image in linear memory may have. */
export const MAX_IMAGE_PAGES = MAX_LINEAR_PAGES - IMAGE_BASE_IN_PAGES;
