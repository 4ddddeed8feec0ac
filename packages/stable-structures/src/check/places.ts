import { memoryAt } from "../inspect/inspect.js";
import type { ContentReport, ImageReport, ManagerReport } from "../inspect/report.js";
import type { Memory } from "../memory/memory.js";
import { RestrictedMemory } from "../memory/restricted-memory.js";
import type { BucketPlace } from "./bucket-order.js";
import { PageCache } from "./page-cache.js";

/** A memory that holds something other than a manager. */
export interface Place {
  readonly path: readonly number[];
  readonly content: ContentReport;
  readonly memory: Memory;
  /** Its buckets, in the manager it belongs to. */
  readonly bucketPlace?: BucketPlace;
}

/** The memories of an image, or the image itself where it has no manager. */
export function placesOf(image: Memory, report: ImageReport): Place[] {
  const { manager } = report;
  if (manager !== undefined) return placesIn(image, report, manager, []);
  return [{ path: [], content: report, memory: new PageCache(image) }];
}

function placesIn(
  image: Memory,
  report: ImageReport,
  manager: ManagerReport,
  path: readonly number[],
): Place[] {
  const around = memoryAt(image, report, path);
  const { startPage } = manager;
  const below = startPage === 0 ? around : new RestrictedMemory(around, startPage, around.size());
  return manager.memories.flatMap((memory) => {
    if (memory.manager !== undefined) return placesIn(image, report, memory.manager, memory.path);
    const bytes = new PageCache(memoryAt(image, report, memory.path));
    const bucketPlace = { below, manager, memory };
    return [{ path: memory.path, content: memory, memory: bytes, bucketPlace }];
  });
}
