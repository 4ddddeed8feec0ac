// What a run gave, on the page: bars of each phase, the numbers, and what proves that the work was the same.
import { element, headerRow, scrollable } from "../dom.js";
import { formatNumberOf } from "../format.js";
import { barsOf } from "./chart.js";
import { ENGINE_NAMES, type Figure, figuresOf, formatTiming, titleOf } from "./figures.js";
import { ENGINES, type Outcome } from "./run.js";

const COLUMNS = [
  { header: "Phase", numeric: false },
  { header: "WebAssembly, ns", numeric: true },
  { header: "JavaScript, ns", numeric: true },
  { header: "WebAssembly is", numeric: false },
];

/** @param about the browser and the machine, in a sentence */
export function renderOutcome(outcome: Outcome, about: string): HTMLElement[] {
  const figures = figuresOf(outcome);
  return [
    element("h2", { id: "benchmark-result-title" }, titleOf(outcome)),
    element(
      "p",
      { class: "note" },
      "Nanoseconds an operation; shorter is faster. Each phase has a scale of its own, from zero. " +
        "The heading has the geometric mean of the phases.",
    ),
    element("div", { class: "phases" }, ...figures.map(renderFigure)),
    renderTable(figures),
    renderProof(outcome),
    element("p", { class: "note", id: "benchmark-about" }, about),
  ];
}

function renderFigure({ phase, operation, comparison, wasm, js }: Figure): HTMLElement {
  const caption = element(
    "figcaption",
    {},
    element("code", {}, phase),
    element("strong", {}, comparison),
    element("span", { class: "note" }, operation),
  );
  return element("figure", { "data-phase": phase }, caption, barsOf(wasm, js));
}

function renderTable(figures: readonly Figure[]): HTMLElement {
  const rows = figures.map(({ phase, wasm, js, comparison }) =>
    element(
      "tr",
      { "data-phase": phase },
      element("th", { scope: "row" }, element("code", {}, phase)),
      element("td", { class: "number" }, formatTiming(wasm)),
      element("td", { class: "number" }, formatTiming(js)),
      element("td", {}, comparison),
    ),
  );
  const runs = figures[0]?.wasm.runs ?? 0;
  const caption = `Medians of ${runs} rounds, with the least and the most`;
  const table = element(
    "table",
    {},
    element("caption", {}, caption),
    headerRow(COLUMNS),
    element("tbody", {}, ...rows),
  );
  return scrollable("Nanoseconds an operation", table);
}

function renderProof({ images }: Outcome): HTMLElement {
  const hashes = ENGINES.map((engine) => {
    const { sha256, pages } = images[engine];
    return element(
      "div",
      { "data-engine": engine },
      element("dt", {}, `${ENGINE_NAMES[engine]}, ${formatNumberOf(pages, "page")}, SHA-256`),
      element("dd", {}, element("code", {}, sha256)),
    );
  });
  return element(
    "div",
    { class: "proof" },
    element(
      "p",
      {},
      "Both engines found the same in every phase of every round, and after the last insertion they left the same image, byte for byte:",
    ),
    element("dl", {}, ...hashes),
  );
}
