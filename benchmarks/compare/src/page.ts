import { FLOOR_OF } from "./case.js";
import { describeContention } from "./contention.js";
import { bestOfOurs, formatNs, meanRatio, ratio } from "./figures.js";
import type { Facts, Row } from "./measure.js";
import { type CountRow, describeMachine, type Result } from "./report.js";

const BEGIN = "<!-- figures: written by npm run bench:publish -->";
const END = "<!-- end of figures -->";

/** The page with the figures of a result between its two marks. @throws Error when a mark is missing. */
export function pageWith(page: string, result: Result): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the page lacks ${BEGIN} or ${END}`);
  return `${before}${BEGIN}\n\n${figures(result)}\n\n${END}${after}`;
}

function figures(result: Result): string {
  return [
    `Measured on ${result.date}: ${describeMachine(result.machine)}. \`${result.command}\``,
    ...(result.contention ? [describeContention(result.contention)] : []),
    "![Nanoseconds an operation, as dots on a logarithmic scale](benchmarks.svg)",
    means(result.rows),
    ...result.facts.map((facts) => partTable(facts, result.rows)),
    countTable(result.counts),
  ].join("\n\n");
}

function means(rows: readonly Row[]): string {
  const others = ["rust", "sorted-btree", "Map", "lmdb", "better-sqlite3", "classic-level", "js"];
  const lines = others.map((other) => {
    const ours = ["wasm", "wasm-number", bestOfOurs] as const;
    return tableRow([
      `against ${other}`,
      ...ours.map((each) => times(meanRatio(rows, other, each))),
    ]);
  });
  const names = ["`bigint` codecs, and byte values", "`number` codecs", "the faster in each row"];
  return [
    "How many times as fast our engine is, geometric mean over all rows that both have:",
    [tableRow(["", ...names]), "| --- | ---: | ---: | ---: |", ...lines].join("\n"),
  ].join("\n\n");
}

function partTable({ part, entries, bytesPerEntry }: Facts, all: readonly Row[]): string {
  const rows = all.filter(({ row, phase }) => row === `${part}, ${phase}`);
  const names = [...new Set(rows.flatMap(({ subjects }) => Object.keys(subjects)))];
  const lines = rows.map((row) => {
    const cells = names.map((name) => row.subjects[name]?.nsPerOp);
    const ours = bestOfOurs(row) ?? "";
    const ratios = [ratio(row, "rust", ours), overFloor(row, rows, ours)];
    return tableRow([row.phase, ...cells.map(cellOf), ...ratios.map(times)]);
  });
  const bytes = names.map((name) => bytesPerEntry[name]?.toFixed(1));
  return [
    `### ${part}, ${entries.toLocaleString("en-US")} entries`,
    [
      tableRow(["ns an operation", ...names, "Rust ÷ ours", "ours ÷ floor"]),
      `| --- |${" ---: |".repeat(names.length + 2)}`,
      ...lines,
      tableRow(["bytes an entry", ...bytes, "", ""]),
    ].join("\n"),
  ].join("\n\n");
}

/** How many times as long a subject takes as its floor, where the part has one. */
function overFloor(row: Row, part: readonly Row[], subject: string): number | undefined {
  const floor = part.find(({ phase }) => phase === FLOOR_OF[row.phase])?.subjects[subject];
  const time = row.subjects[subject];
  return floor && time && time.nsPerOp / floor.nsPerOp;
}

function countTable(counts: readonly CountRow[]): string {
  const whats = [...new Set(counts.flatMap(({ counts: numbers }) => Object.keys(numbers)))];
  const lines = counts.map(({ row, subject, counts: numbers }) =>
    tableRow([row, subject, ...whats.map((what) => numbers[what]?.toFixed(2))]),
  );
  return [
    "### Counted, for one operation",
    [
      tableRow(["", "engine", ...whats]),
      `| --- | --- |${" ---: |".repeat(whats.length)}`,
      ...lines,
    ].join("\n"),
  ].join("\n\n");
}

function cellOf(nanoseconds: number | undefined): string | undefined {
  return nanoseconds === undefined ? undefined : formatNs(nanoseconds);
}

function times(number: number | undefined): string | undefined {
  return number === undefined || Number.isNaN(number) ? undefined : `${number.toFixed(2)}×`;
}

function tableRow(cells: readonly (string | undefined)[]): string {
  return `| ${cells.map((cell) => cell ?? "").join(" | ")} |`;
}
