/**
 * The memory manager: virtual memories made of buckets. Layout in layout/manager.ts.
 *
 * `TABLES` holds bytes 0..34848 of the image's page 0 as they are, or are about to be. Every change
 * is made there first and published by one write, so the image never holds half of it.
 */
import {
  ALLOCATED_BUCKETS_OFFSET,
  BUCKET_OWNERS_OFFSET,
  BUCKET_SIZE_OFFSET,
  FREE_BUCKET,
  MANAGER_MAGIC,
  MANAGER_RESERVED_OFFSET,
  MANAGER_TABLES_END,
  MANAGER_VERSION,
  MANAGER_VERSION_OFFSET,
  MAX_BUCKETS,
  MAX_MEMORIES,
  MEMORY_SIZES_OFFSET,
} from "../layout/manager";
import { PAGE_SHIFT } from "../layout/page";
import { TABLES } from "../layout/regions";
import {
  E_BAD_MAGIC,
  E_CORRUPTED,
  E_GROW_FAILED,
  E_OUT_OF_BOUNDS,
  E_TOO_MANY_BUCKETS,
  E_UNSUPPORTED_VERSION,
  OK,
} from "../layout/status";
import * as lists from "./bucket-lists";
import * as image from "./image";
import { Addr, Ptr } from "./types";

const OWNERS: Ptr = TABLES + BUCKET_OWNERS_OFFSET;

// The shared constants carry no types, so that tsc reads them too; asc compares only like with like.
const MEMORIES = <u32>MAX_MEMORIES;
const BUCKETS = <u32>MAX_BUCKETS;
const FREE = <u8>FREE_BUCKET;

/** Stands for "not a power of two". */
const NO_SHIFT: u32 = 32;

// A copy of the field at BUCKET_SIZE_OFFSET: every translation needs it. 0 = no manager is open.
let bucketSizeInPages: u32 = 0;

// PERF: a bucket size that is a power of two, as most are, divides by a shift: 2 ns less a translation.
let bucketShift: u32 = NO_SHIFT;

// One past the last owner byte that differs between the image and TABLES.
let staleOwnersEnd: u32 = 0;

// @ts-ignore: decorator
@inline
function allocatedBuckets(): u32 {
  return <u32>load<u16>(TABLES, ALLOCATED_BUCKETS_OFFSET);
}

/** Size of memory `id`, below 255, in pages. */
// @ts-ignore: decorator
@inline
export function sizeOf(id: u32): u32 {
  assert(id < MEMORIES);
  return <u32>load<u64>(TABLES + (id << 3), MEMORY_SIZES_OFFSET);
}

/** Writes an empty manager over the start of the image. */
export function create(pages: u32): i32 {
  if (pages == 0 || pages > <u32>u16.MAX_VALUE) return E_OUT_OF_BOUNDS;
  if (image.size() == 0 && image.grow(1) < 0) return E_GROW_FAILED;
  memory.fill(TABLES, 0, BUCKET_OWNERS_OFFSET);
  memory.fill(OWNERS, FREE, BUCKETS);
  store<u32>(TABLES, MANAGER_MAGIC | (MANAGER_VERSION << (MANAGER_VERSION_OFFSET << 3)));
  store<u16>(TABLES, <u16>pages, BUCKET_SIZE_OFFSET);
  image.write(0, TABLES, MANAGER_TABLES_END);
  setBucketSize(pages);
  staleOwnersEnd = 0;
  lists.reset();
  return OK;
}

/** Reads the manager at the start of the image. The image stays as it is. */
export function open(): i32 {
  forget();
  const status = readTables();
  if (status != OK) forget();
  return status;
}

/** With no sizes every access is out of bounds, so nothing divides by a bucket size of zero. */
function forget(): void {
  memory.fill(TABLES, 0, MANAGER_TABLES_END);
  setBucketSize(0);
  lists.reset();
}

function setBucketSize(pages: u32): void {
  bucketSizeInPages = pages;
  bucketShift = popcnt<u32>(pages) == 1 ? ctz<u32>(pages) : NO_SHIFT;
}

