// The figures of a run, in words.
import {
  formatNs,
  meanRatio,
  type Phase,
  type Row,
  ratio,
  type Timing,
} from "@stable-structures/benchmarks-compare/engines";
import { formatCount } from "../format.js";
import type { Outcome } from "./run.js";

export const ENGINE_NAMES = { wasm: "WebAssembly", js: "JavaScript" } as const;

/** What is counted as one operation of a phase. */
const OPERATIONS: Readonly<Partial<Record<Phase, string>>> = {
  insert: "one new key, in random order",
  get: "one key that is there",
  "get-absent": "one key that is not there",
  iterate: "one entry of all, decoded",
  range: "one entry of ranges of 100, decoded",
  "get-many": "one key of an array given at once",
  remove: "one key, until the map is empty",
  "insert-many": "one new key of many given at once",
};

/** A phase as it is shown. */
export interface Figure {
  readonly phase: string;
  readonly operation: string;
  readonly wasm: Timing;
  readonly js: Timing;
  /** "19 times as fast" */
  readonly comparison: string;
}

/** Figures of the phases that both engines ran. */
export function figuresOf({ rows }: Outcome): Figure[] {
  return rows.map((row) => {
    const { wasm, js } = row.subjects;
    const times = ratio(row, "js", "wasm");
    if (!wasm || !js || times === undefined) throw new Error(`${row.phase} lacks an engine`);
    return {
      phase: row.phase,
      operation: OPERATIONS[row.phase] ?? "",
      wasm,
      js,
      comparison: formatTimes(times),
    };
  });
}

/** A heading over all phases. */
export function titleOf({ rows, part }: Outcome): string {
  const times = formatTimes(meanRatio(rows as Row[], "js", "wasm"));
  const { name, case: chosen } = part;
  return `${name}, ${formatCount(chosen.entries)} entries: WebAssembly ${times} as JavaScript`;
}

/** 19.2 as "19 times as fast", 0.95 as "0.95 times as fast". */
export function formatTimes(times: number): string {
  const digits = times >= 10 ? 0 : times >= 1 ? 1 : 2;
  return `${times.toFixed(digits)} times as fast`;
}

/** "1,234 (1,200–1,300)": the median, the least and the most. */
export function formatTiming({ nsPerOp, min, max }: Timing): string {
  return `${formatNs(nsPerOp)} (${formatNs(min)}–${formatNs(max)})`;
}
