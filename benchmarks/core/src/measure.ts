import { performance } from "node:perf_hooks";

/** Something to time: `run(i)` does access number `i`. */
export interface Subject {
  readonly name: string;
  readonly run: (index: number) => void;
}

/** Nanoseconds of one access. */
export interface Timing {
  readonly nsPerOp: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** How much to measure. */
export interface Effort {
  /** Timed runs of each subject; the median counts. */
  readonly runs: number;
  /** About how long one run takes, in milliseconds. */
  readonly runMilliseconds: number;
}

/**
 * Times every subject in turn, round after round, so that whatever else the machine does meets all of
 * them alike. The first round is not counted.
 */
export function measure(subjects: readonly Subject[], effort: Effort): Timing[] {
  const loops = subjects.map(({ run }) => loopOf(run));
  const counts = loops.map((loop) => calibrate(loop, effort.runMilliseconds));
  const samples: number[][] = subjects.map(() => []);
  for (let round = 0; round <= effort.runs; round++) {
    loops.forEach((loop, i) => {
      const ns = time(loop, counts[i] as number);
      if (round > 0) samples[i]?.push(ns);
    });
  }
  return samples.map(summary);
}

type Loop = (count: number) => void;

/**
 * A loop of its own code for each subject: a shared one would call all of them through one place, and
 * none could be inlined.
 */
function loopOf(run: (index: number) => void): Loop {
  return new Function("run", "return (count) => { for (let i = 0; i < count; i++) run(i); }")(run);
}

function calibrate(loop: Loop, milliseconds: number): number {
  let count = 256;
  loop(count * 64); // warm up
  while (time(loop, count) * count < milliseconds * 1e6) count *= 2;
  return count;
}

function time(loop: Loop, count: number): number {
  const start = performance.now();
  loop(count);
  return ((performance.now() - start) * 1e6) / count;
}

function summary(samples: number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b);
  const nsPerOp = sorted[sorted.length >> 1] as number;
  return { nsPerOp, min: sorted[0] as number, max: sorted.at(-1) as number, runs: sorted.length };
}
