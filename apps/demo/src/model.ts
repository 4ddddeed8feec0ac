// What the page shows of an image, computed from the image alone.
import {
  blob,
  describeKind,
  fixedBlob,
  type Memory,
  MemoryManager,
  StableBTreeMap,
  type StorableKey,
  type StructureKind,
  structureKindOf,
} from "stable-structures";
import { messageOf } from "./format.js";

/** Managers inside managers are followed so far down. */
const MAX_DEPTH = 4;
/** Sizes of fixed keys, the most usual ones first: of u64, u32, u128, a hash, u16, u8. */
const KEY_SIZES = new Set([8, 4, 16, 32, 2, 1, ...Array.from({ length: 64 }, (_, i) => i + 1)]);
/** So many entries must be readable before the form of a map's keys is believed. */
const PROBED_ENTRIES = 100;

/** Pages from `start` up to, but not including, `end`. */
export interface PageRange {
  readonly start: number;
  readonly end: number;
}

/** A map that can be read, whatever its types: keys and values as bytes. */
interface MapModel {
  readonly entries: number;
  readonly key: StorableKey<Uint8Array>;
}

/** What one memory holds. */
export interface Content {
  readonly memory: Memory;
  readonly kind: StructureKind;
  readonly pages: number;
  /** Its pages that hold something: inside a nested manager, only those of its memories. */
  readonly live: readonly PageRange[];
  readonly manager?: ManagerModel;
  readonly map?: MapModel;
  /** Why the structure could not be read. */
  readonly problem?: string;
}

/** One memory of a manager. */
export interface MemoryModel extends Content {
  /** Its id, behind those of the memories around it. */
  readonly path: readonly number[];
  readonly id: number;
  readonly buckets: readonly number[];
  readonly ownedPages: number;
  /** Pages of its buckets beyond its size. */
  readonly slackPages: number;
}

/** One bucket of a manager. */
export interface BucketModel {
  readonly index: number;
  /** The memory that owns it; undefined = nobody. */
  readonly owner: MemoryModel | undefined;
  /** Which of its owner's buckets it is, from 0. */
  readonly ordinal: number;
  /** How many of its pages, from the first on, are within its owner's size. */
  readonly claimed: number;
  /** The pages of this bucket that hold something. */
  readonly live: readonly PageRange[];
}

/** A manager and everything below it. */
export interface ManagerModel {
  readonly bucketSizeInPages: number;
  readonly memories: readonly MemoryModel[];
  readonly buckets: readonly BucketModel[];
}

/** What is read from `memory`. Managers and nested managers stay open, maps do not. */
export function describeContent(memory: Memory, path: readonly number[] = []): Content {
  const pages = memory.size();
  const kind = structureKindOf(memory);
  const whole = pages > 0 && kind !== "zeroes" ? [{ start: 0, end: pages }] : [];
  const content = { memory, kind, pages, live: whole };
  try {
    if (kind === "btree-map") return { ...content, map: describeMap(memory) };
    if (kind === "memory-manager" && path.length < MAX_DEPTH) {
      const manager = describeManager(memory, path);
      return { ...content, manager, live: livePagesOf(manager) };
    }
    return content;
  } catch (error) {
    return { ...content, problem: messageOf(error) };
  }
}

function describeManager(memory: Memory, path: readonly number[]): ManagerModel {
  const manager = MemoryManager.load(memory);
  const { bucketSizeInPages } = manager;
  const memories = manager.memories().map(({ id, buckets }): MemoryModel => {
    const content = describeContent(manager.get(id), [...path, id]);
    const ownedPages = buckets.length * bucketSizeInPages;
    const slackPages = ownedPages - content.pages;
    return { ...content, path: [...path, id], id, buckets, ownedPages, slackPages };
  });
  const buckets = describeBuckets(manager.allocatedBuckets, bucketSizeInPages, memories);
  return { bucketSizeInPages, memories, buckets };
}

/** The buckets of a manager by number, with what its memories have in each. */
function describeBuckets(
  count: number,
  bucketSizeInPages: number,
  memories: readonly MemoryModel[],
): BucketModel[] {
  const buckets = Array.from({ length: count }, (_, index): BucketModel => {
    return { index, owner: undefined, ordinal: 0, claimed: 0, live: [] };
  });
  for (const owner of memories) {
    owner.buckets.forEach((index, ordinal) => {
      const start = ordinal * bucketSizeInPages;
      const claimed = Math.min(Math.max(owner.pages - start, 0), bucketSizeInPages);
      const live = cut(owner.live, start, start + bucketSizeInPages);
      buckets[index] = { index, owner, ordinal, claimed, live };
    });
  }
  return buckets;
}

