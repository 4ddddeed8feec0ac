import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { FLOORS } from "../src/case.js";
import { chartOf } from "../src/chart.js";
import { bestOfOurs, formatNs, meanRatio, ofFastest } from "../src/figures.js";
import type { Row } from "../src/measure.js";
import { pageWith } from "../src/page.js";
import type { Result } from "../src/report.js";

const timing = (nsPerOp: number) => ({ nsPerOp, min: nsPerOp, max: nsPerOp, runs: 5 });
const row = (phase: Row["phase"], subjects: Record<string, number>): Row => ({
  row: `part, ${phase}`,
  phase,
  entries: 10,
  subjects: Object.fromEntries(
    Object.entries(subjects).map(([name, nsPerOp]) => [name, timing(nsPerOp)]),
  ),
});
const rows = [
  row("insert", { wasm: 100, "wasm-number": 80, js: 900, rust: 400 }),
  row("get", { wasm: 50, js: 700, rust: 50 }),
];

test("a mean over rows is geometric, over rows that have both", () => {
  expect(meanRatio(rows, "rust", "wasm")).toBeCloseTo(2);
  expect(meanRatio(rows, "rust", "wasm-number")).toBeCloseTo(5);
  expect(meanRatio(rows, "rust", bestOfOurs)).toBeCloseTo(Math.sqrt(5));
});

test("the faster of our two ways with integers counts", () => {
  expect(rows.map(bestOfOurs)).toEqual(["wasm-number", "wasm"]);
});

test("a row of the fastest rounds has each subject's fastest", () => {
  const [insert] = rows as [Row];
  const uneven = {
    ...insert,
    subjects: {
      wasm: { nsPerOp: 10, min: 4, max: 11, runs: 5 },
      rust: { nsPerOp: 10, min: 8, max: 12, runs: 5 },
    },
  };
  expect(meanRatio([uneven].map(ofFastest), "rust", "wasm")).toBeCloseTo(2);
  expect(meanRatio([uneven], "rust", "wasm")).toBeCloseTo(1);
});

test("what could be reached at best is in no mean over rows", () => {
  const floors = FLOORS.map((floor) => row(floor, { wasm: 1, "wasm-number": 1 }));
  for (const ours of ["wasm", "wasm-number", bestOfOurs] as const)
    expect(meanRatio([...rows, ...floors], "rust", ours)).toBe(meanRatio(rows, "rust", ours));
});

test("the page says how far a phase is from its floor, by the same subject", () => {
  const machine = { cpu: "", cores: 1, memoryInGiB: 1, node: "", platform: "" };
  const floors = [row("floor", { wasm: 20 }), row("floor-change", { wasm: 1, "wasm-number": 40 })];
  const facts = [{ part: "part", entries: 10, bytesPerEntry: {} }];
  const marks = "<!-- figures: written by npm run bench:publish --><!-- end of figures -->";
  const result = { machine, date: "", command: "", rows: [...rows, ...floors], facts, counts: [] };
  const page = pageWith(marks, result);
  expect(page).toContain("| insert | 100 | 80.0 | 900 | 400 | 5.00× | 2.00× |");
  expect(page).toContain("| get | 50.0 |  | 700 | 50.0 | 1.00× | 2.50× |");
  expect(page).toContain("| floor | 20.0 |  |  |  |  |  |");
});

test("the page says whether the cores were shared, of a result that tells", () => {
  const machine = { cpu: "", cores: 1, memoryInGiB: 1, node: "", platform: "" };
  const marks = "<!-- figures: written by npm run bench:publish --><!-- end of figures -->";
  const result = { machine, date: "", command: "", rows, facts: [], counts: [] };
  const shared = { ...result, contention: { fastest: 1, median: 1.6, samples: 9 } };
  expect(pageWith(marks, shared)).toContain("cores were shared");
  expect(pageWith(marks, result)).not.toContain("cores were shared");
});

test("nanoseconds keep three digits", () => {
  expect([9.876, 98.76, 987.6, 9876.5].map(formatNs)).toEqual(["9.9", "98.8", "988", "9,877"]);
});

test("the chart has a dot for each subject of each phase", () => {
  const machine = { cpu: "", cores: 1, memoryInGiB: 1, node: "", platform: "" };
  const chart = chartOf({ machine, date: "", command: "", rows, facts: [], counts: [] });
  const legend = 4;
  expect(chart.match(/<circle /g)).toHaveLength(legend + 4 + 3);
  expect(chart).toContain("part, 10 entries");
});

describe("docs", () => {
  const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));
  const read = (name: string) => readFileSync(docs + name, "utf8");

  test("benchmarks.md and its chart show what benchmarks.json has", () => {
    expect(existsSync(`${docs}benchmarks.json`)).toBe(true);
    const result: Result = JSON.parse(read("benchmarks.json"));
    expect(pageWith(read("benchmarks.md"), result)).toBe(read("benchmarks.md"));
    expect(chartOf(result)).toBe(read("benchmarks.svg"));
  });
});
