import { count, formatPagesAndBytes, type ManagerReport } from "stable-structures/inspect";
import { nameOf, shortNameOf } from "./words.js";

/** More lines than this are not looked at; a cell then stands for several buckets. */
const MAX_LINES = 12;
/** Memories that get a letter of their own; more share the last one. */
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SHARED_LETTER = "+";
const NOBODY = ".";
const MAX_LEGEND = 24;
/** Backgrounds that black letters can be read on, as codes of the terminal. */
const BACKGROUNDS = [42, 43, 46, 45, 44, 47, 102, 103, 106, 105, 104, 101];

/** How pictures are drawn. */
export interface Style {
  /** Characters in a line. */
  readonly width: number;
  readonly colors: boolean;
}

/** Who owns which bucket: one cell for each bucket, or for a group of them, and a legend. */
export function renderPicture(manager: ManagerReport, { width, colors }: Style): string[] {
  const { bucketOwners, memories, bucketSizeInPages } = manager;
  const perCell = Math.ceil(bucketOwners.length / (width * MAX_LINES)) || 1;
  const rankOf = new Map<number | null, number>(memories.map(({ id }, rank) => [id, rank]));
  const cells: string[] = [];
  for (let first = 0; first < bucketOwners.length; first += perCell) {
    const owner = mostFrequent(bucketOwners.slice(first, first + perCell));
    cells.push(cellOf(rankOf.get(owner), colors));
  }
  const lines: string[] = [];
  for (let first = 0; first < cells.length; first += width)
    lines.push(cells.slice(first, first + width).join(""));
  const unit =
    perCell === 1
      ? `one character is a bucket of ${formatPagesAndBytes(bucketSizeInPages)}`
      : `one character is ${count(perCell, "bucket")} of ${formatPagesAndBytes(bucketSizeInPages)}, by who owns most`;
  return [`Buckets: ${unit}`, ...lines, ...legend(manager, { width, colors })];
}

function cellOf(rank: number | undefined, colors: boolean): string {
  if (rank === undefined) return NOBODY;
  const letter = LETTERS[rank] ?? SHARED_LETTER;
  return colors ? `\x1b[30;${BACKGROUNDS[rank % BACKGROUNDS.length]}m${letter}\x1b[0m` : letter;
}

function mostFrequent(owners: readonly (number | null)[]): number | null {
  const counts = new Map<number | null, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

/** The letters with their memories, side by side as far as the width goes. */
function legend({ memories, bucketOwners }: ManagerReport, { width, colors }: Style): string[] {
  const owners = memories.filter(({ buckets }) => buckets.length > 0);
  const items = owners.slice(0, MAX_LEGEND).map((owner) => {
    const text = `memory ${nameOf(owner)} (${shortNameOf(owner.kind)})`;
    return { cell: cellOf(memories.indexOf(owner), colors), text };
  });
  if (owners.length > MAX_LEGEND)
    items.push({ cell: "…", text: `${owners.length - MAX_LEGEND} more` });
  if (bucketOwners.includes(null)) items.push({ cell: NOBODY, text: "nobody" });
  const lines: string[] = [];
  let used = width;
  for (const { cell, text } of items) {
    const length = text.length + 5;
    if (used + length > width) {
      lines.push("");
      used = 0;
    }
    lines[lines.length - 1] += `  ${cell} ${text}`;
    used += length;
  }
  return lines;
}
