// What the page says about each step, in sentences with the numbers that the step brought.
import { PAGE_SIZE } from "stable-structures";
import { formatCount, formatNumberOf, formatPagesAsBytes } from "../format.js";
import type { StepResult } from "./run.js";

/** What there is to say of a step. */
interface Chapter {
  /** For the list of steps. */
  readonly name: string;
  readonly title: string;
  readonly paragraphs: (result: StepResult, stateBytes: number) => string[];
  /** What was refused in this step, before the error. */
  readonly refused?: string;
}

const pagesOf = ({ pages }: StepResult) => formatNumberOf(pages, "page");
const bytesOf = ({ pages }: StepResult) => formatPagesAsBytes(pages);

export const CHAPTERS: readonly Chapter[] = [
  {
    name: "Before",
    title: "The state lies raw at byte 0",
    paragraphs: (result, stateBytes) => [
      `Before an upgrade the canister writes its state, ${formatCount(stateBytes)} bytes of CBOR, to the start of stable memory; after it, it reads them back. Nothing else is there, so stable memory is as large as the state needs: ${pagesOf(result)}.`,
    ],
  },
  {
    name: "New hooks",
    title: "A memory manager comes in between",
    paragraphs: (result, stateBytes) => [
      `The team wants room for more structures and puts a MemoryManager into stable memory. The state moves into its memory 0, with a length in front: ${formatNumberOf(pagesFor(stateBytes + 4), "page")} of data.`,
      `But a memory owns whole buckets, and nobody named their size, so it is the crate's default of 128 pages. With the page of the manager's own tables, stable memory now has ${pagesOf(result)} (${bytesOf(result)}).`,
      "An upgrade runs the old version's pre_upgrade and the new one's post_upgrade. So the fleet goes through a version with mixed hooks: it reads the raw state and, at its own end, writes through the manager, whose tables go over the raw bytes.",
    ],
  },
  {
    name: "Size changed to 1",
    title: "The bucket size becomes 1 in the code, and nothing happens",
    paragraphs: (result) => [
      "The size of a bucket is part of the image. Rust's init_with_bucket_size finds a manager there, keeps its 128 pages and ignores the argument: no error, no warning.",
      `This library's init refuses, so that it shows; load takes the size of the image, as Rust does. Either way there are still ${pagesOf(result)}: a canister cannot give stable memory back while it runs, and only where there is no manager yet does the new size count.`,
    ],
    refused: "MemoryManager.init refused bucketSizeInPages: 1",
  },
  {
    name: "A fresh canister",
    title: "Only a fresh canister gets buckets of 1 page",
    paragraphs: (result) => [
      `The same hooks, the same state, an empty stable memory: ${formatNumberOf(result.pages - 1, "bucket")} of 1 page and the manager's page, ${pagesOf(result)} in all.`,
      `This has its price. A manager has at most 32,768 buckets, so buckets of 1 page hold 2 GiB at most, for the canister's whole life. The page has just tried it: in this canister another memory grew until stable memory had ${formatNumberOf(result.refusedAtPages ?? 0, "page")} (${formatPagesAsBytes(result.refusedAtPages ?? 0)}), and then no further. Buckets of 128 pages would reach 256 GiB.`,
    ],
    refused: "One bucket more was refused",
  },
];

/** GiB that `pages` pages take in each of so many canisters. */
export function formatFleet(pages: number, canisters: number): string {
  const gib = (pages * PAGE_SIZE * canisters) / 2 ** 30;
  return gib < 0.01 ? formatPagesAsBytes(pages * canisters) : `${GIB.format(gib)} GiB`;
}

const GIB = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** The sentences about a fleet in which every canister is as after this step. */
export function fleetText(result: StepResult, before: StepResult, canisters: number): string {
  const who = formatNumberOf(canisters, "canister");
  const total = formatFleet(result.pages, canisters);
  const compared =
    result.pages === before.pages
      ? ""
      : `, ${formatCount(Math.round((result.pages / before.pages) * 10) / 10)} times as much as before`;
  return `A fleet of ${who} occupies ${total}${compared}.`;
}

function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE);
}