/** The parts of `ranges` between two pages, counted from the first of these. */
function cut(ranges: readonly PageRange[], start: number, end: number): PageRange[] {
  return ranges
    .map((range) => ({
      start: Math.max(range.start, start) - start,
      end: Math.min(range.end, end) - start,
    }))
    .filter((range) => range.start < range.end);
}

/** The pages that hold something, of the memory in which the manager lies. */
function livePagesOf({ bucketSizeInPages, buckets }: ManagerModel): PageRange[] {
  const own = { start: 0, end: 1 };
  const others = buckets.flatMap(({ index, live }) => {
    const first = firstPageOf(index, bucketSizeInPages);
    return live.map(({ start, end }) => ({ start: first + start, end: first + end }));
  });
  return [own, ...others];
}

/** The page of the memory below on which a bucket begins; page 0 is the manager's own. */
export function firstPageOf(bucket: number, bucketSizeInPages: number): number {
  return 1 + bucket * bucketSizeInPages;
}

/** How many pages there are in all of `ranges`. */
export function countPages(ranges: readonly PageRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * A map's length, and a codec that reads its keys as bytes. An image does not say whether keys have
 * lengths in front of them, so the forms are tried. The library refuses those that do not fit, but in
 * a very small map a wrong one may fit as well.
 */
function describeMap(memory: Memory): MapModel {
  let refusal: unknown;
  for (const key of keyCodecs()) {
    try {
      return { entries: probe(memory, key), key };
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

/** The length of the map, after a look at its first entries. */
function probe(memory: Memory, key: StorableKey<Uint8Array>): number {
  const map = openMap(memory, key);
  try {
    let read = 0;
    for (const _ of map) if (++read === PROBED_ENTRIES) break;
    return map.length;
  } finally {
    map.close();
  }
}

function* keyCodecs(): Iterable<StorableKey<Uint8Array>> {
  yield blob;
  for (const size of KEY_SIZES) yield fixedBlob(size);
}

/** Opens a map as bytes. Close it before the memory is described again. */
export function openMap(
  memory: Memory,
  key: StorableKey<Uint8Array>,
): StableBTreeMap<Uint8Array, Uint8Array> {
  return StableBTreeMap.load(memory, { key, value: blob });
}

/** A map with the name under which the page offers it. */
export interface NamedMap extends MapModel {
  readonly name: string;
  readonly memory: Memory;
}

/** Every readable map of an image, outer ones first, each manager's by id. */
export function mapsOf(content: Content): NamedMap[] {
  const inner = content.manager?.memories ?? [];
  const own = content.map
    ? [{ ...content.map, name: nameOf(content), memory: content.memory }]
    : [];
  const direct = inner.filter(({ manager }) => !manager).flatMap(mapsOf);
  return [...own, ...direct, ...inner.filter(({ manager }) => manager).flatMap(mapsOf)];
}

/** "memory 3"; "memory 254 › 229" for one inside memory 254. */
function nameOf(content: Content | MemoryModel): string {
  return "path" in content ? `memory ${content.path.join(" › ")}` : "the whole image";
}

/** What the structure is called in a table: "MemoryManager". */
export function titleOf({ kind }: Content): string {
  return describeKind(kind).replace(/^(an?|the) /, "");
}

/** The figures of the headline. */
export interface Summary {
  readonly pages: number;
  /** Pages of the manager's own memories, without those that hold a manager in turn. */
  readonly dataPages: number;
  /** Entries of the maps in these memories. */
  readonly entries: number;
  /** Pages that hold anything at all, managers' pages included. */
  readonly livePages: number;
  readonly emptyPages: number;
}

export function summarize(content: Content): Summary {
  const direct = (content.manager?.memories ?? [content]).filter(({ manager }) => !manager);
  const livePages = countPages(content.live);
  return {
    pages: content.pages,
    dataPages: direct.reduce((sum, { live }) => sum + countPages(live), 0),
    entries: direct.reduce((sum, { map }) => sum + (map?.entries ?? 0), 0),
    livePages,
    emptyPages: content.pages - livePages,
  };
}

/** What a square of the picture stands for. */
export type CellState = "live" | "claimed" | "free";

/** A bucket as `count` squares of about as many pages each. */
export function cellsOf(
  { claimed, live }: Pick<BucketModel, "claimed" | "live">,
  bucketSizeInPages: number,
  count: number,
): CellState[] {
  return Array.from({ length: count }, (_, cell) => {
    const start = Math.floor((cell * bucketSizeInPages) / count);
    const end = Math.floor(((cell + 1) * bucketSizeInPages) / count);
    if (cut(live, start, end).length > 0) return "live";
    return start < claimed ? "claimed" : "free";
  });
}