function readTables(): i32 {
  if (image.size() == 0) return E_BAD_MAGIC;
  image.read(0, TABLES, MANAGER_TABLES_END);
  if ((load<u32>(TABLES) & 0xffffff) != MANAGER_MAGIC) return E_BAD_MAGIC;
  if (load<u8>(TABLES, MANAGER_VERSION_OFFSET) != MANAGER_VERSION) return E_UNSUPPORTED_VERSION;
  setBucketSize(load<u16>(TABLES, BUCKET_SIZE_OFFSET));
  if (bucketSizeInPages == 0 || !bucketsFit()) return E_CORRUPTED;
  canonicalise();
  listOwnedBuckets();
  return sizesFit() ? OK : E_CORRUPTED;
}

function bucketsFit(): bool {
  const buckets = allocatedBuckets();
  return buckets <= BUCKETS && 1 + <u64>buckets * bucketSizeInPages <= <u64>image.size();
}

/**
 * COMPAT: Rust zeroes the reserved bytes at every growth. Owner bytes past the count are what a
 * growth leaves that was cut off within its write. They are ignored here, and the next publication
 * clears them: Rust takes them for owners, and would use such a bucket twice.
 */
function canonicalise(): void {
  memory.fill(TABLES + MANAGER_RESERVED_OFFSET, 0, MEMORY_SIZES_OFFSET - MANAGER_RESERVED_OFFSET);
  const count = allocatedBuckets();
  staleOwnersEnd = BUCKETS;
  while (staleOwnersEnd > count && load<u8>(OWNERS + staleOwnersEnd - 1) == FREE) {
    staleOwnersEnd -= 1;
  }
  memory.fill(OWNERS + count, FREE, BUCKETS - count);
}

function listOwnedBuckets(): void {
  const count = allocatedBuckets();
  for (let bucket: u32 = 0; bucket < count; bucket++) {
    const owner = <u32>load<u8>(OWNERS + bucket);
    if (owner != FREE) lists.push(owner, bucket);
  }
}

function sizesFit(): bool {
  for (let id: u32 = 0; id < MEMORIES; id++) {
    const size = load<u64>(TABLES + (id << 3), MEMORY_SIZES_OFFSET);
    if (size > <u64>lists.length(id) * bucketSizeInPages) return false;
  }
  return true;
}

/**
 * Grows memory `id` by `pages`. Returns its previous size in pages, or a status.
 *
 * Refuse, write, publish: the image grows first, and one write makes the new buckets, the count and
 * the size real together.
 */
export function grow(id: u32, pages: u32): i32 {
  const status = prepareGrowth(id, pages);
  if (status != OK) return status;
  const previous = sizeOf(id);
  const size = image.size();
  if (grownImageSize > size) image.grow(grownImageSize - size);
  claim(id, allocatedBuckets(), addedBuckets);
  store<u64>(TABLES + (id << 3), <u64>previous + pages, MEMORY_SIZES_OFFSET);
  publish();
  return previous;
}

// What the last `prepareGrowth` found out.
let addedBuckets: u32 = 0;
let grownImageSize: u32 = 0;

/** OK when memory `id` can grow by `pages`, which then cannot fail until `image.settle`; else why not. */
export function prepareGrowth(id: u32, pages: u32): i32 {
  if (id >= MEMORIES || bucketSizeInPages == 0) return E_OUT_OF_BOUNDS;
  const previous = sizeOf(id);
  const first = allocatedBuckets();
  const added = bucketsFor(<u64>previous + pages) - bucketsFor(previous);
  if (first + added > BUCKETS) return E_TOO_MANY_BUCKETS;
  const size = max<u64>(image.size(), 1 + (first + added) * bucketSizeInPages);
  if (!image.reserve(size)) return E_GROW_FAILED;
  addedBuckets = <u32>added;
  grownImageSize = <u32>size;
  return OK;
}

function bucketsFor(pages: u64): u64 {
  return (pages + bucketSizeInPages - 1) / bucketSizeInPages;
}

function claim(id: u32, first: u32, count: u32): void {
  memory.fill(OWNERS + first, <u8>id, count);
  store<u16>(TABLES, <u16>(first + count), ALLOCATED_BUCKETS_OFFSET);
  for (let i: u32 = 0; i < count; i++) lists.push(id, first + i);
}

