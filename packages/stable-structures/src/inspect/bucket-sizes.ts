import { MAX_BUCKETS } from "@stable-structures/core/layout";
import { PAGE_SIZE } from "../units.js";
import type {
  BucketSizeChoice,
  ContentReport,
  Finding,
  ManagerReport,
  MemoryReport,
} from "./report.js";
import { count, formatBytes, formatPagesAndBytes } from "./words.js";

/** A bucket size is suggested only if the memories can grow to so many times their pages with it. */
const ROOM_TO_GROW = 16;
/** Fewer pages than this are not worth a word. */
const LEAST_WASTE_IN_PAGES = 8;

/** Pages of a dense manager with these memories: its own, and the whole buckets of each. */
function pagesWith(bucketSizeInPages: number, sizes: readonly number[]): number {
  return 1 + bucketSizeInPages * bucketsWith(bucketSizeInPages, sizes);
}

function bucketsWith(bucketSizeInPages: number, sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + Math.ceil(size / bucketSizeInPages), 0);
}

/** Powers of two below `current` with which all memories fit, smallest first. */
export function bucketSizeChoices(
  memories: readonly MemoryReport[],
  current: number,
): BucketSizeChoice[] {
  const sizes = memories.map(sizeWithinBuckets);
  const choices: BucketSizeChoice[] = [];
  for (let size = 1; size < current; size *= 2) {
    if (bucketsWith(size, sizes) > MAX_BUCKETS) continue;
    choices.push({
      bucketSizeInPages: size,
      sizeInPages: pagesWith(size, sizes),
      maximumBytes: MAX_BUCKETS * size * PAGE_SIZE,
    });
  }
  return choices;
}

/** A damaged size must not lead to a plan: a memory has no more pages than its buckets. */
function sizeWithinBuckets({ sizeInPages, ownedPages }: MemoryReport): number {
  return Math.min(sizeInPages, ownedPages);
}

/** The smallest choice that leaves room to grow. */
function suggestionFor({ memories, bucketSizeChoices }: ManagerReport) {
  const pages = memories.reduce((sum, memory) => sum + sizeWithinBuckets(memory), 0);
  return bucketSizeChoices.find(
    ({ maximumBytes }) => maximumBytes >= pages * ROOM_TO_GROW * PAGE_SIZE,
  );
}

/** Pages of a memory after every manager in it was re-bucketed as suggested. */
function pagesAtBest({ manager }: ContentReport, pages: number): number {
  if (manager === undefined || manager.bucketSizeInPages === 0) return pages;
  const bucketSize = suggestionFor(manager)?.bucketSizeInPages ?? manager.bucketSizeInPages;
  const sizes = manager.memories.map((memory) => pagesAtBest(memory, sizeWithinBuckets(memory)));
  return manager.startPage + pagesWith(bucketSize, sizes);
}

/** A finding when more than half of the image would be free with smaller buckets. */
export function wasteOf(image: ContentReport): Finding | undefined {
  const { manager, sizeInPages } = image;
  if (manager === undefined) return undefined;
  const bestPages = pagesAtBest(image, sizeInPages);
  const wastedPages = sizeInPages - bestPages;
  if (wastedPages < LEAST_WASTE_IN_PAGES || wastedPages * 2 <= sizeInPages) return undefined;
  const suggestion = suggestionFor(manager);
  const share = Math.floor((wastedPages / sizeInPages) * 1000) / 10;
  const message = `${formatPagesAndBytes(wastedPages)} of ${formatPagesAndBytes(sizeInPages)} are not needed: ${share} %`;
  const figures = { sizeInPages, wastedPages, bestPages };
  const finding = { code: "waste", severity: "warning", path: [] } as const;
  if (suggestion === undefined) {
    const advice = `re-bucket the managers inside its memories: ${formatPagesAndBytes(bestPages)} would do`;
    return { ...finding, message, advice, figures };
  }
  const { bucketSizeInPages, maximumBytes } = suggestion;
  const rebucketedPages = manager.startPage + suggestion.sizeInPages;
  const nested =
    bestPages < rebucketedPages
      ? `, and ${count(bestPages, "page")} with the managers inside its memories re-bucketed too`
      : "";
  return {
    ...finding,
    message,
    advice:
      `re-bucket the image to buckets of ${count(bucketSizeInPages, "page")}: it would have ` +
      `${formatPagesAndBytes(rebucketedPages)}${nested}. Mind that this size caps the manager at ` +
      `${formatBytes(maximumBytes)} for good`,
    figures: { ...figures, bucketSizeInPages, rebucketedPages, maximumBytes },
  };
}
