// The picture of a stable memory: a square for each page, in the color of who has it.
import { element } from "../dom.js";
import { formatNumberOf } from "../format.js";
import type { PageOwner } from "./run.js";

const PER_ROW = 16;
const CELL = 10; // with a gap of 1
const SVG = "http://www.w3.org/2000/svg";

const OWNERS: Readonly<Record<PageOwner, string>> = {
  manager: "the manager's tables",
  state: "the state",
  nothing: "owned, never used",
};

export function renderPageGrid(owners: readonly PageOwner[]): HTMLElement {
  const counts = Object.entries(OWNERS)
    .map(([owner, text]) => ({
      owner,
      text,
      count: owners.filter((found) => found === owner).length,
    }))
    .filter(({ count }) => count > 0);
  const legend = counts.map(({ owner, text, count }) =>
    element(
      "li",
      { "data-owner": owner, "data-pages": count },
      element("span", { class: `swatch page-${owner}`, "aria-hidden": "true" }),
      `${formatNumberOf(count, "page")}: ${text}`,
    ),
  );
  return element(
    "div",
    { class: "pages" },
    squares(owners),
    element("ul", { "aria-label": "Who has the pages" }, ...legend),
  );
}

function squares(owners: readonly PageOwner[]): SVGSVGElement {
  const rows = Math.ceil(owners.length / PER_ROW);
  const svg = document.createElementNS(SVG, "svg");
  // Always as wide as a full row: a page is as large in every step.
  svg.setAttribute("viewBox", `0 0 ${PER_ROW * CELL} ${rows * CELL}`);
  svg.setAttribute("aria-hidden", "true");
  for (const owner of Object.keys(OWNERS)) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", `page-${owner}`);
    path.setAttribute("d", owners.map((found, i) => (found === owner ? square(i) : "")).join(""));
    svg.append(path);
  }
  return svg;
}

function square(page: number): string {
  const x = (page % PER_ROW) * CELL;
  const y = Math.floor(page / PER_ROW) * CELL;
  return `M${x} ${y}h${CELL - 1}v${CELL - 1}h${1 - CELL}z`;
}