/** One write, from the bucket count to the last owner byte that may have changed. */
function publish(): void {
  const end = BUCKET_OWNERS_OFFSET + max(allocatedBuckets(), staleOwnersEnd);
  const start = ALLOCATED_BUCKETS_OFFSET;
  image.write(start, TABLES + start, end - start);
  staleOwnersEnd = 0;
}

/** Number, in its memory's list, of the bucket that `page` of the memory lies in. */
// @ts-ignore: decorator
@inline
function indexOf(page: u32): u32 {
  return bucketShift < NO_SHIFT ? page >> bucketShift : page / bucketSizeInPages;
}

/** Two to the power of this are the bytes of a bucket; 0 when that is no such number. */
export function shiftOfBuckets(): u32 {
  return bucketShift < NO_SHIFT ? PAGE_SHIFT + bucketShift : 0;
}

/** Address in the image of byte `offset` of memory `id`, which must lie within an owned bucket. */
// @ts-ignore: decorator
@inline
export function addressOf(id: u32, offset: Addr): Addr {
  const index = indexOf(<u32>(offset >> PAGE_SHIFT));
  assert(index < lists.length(id));
  const bucket = <i64>lists.at(id, index) - <i64>index;
  return offset + <u64>((1 + bucket * <i64>bucketSizeInPages) << PAGE_SHIFT);
}

// @ts-ignore: decorator
@inline
function inBounds(id: u32, offset: Addr, length: u32): bool {
  return id < MEMORIES && offset + length <= <u64>sizeOf(id) << PAGE_SHIFT;
}

/**
 * Pointer to `length` bytes at `offset` of memory `id`, or 0 when the range is empty, out of bounds
 * or scattered over buckets that are not neighbours. The pointer ends with the next growth.
 */
export function translate(id: u32, offset: Addr, length: u32): Ptr {
  if (length == 0 || !inBounds(id, offset, length)) return 0;
  return piece(id, offset, length) < length ? 0 : image.pin(addressOf(id, offset));
}

/** Bytes from `offset` to the end of its bucket. */
// @ts-ignore: decorator
@inline
export function restOfBucket(offset: Addr): Addr {
  const bucketBytes = <u64>bucketSizeInPages << PAGE_SHIFT;
  const start = bucketShift < NO_SHIFT ? offset & (bucketBytes - 1) : offset % bucketBytes;
  return bucketBytes - start;
}

/** Bytes of memory `id`, from byte 0 on, that lie in one piece; they may go beyond its size. */
export function straightBytes(id: u32): u64 {
  return (<u64>lists.straightLength(id) * bucketSizeInPages) << PAGE_SHIFT;
}

/**
 * Bytes from `offset` of memory `id` on that lie in one piece, counted no further than the bucket in
 * which they reach `wanted`. Complexity: the buckets that `wanted` bytes can touch.
 */
export function piece(id: u32, offset: Addr, wanted: u64): u64 {
  let bytes = restOfBucket(offset);
  let index = indexOf(<u32>(offset >> PAGE_SHIFT));
  const last = lists.length(id) - 1;
  while (bytes < wanted && index < last && lists.at(id, index) + 1 == lists.at(id, index + 1)) {
    bytes += <u64>bucketSizeInPages << PAGE_SHIFT;
    index += 1;
  }
  return bytes;
}

/** Copies `length` bytes from `offset` of memory `id` to `target`. */
export function read(id: u32, offset: Addr, target: Ptr, length: u32): i32 {
  return copy(id, offset, target, length, false);
}

/** Copies `length` bytes from `source` to `offset` of memory `id`. */
export function write(id: u32, offset: Addr, source: Ptr, length: u32): i32 {
  return copy(id, offset, source, length, true);
}

function copy(id: u32, offset: Addr, pointer: Ptr, length: u32, writes: bool): i32 {
  if (!inBounds(id, offset, length)) return E_OUT_OF_BOUNDS;
  while (length > 0) {
    const piece = <u32>min<u64>(length, restOfBucket(offset));
    const address = addressOf(id, offset);
    if (writes) image.write(address, pointer, piece);
    else image.read(address, pointer, piece);
    offset += piece;
    pointer += piece;
    length -= piece;
  }
  return OK;
}
