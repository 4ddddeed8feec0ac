// Bars of one phase: the nanoseconds of each engine, from zero.

import * as Plot from "@observablehq/plot";
import { formatNs, type Timing } from "@stable-structures/benchmarks-compare/engines";
import { ENGINE_NAMES } from "./figures.js";

const WIDTH = 380;
const LABEL_WIDTH = 92;
const VALUE_WIDTH = 76;

export function barsOf(wasm: Timing, js: Timing): SVGElement | HTMLElement {
  const bars = [
    { engine: ENGINE_NAMES.wasm, ...wasm },
    { engine: ENGINE_NAMES.js, ...js },
  ];
  const engines = Object.values(ENGINE_NAMES);
  const plot = Plot.plot({
    width: WIDTH,
    height: 60,
    marginLeft: LABEL_WIDTH,
    marginRight: VALUE_WIDTH,
    marginTop: 2,
    marginBottom: 2,
    style: { fontSize: "12px", background: "none" },
    x: { domain: [0, Math.max(wasm.nsPerOp, js.nsPerOp)], axis: null },
    y: { domain: engines, label: null, tickSize: 0, padding: 0.25 },
    color: { domain: engines, range: ["var(--color-0)", "var(--color-1)"] },
    marks: [
      Plot.barX(bars, { x: "nsPerOp", y: "engine", fill: "engine" }),
      Plot.text(bars, {
        x: "nsPerOp",
        y: "engine",
        text: ({ nsPerOp }: Timing) => `${formatNs(nsPerOp)} ns`,
        textAnchor: "start",
        dx: 6,
      }),
    ],
  });
  plot.setAttribute("aria-hidden", "true");
  return plot;
}
