// What the page shows of an image: the library's report of it, where its pages lie, and the maps that
// can be opened.
import { blob, fixedBlob, type Memory, StableBTreeMap, type StorableKey } from "stable-structures";
import {
  type ContentReport,
  type ImageReport,
  inspect,
  type ManagerReport,
  type MemoryReport,
  memoryAt,
  type ReportedKind,
} from "stable-structures/inspect";
import { messageOf } from "./format.js";

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
  readonly kind: ReportedKind;
  /** The kind in words. */
  readonly description: string;
  readonly pages: number;
  /** Its pages that hold something: inside a nested manager, only those of its memories. */
  readonly live: readonly PageRange[];
  readonly manager?: ManagerModel;
  readonly map?: MapModel;
  /** What is damaged in the structure, or why its entries cannot be read. */
  readonly problem?: string;
}

/** An image and the report of it. */
interface Inspected {
  readonly image: Memory;
  readonly report: ImageReport;
}

/** One memory of a manager. */
export interface MemoryModel extends Content {
  /** Its id, behind those of the memories around it. */
  readonly path: readonly number[];
  readonly id: number;
  /** What a program calls it, if it gave it a name. */
  readonly name: string | undefined;
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
  /** The page on which it starts, of the memory in which it lies. */
  readonly startPage: number;
  readonly bucketSizeInPages: number;
  readonly memories: readonly MemoryModel[];
  readonly buckets: readonly BucketModel[];
}

/** What the image in `image` holds. Nothing stays open. */
export function describeContent(image: Memory): Content {
  const report = inspect(image);
  return contentOf({ image, report }, report, []);
}

function contentOf(inspected: Inspected, content: ContentReport, path: readonly number[]): Content {
  const { kind, description, sizeInPages: pages } = content;
  const memory = memoryAt(inspected.image, inspected.report, path);
  // Without a bucket size there is nothing to draw; the problem says so.
  const manager = content.manager?.bucketSizeInPages
    ? managerOf(inspected, content.manager)
    : undefined;
  const { map, problem = damageAt(inspected.report, path) } =
    kind === "btree-map" ? describeMap(memory) : {};
  return {
    memory,
    kind,
    description,
    pages,
    live: livePagesOf(content, manager),
    ...(manager && { manager }),
    ...(map && { map }),
    ...(problem !== undefined && { problem }),
  };
}

/** What is damaged in the memory at `path` itself, in words. */
function damageAt({ findings }: ImageReport, path: readonly number[]): string | undefined {
  const errors = findings.filter(
    (finding) => finding.severity === "error" && finding.path.join() === path.join(),
  );
  return errors.length === 0 ? undefined : errors.map(({ message }) => message).join("; ");
}

function managerOf(inspected: Inspected, manager: ManagerReport): ManagerModel {
  const { startPage, bucketSizeInPages, bucketOwners } = manager;
  const memories = manager.memories.map((memory) => memoryOf(inspected, memory));
  const buckets = describeBuckets(bucketOwners.length, bucketSizeInPages, memories);
  return { startPage, bucketSizeInPages, memories, buckets };
}

function memoryOf(inspected: Inspected, memory: MemoryReport): MemoryModel {
  const { path, id, name, buckets, ownedPages, slackPages } = memory;
  return { ...contentOf(inspected, memory, path), path, id, name, buckets, ownedPages, slackPages };
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

/** The pages that hold something, in the memory that `content` is about. */
function livePagesOf(
  { kind, sizeInPages, readablePages = sizeInPages }: ContentReport,
  manager: ManagerModel | undefined,
): PageRange[] {
  if (manager === undefined) {
    const isBlank = readablePages === 0 || kind === "zeroes";
    return isBlank ? [] : [{ start: 0, end: readablePages }];
  }
  const own = { start: 0, end: manager.startPage + 1 };
  const others = manager.buckets.flatMap(({ index, live }) => {
    const first = firstPageOf(index, manager);
    return live.map(({ start, end }) => ({ start: first + start, end: first + end }));
  });
  return [own, ...others];
}

/** The page of the memory below on which a bucket begins; the page before bucket 0 is the manager's own. */
export function firstPageOf(
  bucket: number,
  { startPage, bucketSizeInPages }: Pick<ManagerModel, "startPage" | "bucketSizeInPages">,
): number {
  return startPage + 1 + bucket * bucketSizeInPages;
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
function describeMap(memory: Memory): Pick<Content, "map" | "problem"> {
  let refusal: unknown;
  for (const key of keyCodecs()) {
    try {
      return { map: { entries: probe(memory, key), key } };
    } catch (error) {
      refusal ??= error;
    }
  }
  return { problem: messageOf(refusal) };
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
export function titleOf({ description }: Content): string {
  return description.replace(/^(an?|the) /, "");
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
