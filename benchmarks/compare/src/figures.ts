import type { Row, Timing } from "./measure.js";

/** Rows in which a ratio between two subjects means something: both did the same work. */
export function ratio(row: Row, slower: string, faster: string): number | undefined {
  const [a, b] = [row.subjects[slower], row.subjects[faster]] as (Timing | undefined)[];
  return a === undefined || b === undefined ? undefined : a.nsPerOp / b.nsPerOp;
}

/** The faster of our two ways with integers, as far as a row has them. */
export function bestOfOurs({ subjects }: Row): string | undefined {
  const [first] = ["wasm", "wasm-number"]
    .filter((name) => subjects[name] !== undefined)
    .sort((a, b) => (subjects[a] as Timing).nsPerOp - (subjects[b] as Timing).nsPerOp);
  return first;
}

/**
 * How many times as fast one subject is as another: the geometric mean over rows that have both. The
 * faster may be another one in each row.
 */
export function meanRatio(
  rows: readonly Row[],
  slower: string,
  faster: string | typeof bestOfOurs,
): number {
  const ratios = rows
    .map((row) => ratio(row, slower, typeof faster === "string" ? faster : (faster(row) ?? "")))
    .filter((number) => number !== undefined);
  return Math.exp(ratios.reduce((sum, number) => sum + Math.log(number), 0) / ratios.length);
}

/** A row of the fastest rounds in place of the medians: what is left when whatever else runs pauses. */
export function ofFastest(row: Row): Row {
  const subjects = Object.entries(row.subjects).map(
    ([name, timing]) => [name, { ...timing, nsPerOp: timing.min }] as const,
  );
  return { ...row, subjects: Object.fromEntries(subjects) };
}

/** Nanoseconds for a table: three digits that count. */
export function formatNs(nanoseconds: number): string {
  if (nanoseconds >= 1000) return Math.round(nanoseconds).toLocaleString("en-US");
  return nanoseconds >= 100 ? nanoseconds.toFixed(0) : nanoseconds.toFixed(1);
}
