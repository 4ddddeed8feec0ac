import pc from "picocolors";
import { bestOfOurs, formatNs, meanRatio, ofFastest, ratio } from "./figures.js";
import type { Measured, Row } from "./measure.js";

const NAME_WIDTH = 18;
const CELL_WIDTH = 17;

/** Prints what a part gave: a line for each phase, a column for each subject. */
export function printPart({ rows, facts }: Measured, say: (text: string) => void): void {
  const names = [...new Set(rows.flatMap(({ subjects }) => Object.keys(subjects)))];
  const entries = facts.entries.toLocaleString("en-US");
  say(`\n${pc.bold(`${facts.part}, ${entries} entries`)}, ns an operation`);
  say(line("", [...names, "rust / wasm"].map(pad)));
  for (const row of rows) {
    const cells = names.map((name) => pad(cellOf(row, name)));
    say(line(row.phase, [...cells, pad(ratioCell(row))]));
  }
  const bytes = names.map((name) => facts.bytesPerEntry[name]?.toFixed(1) ?? "");
  say(line("bytes an entry", bytes.map(pad)));
}

/** Prints how many times as fast as the crate the engine is over all rows. */
export function printMean(rows: readonly Row[], say: (text: string) => void): void {
  const mean = meanRatio(rows, "rust", bestOfOurs);
  const fastest = meanRatio(rows.map(ofFastest), "rust", bestOfOurs);
  if (Number.isFinite(mean))
    say(
      `${mean.toFixed(2)} times as fast as native Rust, geometric mean over all rows; ` +
        `${fastest.toFixed(2)} times of the fastest rounds`,
    );
}

function cellOf(row: Row, name: string): string {
  const timing = row.subjects[name];
  return timing === undefined ? "" : formatNs(timing.nsPerOp);
}

function ratioCell(row: Row): string {
  const name = bestOfOurs(row);
  const times = name && ratio(row, "rust", name);
  return times === undefined || times === "" ? "" : `${times.toFixed(2)}x`;
}

function pad(cell: string): string {
  return cell.padStart(CELL_WIDTH);
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(NAME_WIDTH) + cells.join("");
}
