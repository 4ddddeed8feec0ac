import {
  ALLOCATED_BUCKETS_OFFSET,
  BUCKET_OWNERS_OFFSET,
  BUCKET_SIZE_OFFSET,
  FREE_BUCKET,
  MANAGER_RESERVED_OFFSET,
  MANAGER_TABLES_END,
  MAX_BUCKETS,
  MEMORY_SIZES_OFFSET,
} from "@stable-structures/core/layout";
import { ManagerTables } from "../engine/manager-tables.js";
import { StableStructuresError } from "../errors.js";
import { type Memory, readBytes } from "../memory/memory.js";
import { CATALOG_ID, readCatalog } from "../memory-manager/catalog.js";
import { PAGE_SIZE } from "../units.js";
import { bucketSizeChoices } from "./bucket-sizes.js";
import { BucketView } from "./bucket-view.js";
import type { Findings } from "./findings.js";
import type { ContentReport, Finding, ManagerReport, MemoryReport } from "./report.js";
import { count, formatBytes } from "./words.js";

/** From this many buckets on, the end of the manager's life is in sight. */
const NEARLY_ALL_BUCKETS = Math.floor(MAX_BUCKETS * 0.9);

/** Where a manager lies. */
interface Place {
  /** The memory from the manager's first page on. */
  readonly memory: Memory;
  /** Bytes of it that really are in the image. */
  readonly lengthInBytes: number;
  /** The page on which the manager starts, in the memory that `path` names. */
  readonly startPage: number;
  readonly path: readonly number[];
}

/** Describes what a memory of the manager holds. */
type Describe = (memory: Memory, path: readonly number[], sizeInPages: number) => ContentReport;

/**
 * Reads a manager leniently: whatever is damaged becomes a finding, the rest is reported. Undefined
 * when its layout version is unknown.
 */
export function describeManager(
  place: Place,
  findings: Findings,
  describe: Describe,
): ManagerReport | undefined {
  const tables = readTables(place);
  const isKnown = findings.attempt(place.path, () => {
    tables.checkVersion();
    return true;
  });
  if (!isKnown) return undefined;
  for (const finding of findingsOf(tables, place)) findings.add(finding);
  const { bucketSizeInPages, allocatedBuckets } = tables;
  const memories = memoriesOf(tables, place.memory, place.path, describe);
  for (const finding of sizeFindings(memories, tables, place)) findings.add(finding);
  return {
    startPage: place.startPage,
    layoutVersion: 1,
    bucketSizeInPages,
    allocatedBuckets,
    baseSizeInPages: place.memory.size(),
    maximumBytes: MAX_BUCKETS * bucketSizeInPages * PAGE_SIZE,
    memories,
    bucketOwners: Array.from(tables.owners.subarray(0, allocatedBuckets), (owner) =>
      owner === FREE_BUCKET ? null : owner,
    ),
    bucketSizeChoices: bucketSizeChoices(memories, bucketSizeInPages),
  };
}

function readTables({ memory, lengthInBytes }: Place): ManagerTables {
  const bytes = readBytes(memory, 0, MANAGER_TABLES_END);
  // Owners that the image lacks were padded with zeroes, and those would be buckets of memory 0.
  bytes.fill(FREE_BUCKET, Math.min(Math.max(lengthInBytes, BUCKET_OWNERS_OFFSET), bytes.length));
  return new ManagerTables(bytes);
}

function memoriesOf(
  tables: ManagerTables,
  memory: Memory,
  path: readonly number[],
  describe: Describe,
): MemoryReport[] {
  const { bucketSizeInPages } = tables;
  const lists = tables.bucketLists();
  const viewOf = (id: number) =>
    new BucketView(memory, lists[id] as number[], bucketSizeInPages, tables.sizeOf(id));
  const names = namesIn(viewOf(CATALOG_ID));
  return lists.flatMap((buckets, id) => {
    const sizeInPages = tables.sizeOf(id);
    if (sizeInPages === 0 && buckets.length === 0) return [];
    const ownedPages = buckets.length * bucketSizeInPages;
    const slackPages = Math.max(ownedPages - sizeInPages, 0);
    const inner = [...path, id];
    const name = names.get(id);
    const content = describe(viewOf(id), inner, sizeInPages);
    const named = name === undefined ? {} : { name };
    return [{ id, ...named, path: inner, ...content, buckets, ownedPages, slackPages }];
  });
}

/** What the catalog calls memories; nothing when there is none that can be read. */
function namesIn(catalog: Memory): ReadonlyMap<number, string> {
  try {
    return new Map(readCatalog(catalog).map(({ id, name }) => [id, name]));
  } catch (error) {
    // That the map is damaged, `check` says.
    if (error instanceof StableStructuresError) return new Map();
    throw error;
  }
}

