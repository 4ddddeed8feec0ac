import type { Finding } from "../inspect/report.js";
import { count, formatPagesAndBytes } from "../inspect/words.js";
import { describeKind } from "../io/structure-kind.js";
import {
  type BucketPlace,
  inOrder,
  possibleOrders,
  structureInLaterBucket,
} from "./bucket-order.js";
import type { StructureCodecs } from "./codecs.js";
import { checkMap, type Progress } from "./map-check.js";
import type { MapStatistics } from "./map-statistics.js";
import { MemoryFindings } from "./memory-findings.js";
import { PageCache } from "./page-cache.js";
import type { Place } from "./places.js";
import { checkCell, checkLog, checkVec } from "./plain-checks.js";

/** What the check of one memory gave. */
export interface CheckedPlace {
  readonly findings: readonly Finding[];
  readonly map?: MapStatistics | undefined;
  /** True when what headers say of the memory is void, because its buckets are in another order. */
  readonly isReordered: boolean;
}

/** What checking one memory needs beside it. */
export interface PlaceOptions {
  readonly codecs: StructureCodecs;
  /** The entries of a log, for its index. */
  readonly data: Place | undefined;
  /** True when `inspect` has found errors in this memory. */
  readonly hasErrors: boolean;
  readonly progress: Progress;
}

/** Checks what one memory holds; where that is damaged, also whether its buckets are in the wrong order. */
export function checkPlace(place: Place, options: PlaceOptions): CheckedPlace {
  const findings = new MemoryFindings(place.path);
  const map = checkContent(place, options, findings);
  const isInQuestion = options.hasErrors || findings.hasErrors || place.content.kind === "unknown";
  if (isInQuestion && place.bucketPlace !== undefined) {
    const reordered = checkReordered(place, place.bucketPlace, options);
    if (reordered !== undefined) return reordered;
    reportLaterStructure(place.bucketPlace, place, findings);
  }
  return { findings: findings.list(), map, isReordered: false };
}

function checkContent(
  { content, memory, bucketPlace }: Place,
  { codecs, data, progress }: PlaceOptions,
  findings: MemoryFindings,
): MapStatistics | undefined {
  switch (content.kind) {
    case "btree-map":
      return checkMap(memory, codecs, findings, progress);
    case "vec":
    case "min-heap":
      checkVec(memory, content, codecs, findings, progress);
      break;
    case "cell":
      checkCell(memory, content, codecs, findings);
      break;
    case "log-index":
      checkLog({ index: memory, data: data?.memory }, content, codecs, findings, progress);
      break;
    case "unknown":
    case "not-looked-through":
      findings.add(notChecked(content.sizeInPages, bucketPlace));
  }
  return undefined;
}

function notChecked(pages: number, place: BucketPlace | undefined): Omit<Finding, "path"> {
  const several =
    place !== undefined && place.memory.buckets.length > 1
      ? `; if crate 0.7.1 has reclaimed memories here, nothing tells whether its ${count(place.memory.buckets.length, "bucket")} are in order`
      : "";
  return {
    code: "not-checked",
    severity: "info",
    message: `${formatPagesAndBytes(pages)} hold no known structure, so nothing was checked${several}`,
    advice: "check them with the program that wrote them",
  };
}

/** Tries the orders in which the memory's buckets could make up a map. */
function checkReordered(
  { path, content }: Place,
  place: BucketPlace,
  { codecs }: PlaceOptions,
): CheckedPlace | undefined {
  for (const order of possibleOrders(place)) {
    const findings = new MemoryFindings(path);
    const memory = new PageCache(inOrder(place, order));
    const map = checkMap(memory, codecs, findings, () => {});
    if (map === undefined || findings.hasErrors) continue;
    findings.add({
      code: "bucket-order",
      severity: "error",
      buckets: order,
      message: `in ascending order the buckets of this memory make up ${content.description}${content.kind === "unknown" ? "" : ", damaged"}; in another one they make up a sound map of ${map.entries.toLocaleString("en-US")} entries. Crate 0.7.1 leaves this behind when a memory grows into the buckets of one that was reclaimed`,
      advice: `do not open this memory with any crate; copy its buckets into a new image in this order: ${shortened(order)}`,
      figures: { entries: map.entries },
    });
    return { findings: findings.list(), map, isReordered: true };
  }
  return undefined;
}

function shortened(order: readonly number[]): string {
  return order.length <= 32 ? order.join(", ") : `${order.slice(0, 32).join(", ")} and so on`;
}

function reportLaterStructure(
  place: BucketPlace,
  { content }: Place,
  findings: MemoryFindings,
): void {
  const later = structureInLaterBucket(place);
  if (later === undefined || content.kind !== "unknown") return;
  findings.add({
    code: "bucket-order",
    severity: "warning",
    message: `the first bucket of this memory holds no known structure, and bucket ${later.bucket} begins like ${describeKind(later.kind)}: it may be the first one, as crate 0.7.1 leaves it behind when a memory grows into the buckets of one that was reclaimed`,
    advice:
      "do not let any program create a structure here before it is known what the memory held",
    figures: { bucket: later.bucket },
  });
}
