import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Row } from "./measure.js";
import type { Result } from "./report.js";

/** Subjects in the order of the legend, each with a color that works on a light and a dark ground. */
const COLORS: Readonly<Record<string, string>> = {
  "wasm-number": "#7c3aed",
  wasm: "#a78bfa",
  js: "#2f9e5f",
  rust: "#d9480f",
  "sorted-btree": "#1c7ed6",
  Map: "#74b8f5",
  lmdb: "#c2255c",
  "better-sqlite3": "#b08900",
  "classic-level": "#868e96",
};

const WIDTH = 760;
const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 74;
const LEGEND_HEIGHT = 34;

/** The text of an SVG image: a panel for each part with rivals in it, a line for each phase, a dot for each subject. */
export function chartOf({ rows }: Result): string {
  const parts = partsOf(rows).filter((part) => part.rows.some(({ subjects }) => subjects.js));
  const domain = extentOf(parts.flatMap((part) => part.rows));
  let top = LEGEND_HEIGHT;
  const panels = parts.map((part) => {
    const panel = placed(panelOf(part, domain), top);
    top += heightOf(part);
    return panel;
  });
  const names = Object.keys(COLORS).filter((name) => rows.some((row) => name in row.subjects));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-labelledby="title description">`,
    `<title id="title">Nanoseconds an operation</title>`,
    `<desc id="description">The figures of docs/benchmarks.md as dots on a logarithmic scale; the further to the left the faster.</desc>`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${top}"/>`,
    placed(legendOf(names), 0),
    ...panels,
    "</svg>\n",
  ].join("\n");
}

const STYLE = `<style>
  svg { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; color: #1a202c; fill: currentColor; }
  .ground { fill: #ffffff; }
  @media (prefers-color-scheme: dark) { svg { color: #e2e8f0; } .ground { fill: #0f141b; } }
</style>`;

interface Part {
  readonly name: string;
  readonly entries: number;
  readonly rows: readonly Row[];
}

function partsOf(rows: readonly Row[]): Part[] {
  const names = new Set(rows.map(partName));
  return [...names].map((name) => {
    const own = rows.filter((row) => partName(row) === name);
    return { name, entries: own[0]?.entries ?? 0, rows: own };
  });
}

function partName({ row, phase }: Row): string {
  return row.slice(0, -`, ${phase}`.length);
}

function heightOf({ rows }: Part): number {
  return HEAD_HEIGHT + rows.length * ROW_HEIGHT;
}

/** The least and the most nanoseconds, with room for half a dot. */
function extentOf(rows: readonly Row[]): [number, number] {
  const all = rows.flatMap(({ subjects }) => Object.values(subjects).map(({ nsPerOp }) => nsPerOp));
  return [Math.min(...all) * 0.9, Math.max(...all) * 1.1];
}

function panelOf(part: Part, domain: [number, number]): string {
  const dots = part.rows.flatMap(({ phase, subjects }) =>
    Object.entries(subjects).map(([subject, { nsPerOp }]) => ({ phase, subject, nsPerOp })),
  );
  return svgOf({
    width: WIDTH,
    height: heightOf(part),
    marginLeft: 120,
    marginTop: 44,
    marginBottom: 28,
    x: {
      type: "log",
      domain,
      grid: true,
      label: `${part.name}, ${part.entries.toLocaleString("en-US")} entries: ns an operation →`,
      labelAnchor: "left",
      labelOffset: 40,
      axis: "top",
      tickFormat: ",",
      ticks: 5,
    },
    y: { domain: part.rows.map(({ phase }) => phase), label: null, grid: true },
    color: scale(),
    marks: [Plot.dot(dots, { x: "nsPerOp", y: "phase", fill: "subject", r: 5 })],
  });
}

function legendOf(names: readonly string[]): string {
  let left = 0;
  const items = names.map((name) => {
    const item = { name, left };
    left += 38 + name.length * 6;
    return item;
  });
  return svgOf({
    width: WIDTH,
    height: LEGEND_HEIGHT,
    marginLeft: 16,
    marginRight: 16,
    x: { type: "linear", domain: [0, WIDTH - 32], axis: null },
    color: scale(),
    marks: [
      Plot.dot(items, { x: "left", fill: "name", r: 5 }),
      Plot.text(items, { x: "left", text: "name", dx: 9, textAnchor: "start" }),
    ],
  });
}

function scale(): Plot.ScaleOptions {
  return { domain: Object.keys(COLORS), range: Object.values(COLORS) };
}

function svgOf(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  return Plot.plot({ ...options, document: document as unknown as Document }).outerHTML;
}

function placed(svg: string, top: number): string {
  return svg.replace("<svg ", `<svg y="${top}" `);
}
