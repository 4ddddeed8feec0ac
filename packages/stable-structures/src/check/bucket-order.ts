import {
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_VERSION,
  CHUNK_VERSION_OFFSET,
  CHUNKS_START,
  MAP_VERSION_1,
  MAP_VERSION_2,
} from "@stable-structures/core/layout";
import { readMapHeader } from "../engine/js/map-header.js";
import { nodePageSizeOf } from "../engine/map-shape.js";
import { StableStructuresError } from "../errors.js";
import { BucketView } from "../inspect/bucket-view.js";
import type { ManagerReport, MemoryReport } from "../inspect/report.js";
import { getMagic } from "../io/bytes.js";
import { StagedMemory } from "../io/staged-memory.js";
import { magicKind, type StructureKind } from "../io/structure-kind.js";
import { type Memory, readBytes } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";

/** Kinds that a bucket may begin with, each of layout version 1 (a map also 2). */
const STRUCTURES: readonly (StructureKind | undefined)[] = [
  "btree-map",
  "vec",
  "min-heap",
  "cell",
  "log-index",
  "log-data",
];
/** More buckets than this are not put in order. */
const MAX_BUCKETS = 256;
/** So many buckets are tried as the first one. */
const MAX_FIRST_BUCKETS = 4;
/** So many chunk headers of a bucket are looked at. */
const HEADERS_LOOKED_AT = 24;

/** One memory of a manager. */
export interface BucketPlace {
  /** The memory from the manager's first page on. */
  readonly below: Memory;
  readonly manager: ManagerReport;
  readonly memory: MemoryReport;
}

/** The first bucket, after the first one, that begins as a structure does: its number and what it begins with. */
export function structureInLaterBucket(
  place: BucketPlace,
): { bucket: number; kind: StructureKind } | undefined {
  for (const bucket of place.memory.buckets.slice(1)) {
    const kind = structureAt(bucketOf(place, bucket));
    if (kind !== undefined) return { bucket, kind };
  }
  return undefined;
}

/**
 * Orders of a memory's buckets in which they could make up a map. The headers of a map's chunks lie on
 * one grid through all of its bytes, so what is on the grid in a bucket tells where in the map it lies.
 */
export function* possibleOrders(place: BucketPlace): Iterable<readonly number[]> {
  const { buckets } = place.memory;
  if (buckets.length < 2 || buckets.length > MAX_BUCKETS) return;
  let tried = 0;
  for (const first of buckets) {
    const chunkSize = chunkSizeOf(place, first);
    if (chunkSize === undefined) continue;
    if (++tried > MAX_FIRST_BUCKETS) return;
    const order = orderFrom(place, first, chunkSize);
    if (order.some((bucket, i) => bucket !== buckets[i])) yield order;
  }
}

/** The memory with its buckets in another order. */
export function inOrder({ below, manager, memory }: BucketPlace, order: readonly number[]): Memory {
  return new BucketView(below, order, manager.bucketSizeInPages, memory.sizeInPages);
}

function bucketOf({ below, manager }: BucketPlace, bucket: number): Memory {
  return new BucketView(below, [bucket], manager.bucketSizeInPages, manager.bucketSizeInPages);
}

function structureAt(bucket: Memory): StructureKind | undefined {
  if (bucket.size() === 0) return undefined;
  const start = readBytes(bucket, 0, 4);
  const kind = magicKind(start.subarray(0, 3));
  const version = start[3];
  const isKnown = version === MAP_VERSION_1 || (kind === "btree-map" && version === MAP_VERSION_2);
  return isKnown && STRUCTURES.includes(kind) ? kind : undefined;
}

/** Bytes of the chunks of the map whose first bucket is `first`; undefined where no map begins there. */
function chunkSizeOf(place: BucketPlace, first: number): number | undefined {
  const bucket = bucketOf(place, first);
  if (structureAt(bucket) !== "btree-map" || !isChunkAt(bucket, CHUNKS_START)) return undefined;
  const memory = inOrder(place, [first, ...place.memory.buckets.filter((b) => b !== first)]);
  try {
    const { shape } = readMapHeader(new StagedMemory(memory, "a map"));
    return nodePageSizeOf(shape) + CHUNK_HEADER_SIZE;
  } catch (error) {
    if (error instanceof StableStructuresError) return undefined;
    throw error;
  }
}

interface Fit {
  readonly bucket: number;
  readonly position: number;
  /** Chunk headers on the grid from the bucket's start on. */
  readonly headers: number;
}

/** Gives each bucket the place in which most of its chunk headers lie on the grid. */
function orderFrom(place: BucketPlace, first: number, chunkSize: number): readonly number[] {
  const rest = place.memory.buckets.filter((bucket) => bucket !== first);
  const fits = rest
    .flatMap((bucket) => fitsOf(place, bucket, rest.length, chunkSize))
    .sort((a, b) => b.headers - a.headers);
  const bucketAt = new Map<number, number>([[0, first]]);
  const placed = new Set<number>([first]);
  for (const { bucket, position } of fits) {
    if (bucketAt.has(position) || placed.has(bucket)) continue;
    bucketAt.set(position, bucket);
    placed.add(bucket);
  }
  // Where nothing of the map lies yet the order does not matter.
  const others = rest.filter((bucket) => !placed.has(bucket));
  return [first, ...rest].map(
    (_, position) => bucketAt.get(position) ?? (others.shift() as number),
  );
}

/** The places 1 to `positions` in which a bucket begins with chunks. */
function fitsOf(place: BucketPlace, bucket: number, positions: number, chunkSize: number): Fit[] {
  const bytes = bucketOf(place, bucket);
  const bucketBytes = place.manager.bucketSizeInPages * PAGE_SIZE;
  const fits: Fit[] = [];
  for (let position = 1; position <= positions; position++) {
    const behind = (position * bucketBytes - CHUNKS_START) % chunkSize;
    const headers = headersFrom(bytes, behind === 0 ? 0 : chunkSize - behind, chunkSize);
    if (headers > 0) fits.push({ bucket, position, headers });
  }
  return fits;
}

function headersFrom(bucket: Memory, start: number, chunkSize: number): number {
  let headers = 0;
  while (headers < HEADERS_LOOKED_AT && isChunkAt(bucket, start + headers * chunkSize)) headers++;
  return headers;
}

function isChunkAt(bucket: Memory, address: number): boolean {
  if (address + CHUNK_HEADER_SIZE > bucket.size() * PAGE_SIZE) return false;
  const bytes = readBytes(bucket, address, 4);
  return getMagic(bytes, 0) === CHUNK_MAGIC && bytes[CHUNK_VERSION_OFFSET] === CHUNK_VERSION;
}
