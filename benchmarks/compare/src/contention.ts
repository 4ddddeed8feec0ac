/** How long a loop took that needs a core for itself, in milliseconds, over a run. */
export interface Contention {
  readonly fastest: number;
  readonly median: number;
  readonly samples: number;
}

/** Above so many times the fastest, the median tells of a core that is shared. */
const SHARED = 1.15;

const TURNS = 2_000_000;
const WARM_UPS = 20;

/**
 * Finds out whether something else uses the cores of this machine, which a rented one does not see: two
 * threads share a core, and the other may be another tenant's. A loop of additions that do not wait for
 * each other keeps all of a core busy and reads no memory, so only sharing makes it slow, or a slower clock.
 */
export class ContentionGauge {
  readonly #samples: number[] = [];

  constructor() {
    for (let i = 0; i < WARM_UPS; i++) addUp(TURNS);
  }

  /** Runs the loop once, which takes about a millisecond. */
  sample(): void {
    const start = performance.now();
    addUp(TURNS);
    this.#samples.push(performance.now() - start);
  }

  /** What was seen; undefined before the first sample. */
  contention(): Contention | undefined {
    return contentionOf(this.#samples);
  }
}

/** The summary of samples, in any order. */
export function contentionOf(samples: readonly number[]): Contention | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  const [fastest] = sorted;
  const median = sorted[sorted.length >> 1];
  if (fastest === undefined || median === undefined) return undefined;
  return { fastest, median, samples: sorted.length };
}

/** What a reader of the figures must know of it, as a sentence. */
export function describeContention({ fastest, median }: Contention): string {
  const times = median / fastest;
  const found = `between the phases a loop without memory took ${times.toFixed(2)} times as long at the median as at its fastest`;
  return times < SHARED
    ? `Nothing else used the cores, as far as was seen: ${found}.`
    : `The cores were shared with other programs or other machines, or slowed down: ${found}. Figures are as unsteady; the fastest rounds are nearer to a core of its own.`;
}

/** Six sums that do not wait for each other. The result keeps the loop from being left out. */
function addUp(turns: number): number {
  // PERF: taken out of an array, with which they begin in one line, they are not kept in registers: the
  // loop then takes seven times as long, and whether the core is shared does not show (Node 20, 2026-11).
  let a = 1;
  let b = 2;
  let c = 3;
  let d = 4;
  let e = 5;
  let f = 6;
  for (let i = 0; i < turns; i++) {
    a = (a + i) | 0;
    b = (b ^ i) | 0;
    c = (c + a) | 0;
    d = (d ^ b) | 0;
    e = (e + i) | 0;
    f = (f - i) | 0;
  }
  return a ^ b ^ c ^ d ^ e ^ f;
}
