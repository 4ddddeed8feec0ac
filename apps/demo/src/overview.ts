// What the page says first: how much is stored, and how much is occupied.
import { element } from "./dom.js";
import {
  formatCount,
  formatNumberOf,
  formatNumbers,
  formatPagesAsBytes,
  formatShare,
} from "./format.js";
import type { Image } from "./image.js";
import { type Content, type ManagerModel, type Summary, summarize } from "./model.js";

export function renderOverview({ content }: Image): HTMLElement {
  const summary = summarize(content);
  const size = `${formatNumberOf(summary.pages, "page")} (${formatPagesAsBytes(summary.pages)})`;
  if (!content.manager) {
    const why = content.problem === undefined ? "" : ` It could not be read: ${content.problem}`;
    const text = `The image of ${size} has no memory manager at its start. It holds ${content.description}.${why}`;
    return element("div", {}, heading("No memory manager"), element("p", { class: "lead" }, text));
  }
  const title = `${formatNumberOf(summary.dataPages, "page")} of data in ${formatNumberOf(summary.pages, "page")} of stable memory`;
  return element(
    "div",
    {},
    heading(title),
    ...damage(content),
    lead(content.manager, summary, size),
    figures(content.manager, summary),
  );
}

function heading(text: string): HTMLElement {
  return element("h2", { id: "overview-title" }, text);
}

function damage({ problem }: Content): HTMLElement[] {
  if (problem === undefined) return [];
  return [element("p", { class: "problem" }, `Parts of the image are damaged: ${problem}.`)];
}

function lead(manager: ManagerModel, summary: Summary, size: string): HTMLElement {
  const bucket = formatNumberOf(manager.bucketSizeInPages, "page");
  const bucketBytes = formatPagesAsBytes(manager.bucketSizeInPages);
  const data = `${formatNumberOf(summary.entries, "entry", "entries")} in ${formatNumberOf(summary.dataPages, "page")}`;
  const text =
    `This canister keeps ${data} (${formatPagesAsBytes(summary.dataPages)}), yet its stable memory ` +
    `occupies ${size}, because every memory takes whole buckets of ${bucket} (${bucketBytes}), ` +
    "however little it stores.";
  return element("p", { class: "lead" }, text + nestedText(manager));
}

/** A sentence about the memories that are managers themselves. */
function nestedText({ memories }: ManagerModel): string {
  const nested = memories.filter(({ manager }) => manager);
  if (nested.length === 0) return "";
  const ids = formatNumbers(nested.map(({ id }) => id));
  const pages = nested.reduce((sum, { ownedPages }) => sum + ownedPages, 0);
  const who =
    nested.length === 1
      ? `Memory ${ids} is itself a manager and owns`
      : `Memories ${ids} are managers themselves and own`;
  return ` ${who} ${formatCount(pages)} of these pages.`;
}

function figures(manager: ManagerModel, summary: Summary): HTMLElement {
  const { pages, livePages, emptyPages } = summary;
  const empty = formatShare(emptyPages, pages);
  return element(
    "dl",
    { class: "figures" },
    figure("Stable memory", formatNumberOf(pages, "page"), formatPagesAsBytes(pages)),
    figure(
      "In use",
      formatNumberOf(livePages, "page"),
      `${formatPagesAsBytes(livePages)}, managers' own pages included`,
    ),
    figure(
      "Holding nothing",
      formatNumberOf(emptyPages, "page"),
      `${formatPagesAsBytes(emptyPages)}, ${empty} of it`,
    ),
    figure(
      "Buckets",
      formatNumberOf(manager.buckets.length, "bucket"),
      `of ${formatNumberOf(manager.bucketSizeInPages, "page")} each`,
    ),
  );
}

function figure(name: string, value: string, note: string): HTMLElement {
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", {}, element("strong", {}, value), element("span", {}, note)),
  );
}
