// The picture of the buckets: a block of squares for each, in the color of the memory that owns it.
import { colorClass, element } from "./dom.js";
import { formatCount, formatNumberOf, formatOrdinal, formatPagesAsBytes } from "./format.js";
import {
  type BucketModel,
  type CellState,
  cellsOf,
  countPages,
  firstPageOf,
  type ManagerModel,
  titleOf,
} from "./model.js";

const MAX_BLOCKS = 512;
const MAX_CELLS = 128;
const CELLS_PER_ROW = 16;
const CELL = 7; // with a gap of 1
const SVG = "http://www.w3.org/2000/svg";

/** What a block shows and says. */
interface Block {
  readonly title: string;
  readonly caption: string;
  readonly details: string;
  readonly color: string;
  readonly cells: readonly CellState[];
  readonly data: Readonly<Record<string, number | undefined>>;
}

export function renderBucketMap(manager: ManagerModel): HTMLElement {
  const all = [
    managerBlock(manager),
    ...manager.buckets.slice(0, MAX_BLOCKS).map((b) => blockOf(b, manager)),
  ];
  const details = element("p", { class: "details", "aria-hidden": "true" });
  const list = element("ul", {
    class: "blocks",
    "aria-label": "The manager's page and the buckets",
  });
  const buttons = all.map((block) => blockButton(block, details));
  list.append(...buttons.map((button) => element("li", {}, button)));
  roveWithArrows(list, buttons);
  details.textContent = all[1]?.details ?? all[0]?.details ?? "";
  return element("div", {}, legend(manager), list, details, ...notShown(manager));
}

function managerBlock({ startPage }: ManagerModel): Block {
  return {
    title: `Page ${startPage}`,
    caption: "manager",
    details: `Page ${startPage} of the image: the manager's header and the table of who owns which bucket.`,
    color: "color-none",
    cells: ["live"],
    data: {},
  };
}

function blockOf(bucket: BucketModel, manager: ManagerModel): Block {
  const { index, owner } = bucket;
  return {
    title: `Bucket ${formatCount(index)}`,
    caption: owner ? `memory ${owner.id}` : "nobody",
    details: detailsOf(bucket, manager),
    color: colorClass(owner ? manager.memories.indexOf(owner) : -1),
    cells: cellsOf(bucket, manager.bucketSizeInPages, cellCount(manager)),
    data: { "data-bucket": index, "data-owner": owner?.id, "data-live": countPages(bucket.live) },
  };
}

/** The sentences about one bucket. */
function detailsOf(bucket: BucketModel, manager: ManagerModel): string {
  const { bucketSizeInPages } = manager;
  const { index, owner, ordinal, claimed } = bucket;
  const first = firstPageOf(index, manager);
  const last = first + bucketSizeInPages - 1;
  const where = `Bucket ${formatCount(index)}, pages ${formatCount(first)} to ${formatCount(last)} of the image`;
  if (!owner) return `${where}: nobody owns it.`;
  const live = countPages(bucket.live);
  const place = `the ${formatOrdinal(ordinal + 1)} of ${formatNumberOf(owner.buckets.length, "bucket")}`;
  const idle = claimed - live;
  const inside =
    idle > 0
      ? ` ${formatNumberOf(idle, "more page")} inside that memory ${idle === 1 ? "holds" : "hold"} nothing.`
      : "";
  const free = bucketSizeInPages - claimed;
  const slack =
    free > 0
      ? ` ${formatNumberOf(free, "page")} (${formatPagesAsBytes(free)}) owned and never used.`
      : "";
  return `${where}: ${place} of memory ${owner.id} (${titleOf(owner)}). ${formatNumberOf(live, "page")} in use.${inside}${slack}`;
}

function blockButton(block: Block, details: HTMLElement): HTMLButtonElement {
  const button = element(
    "button",
    { type: "button", class: `block ${block.color}`, "aria-label": block.details, ...block.data },
    element("span", { class: "block-title" }, block.title),
    squares(block.cells),
    element("span", { class: "block-owner" }, block.caption),
  );
  const show = () => {
    details.textContent = block.details;
  };
  button.addEventListener("focus", show);
  button.addEventListener("mouseenter", show);
  button.addEventListener("click", show);
  return button;
}

/** The squares as one path for each state. */
function squares(cells: readonly CellState[]): SVGSVGElement {
  const perRow = Math.min(CELLS_PER_ROW, cells.length);
  const width = perRow * CELL;
  const height = Math.ceil(cells.length / perRow) * CELL;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.width = `${(perRow / CELLS_PER_ROW) * 100}%`;
  svg.setAttribute("aria-hidden", "true");
  for (const state of ["free", "claimed", "live"] as const) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", `cell-${state}`);
    path.setAttribute("d", pathOf(cells, state, perRow));
    svg.append(path);
  }
  return svg;
}

function pathOf(cells: readonly CellState[], state: CellState, perRow: number): string {
  return cells
    .map((cell, i) => {
      if (cell !== state) return "";
      return `M${(i % perRow) * CELL} ${Math.floor(i / perRow) * CELL}h${CELL - 1}v${CELL - 1}h${1 - CELL}z`;
    })
    .join("");
}

function cellCount({ bucketSizeInPages }: ManagerModel): number {
  return Math.min(bucketSizeInPages, MAX_CELLS);
}

/** One block is in the tab order; the arrow keys go from block to block. */
function roveWithArrows(list: HTMLElement, buttons: readonly HTMLButtonElement[]): void {
  let current = 0;
  const moveTo = (index: number) => {
    current = index;
    for (const [i, button] of buttons.entries()) button.tabIndex = i === current ? 0 : -1;
  };
  moveTo(0);
  list.addEventListener("focusin", ({ target }) =>
    moveTo(buttons.indexOf(target as HTMLButtonElement)),
  );
  list.addEventListener("keydown", (event) => {
    const last = buttons.length - 1;
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
    };
    const step = steps[event.key];
    const target = event.key === "Home" ? 0 : event.key === "End" ? last : step && current + step;
    if (target === undefined) return;
    event.preventDefault();
    buttons[Math.min(Math.max(target, 0), last)]?.focus();
  });
}

function legend(manager: ManagerModel): HTMLElement {
  const pagesPerCell = manager.bucketSizeInPages / cellCount(manager);
  const unit =
    pagesPerCell === 1
      ? "One square is one page of 64 KiB."
      : `One square is about ${Math.round(pagesPerCell)} pages.`;
  const owners = manager.memories.map((memory, place) =>
    swatch(`swatch ${colorClass(place)}`, `memory ${memory.id}: ${titleOf(memory)}`),
  );
  const states = [
    swatch("swatch strong", "in use"),
    swatch("swatch faint", "in a memory, holding nothing"),
    swatch("swatch bare", "owned, never used"),
  ];
  return element(
    "div",
    { class: "legend" },
    element("ul", { "aria-label": "Colors" }, ...owners),
    element("ul", { "aria-label": "Squares" }, ...states),
    element("p", {}, unit),
  );
}

function swatch(className: string, text: string): HTMLElement {
  return element("li", {}, element("span", { class: className, "aria-hidden": "true" }), text);
}

function notShown({ buckets }: ManagerModel): HTMLElement[] {
  if (buckets.length <= MAX_BLOCKS) return [];
  const text = `The first ${formatCount(MAX_BLOCKS)} of ${formatCount(buckets.length)} buckets are shown.`;
  return [element("p", { class: "note" }, text)];
}
