/**
 * Where things lie in the engine's linear memory. The image is last, so that it can grow.
 *
 *    offset     size  region
 *         0     4096  left to the compiler: address 0 stays unused, static data starts at 1024
 *      4096    34848  tables: bytes 0..34848 of the manager's page 0, kept in step with the image
 *     38944      512  list lengths: buckets owned by memory 0..254 (255 x u16)
 *     39456      512  list starts: where their numbers stand in the lists, in steps of 8 bytes (255 x u16)
 *     39968      512  straight lengths: how many of them, from the first on, are neighbours (255 x u16)
 *     40480       64  result: what a call says besides its return value, see layout/map-calls.ts
 *     40544      416  map options: what a call that opens a map is told, see layout/map-calls.ts
 *     40960   262144  lists: bucket numbers (u16)
 *    303104    24576  maps: what the engine knows of the map in memory 0..254, and in the image itself
 *    327680  1048576  scratch: keys and values on their way in
 *   1376256   524288  output: values and batches of entries on their way out
 *   1900544   458752  work: what an operation needs while it runs
 *   2359296           the image
 *
 * The numbers of a memory's buckets stand one behind the other. A list that is full, of 4 numbers or twice
 * as many again and again, moves to where twice as many fit, and leaves its place behind. So one of n
 * numbers has taken room for at most 4n, and all lists together for 4 * 32768 numbers of two bytes.
 */
export const TABLES = 4096;
export const LIST_LENGTHS = TABLES + 34848;
export const LIST_STARTS = LIST_LENGTHS + 512;
export const LIST_STEP_SHIFT = 3; // lists start at multiples of eight bytes
export const STRAIGHT_LENGTHS = LIST_STARTS + 512;
export const RESULT = STRAIGHT_LENGTHS + 512;
export const MAP_OPTIONS = RESULT + 64;
export const LISTS = 40960;
export const LISTS_SIZE = 262144;
export const MAPS = LISTS + LISTS_SIZE;
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
