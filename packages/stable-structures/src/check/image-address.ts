import { BUCKETS_START } from "@stable-structures/core/layout";
import type { ImageReport, ManagerReport, MemoryReport } from "../inspect/report.js";
import { PAGE_SIZE } from "../units.js";

/**
 * The address in the image of byte `address` of the memory at `path`: through its bucket, and through
 * those of the memories around it. Undefined where no bucket holds it.
 */
export function imageAddressOf(
  image: ImageReport,
  path: readonly number[],
  address: number,
): number | undefined {
  let at: number | undefined = address;
  for (const { manager, memory } of levelsOf(image, path).reverse()) {
    if (at === undefined) return undefined;
    at = addressBelow(manager, memory, at);
  }
  return at;
}

interface Level {
  readonly manager: ManagerReport;
  readonly memory: MemoryReport;
}

/** The managers and memories on the way to `path`, outermost first. */
function levelsOf(image: ImageReport, path: readonly number[]): Level[] {
  const levels: Level[] = [];
  let manager = image.manager;
  for (const id of path) {
    const memory = manager?.memories.find((candidate) => candidate.id === id);
    if (manager === undefined || memory === undefined) break;
    levels.push({ manager, memory });
    manager = memory.manager;
  }
  return levels;
}

function addressBelow(
  { startPage, bucketSizeInPages }: ManagerReport,
  { buckets }: MemoryReport,
  address: number,
): number | undefined {
  const bucketBytes = bucketSizeInPages * PAGE_SIZE;
  const index = Math.floor(address / bucketBytes);
  const bucket = buckets[index];
  if (bucket === undefined) return undefined;
  const inBucket = address - index * bucketBytes;
  return startPage * PAGE_SIZE + BUCKETS_START + bucket * bucketBytes + inBucket;
}
