// The table of a manager's memories. One that holds a manager opens to a table of its own.
import { colorClass, element, headerRow, scrollable } from "./dom.js";
import {
  formatBytes,
  formatCount,
  formatNumberOf,
  formatNumbers,
  formatPagesAsBytes,
} from "./format.js";
import { type ManagerModel, type MemoryModel, titleOf } from "./model.js";

const COLUMNS = [
  { header: "Memory", numeric: false },
  { header: "Structure", numeric: false },
  { header: "Entries", numeric: true },
  { header: "Pages", numeric: true },
  { header: "Buckets", numeric: false },
  { header: "Owned pages", numeric: true },
  { header: "Slack pages", numeric: true },
  { header: "Slack", numeric: true },
];

const SLACK_NOTE =
  "Slack: pages of a memory's buckets that it owns and has never grown into. No other memory can use them.";

export function renderMemoryTable(manager: ManagerModel): HTMLElement {
  const memories = table(manager, `The manager at page ${manager.startPage}`);
  return element(
    "div",
    {},
    scrollable("Memories of the manager", memories),
    element("p", { class: "note" }, SLACK_NOTE),
  );
}

function table(manager: ManagerModel, caption: string): HTMLTableElement {
  const size = `buckets of ${formatNumberOf(manager.bucketSizeInPages, "page")}`;
  return element(
    "table",
    {},
    element(
      "caption",
      {},
      `${caption}: ${formatNumberOf(manager.memories.length, "memory", "memories")}, ${size}`,
    ),
    headerRow(COLUMNS),
    element("tbody", {}, ...manager.memories.flatMap((memory, place) => rowsOf(memory, place))),
    footer(manager),
  );
}

/** The row of a memory, and a hidden one with the table of what is inside it. */
function rowsOf(memory: MemoryModel, place: number): HTMLElement[] {
  const row = element("tr", { "data-memory": memory.path.join("-") }, ...cellsOf(memory, place));
  if (!memory.manager) return [row];
  const id = `inside-${memory.path.join("-")}`;
  const inside = table(memory.manager, `Inside memory ${memory.id}`);
  const nested = element(
    "tr",
    { id, class: "nested" },
    element("td", { colspan: COLUMNS.length }, inside),
  );
  nested.hidden = true;
  row.children[1]?.replaceChildren(toggle(titleOf(memory), nested));
  return [row, nested];
}

function cellsOf(memory: MemoryModel, place: number): HTMLElement[] {
  const { path, id, name, problem, map, pages, buckets, ownedPages, slackPages } = memory;
  const color =
    path.length === 1
      ? [element("span", { class: `swatch ${colorClass(place)}`, "aria-hidden": "true" })]
      : [];
  const structure =
    problem === undefined ? [titleOf(memory)] : [titleOf(memory), problemOf(problem)];
  const owned = `${formatCount(buckets.length)} (${buckets.length === 1 ? "number" : "numbers"} ${formatNumbers(buckets)})`;
  return [
    element("th", { scope: "row" }, ...color, name === undefined ? `${id}` : `${id} ${name}`),
    element("td", {}, ...structure),
    number(map ? formatCount(map.entries) : ""),
    number(formatCount(pages)),
    element("td", {}, buckets.length === 0 ? "none" : owned),
    number(formatCount(ownedPages)),
    number(formatCount(slackPages)),
    number(formatPagesAsBytes(slackPages)),
  ];
}

function footer({ memories, buckets }: ManagerModel): HTMLElement {
  const sum = (of: (memory: MemoryModel) => number) =>
    memories.reduce((total, memory) => total + of(memory), 0);
  const slack = sum((memory) => memory.slackPages);
  return element(
    "tfoot",
    {},
    element(
      "tr",
      {},
      element("th", { scope: "row", colspan: 2 }, "All memories"),
      number(formatCount(sum(({ map }) => map?.entries ?? 0))),
      number(formatCount(sum(({ pages }) => pages))),
      element("td", {}, formatCount(buckets.length)),
      number(formatCount(sum(({ ownedPages }) => ownedPages))),
      number(formatCount(slack)),
      number(slack === 0 ? formatBytes(0) : formatPagesAsBytes(slack)),
    ),
  );
}

function toggle(text: string, nested: HTMLElement): HTMLButtonElement {
  const button = element(
    "button",
    { type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": nested.id },
    text,
  );
  button.addEventListener("click", () => {
    nested.hidden = !nested.hidden;
    button.setAttribute("aria-expanded", `${!nested.hidden}`);
  });
  return button;
}

function problemOf(text: string): HTMLElement {
  return element("span", { class: "problem" }, `Not readable: ${text}`);
}

function number(text: string): HTMLTableCellElement {
  return element("td", { class: "number" }, text);
}