/** What is wrong, or soon will be, with the header and the table of owners. */
function* findingsOf(tables: ManagerTables, place: Place): Iterable<Finding> {
  const { path, startPage, memory } = place;
  const at = (offset: number) => ({ path, address: startPage * PAGE_SIZE + offset });
  const { bucketSizeInPages, allocatedBuckets, owners } = tables;
  if (bucketSizeInPages === 0) {
    yield {
      code: "bucket-size-zero",
      severity: "error",
      ...at(BUCKET_SIZE_OFFSET),
      message: "the manager's bucket size is 0 pages, so no memory can be found",
      advice:
        "write the bucket size the canister was created with (128 unless its code names one) into a copy of the image",
    };
  }
  if (allocatedBuckets > MAX_BUCKETS) {
    yield {
      code: "too-many-buckets",
      severity: "error",
      ...at(ALLOCATED_BUCKETS_OFFSET),
      message: `the manager counts ${count(allocatedBuckets, "bucket")}, and there are 32,768 at most`,
      advice:
        "the header is damaged: compare with a backup; the owners of the first 32,768 are reported",
      figures: { allocatedBuckets },
    };
  }
  const neededPages = 1 + Math.min(allocatedBuckets, MAX_BUCKETS) * bucketSizeInPages;
  if (memory.size() < neededPages || place.lengthInBytes < MANAGER_TABLES_END) {
    const neededBytes = (startPage + neededPages) * PAGE_SIZE;
    yield {
      code: "truncated",
      severity: "error",
      ...at(ALLOCATED_BUCKETS_OFFSET),
      message: `${count(allocatedBuckets, "bucket")} of ${count(bucketSizeInPages, "page")} need ${count(neededBytes, "byte")}, and there are ${count(startPage * PAGE_SIZE + place.lengthInBytes, "byte")}`,
      advice: "copy or download the image again; what lies before its end is reported",
      figures: { neededBytes, sizeInBytes: startPage * PAGE_SIZE + place.lengthInBytes },
    };
  }
  if (allocatedBuckets >= NEARLY_ALL_BUCKETS) {
    const bucketsLeft = Math.max(MAX_BUCKETS - allocatedBuckets, 0);
    yield {
      code: "lifetime-cap",
      severity: "warning",
      ...at(ALLOCATED_BUCKETS_OFFSET),
      message: `${count(bucketsLeft, "bucket")} of 32,768 left: buckets of ${count(bucketSizeInPages, "page")} cap this manager at ${formatBytes(MAX_BUCKETS * bucketSizeInPages * PAGE_SIZE)} for good`,
      advice:
        "re-bucket the image to a larger bucket size before the last one is taken; growing fails then",
      figures: { allocatedBuckets, bucketsLeft },
    };
  }
  yield* ownerFindings(owners, allocatedBuckets, at);
  if (
    tables.bytes.subarray(MANAGER_RESERVED_OFFSET, MEMORY_SIZES_OFFSET).some((byte) => byte !== 0)
  ) {
    yield {
      code: "reserved-bytes",
      severity: "warning",
      ...at(MANAGER_RESERVED_OFFSET),
      message: "the 32 reserved bytes of the manager's header are not zero",
      advice: "nothing: the next growth writes zeroes there, so do not keep data in them",
    };
  }
}

function* ownerFindings(
  owners: Uint8Array,
  allocatedBuckets: number,
  at: (offset: number) => Pick<Finding, "path" | "address">,
): Iterable<Finding> {
  let holes = 0;
  let stray = 0;
  owners.forEach((owner, bucket) => {
    if (bucket < allocatedBuckets && owner === FREE_BUCKET) holes++;
    if (bucket >= allocatedBuckets && owner !== FREE_BUCKET) stray++;
  });
  if (holes > 0) {
    yield {
      code: "holes",
      severity: "warning",
      ...at(BUCKET_OWNERS_OFFSET + owners.indexOf(FREE_BUCKET)),
      message: `nobody owns ${count(holes, "bucket")} of the ${allocatedBuckets} handed out, and they are not used again`,
      advice: "re-bucket the image to win them back; if crate 0.7.1 wrote it, check its maps first",
      figures: { holes },
    };
  }
  if (stray > 0) {
    const first = owners.findIndex((owner, b) => b >= allocatedBuckets && owner !== FREE_BUCKET);
    yield {
      code: "owners-past-count",
      severity: "warning",
      ...at(BUCKET_OWNERS_OFFSET + first),
      message: `${count(stray, "bucket")} past the count of ${allocatedBuckets} ${stray === 1 ? "has an owner" : "have owners"}: a growth was cut off`,
      advice:
        "let this library grow a memory once, which clears them, before the crate does: it would use them twice",
      figures: { owners: stray },
    };
  }
}

function* sizeFindings(
  memories: readonly MemoryReport[],
  { bucketSizeInPages }: ManagerTables,
  { path, startPage }: Place,
): Iterable<Finding> {
  for (const { id, sizeInPages, ownedPages, buckets } of memories) {
    const address = startPage * PAGE_SIZE + MEMORY_SIZES_OFFSET + id * 8;
    if (sizeInPages > ownedPages) {
      yield {
        code: "size-above-buckets",
        severity: "error",
        path,
        address,
        message: `memory ${id} has a size of ${count(sizeInPages, "page")} and owns buckets of ${count(ownedPages, "page")}`,
        advice:
          "restore the manager's page from a backup: a size, a bucket's owner or the bucket count is damaged",
        figures: { id, sizeInPages, ownedPages },
      };
      continue;
    }
    const surplus = buckets.length - Math.ceil(sizeInPages / bucketSizeInPages);
    if (surplus > 0) {
      yield {
        code: "surplus-buckets",
        severity: "warning",
        path,
        address,
        message: `memory ${id} owns ${count(surplus, "bucket")} more than its ${count(sizeInPages, "page")} need`,
        advice: "re-bucket the image to win them back",
        figures: { id, surplus },
      };
    }
  }
}
