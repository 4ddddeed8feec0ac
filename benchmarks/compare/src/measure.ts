import type { Case, Phase } from "./case.js";
import type { Part } from "./plan.js";
import type { Done, Subject } from "./subject.js";

/** Nanoseconds of one operation. */
export interface Timing {
  readonly nsPerOp: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** One thing that was measured. */
export interface Row {
  readonly row: string;
  readonly phase: Phase;
  readonly entries: number;
  readonly subjects: Readonly<Record<string, Timing>>;
}

/** What else is known of a part. */
export interface Facts {
  readonly part: string;
  readonly entries: number;
  /** Bytes for one entry, after the insertion in random order. */
  readonly bytesPerEntry: Readonly<Record<string, number>>;
}

/** What one part gave. */
export interface Measured {
  readonly rows: Row[];
  readonly facts: Facts;
  /** `sha256 HEX pages N` of what each subject left, where it has an image; all are equal. */
  readonly images: ReadonlyMap<string, string>;
}

/** Where a measurement is. */
export interface Step {
  /** `round 1 of 5, get` */
  readonly text: string;
  readonly done: number;
  readonly total: number;
}

/** Two subjects found different things or left different images: there are no figures to give. */
export class DisagreementError extends Error {
  override readonly name = "DisagreementError";
}

/** Timed rounds, at least; their median counts. */
export const LEAST_ROUNDS = 5;

/** Rounds before them are not counted: they touch the memory, and run the code this often until it is compiled. */
const WARM_UP_OPERATIONS = 250_000;

/** How often a part is run without the watch, and with it. */
export interface Rounds {
  readonly warmUps: number;
  readonly timed: number;
}

/** As many rounds as a figure needs that is to be published, or with a shorter warm-up. */
export function roundsFor(entries: number, warmUpOperations = WARM_UP_OPERATIONS): Rounds {
  return { warmUps: Math.ceil(warmUpOperations / entries), timed: LEAST_ROUNDS };
}

/**
 * Measures a part: round after round every subject in turn, so that whatever else the machine does meets
 * all of them alike. A subject runs the phases of a sequence without a pause: while one waits for others,
 * V8 shrinks its heap and forgets code, and what comes next takes twice as long.
 * @throws DisagreementError when two subjects did not do the same work, or left different images.
 */
export async function measurePart(
  part: Part,
  subjects: readonly Subject[],
  progress: (step: Step) => void,
  rounds: Rounds = roundsFor(part.case.entries),
): Promise<Measured> {
  const samples = new Map<Phase, Map<string, number[]>>();
  const total = (rounds.warmUps + rounds.timed) * part.sequences.flat().length * subjects.length;
  let done = 0;
  for (const subject of subjects) await subject.prepare(part.case);
  for (let round = 1 - rounds.warmUps; round <= rounds.timed; round++) {
    for (const sequence of part.sequences) {
      const report = (phase: Phase, { name }: Subject) =>
        progress({ text: `${roundName(round, rounds)}, ${phase}, ${name}`, done: done++, total });
      const results = await runSequence(sequence, subjects, report);
      if (round > 0) for (const [phase, ofPhase] of results) keep(samples, phase, ofPhase);
    }
  }
  const { entries } = part.case;
  const { bytesPerEntry, images } = await compareResults(part.case, subjects);
  const rows = [...samples].map(([phase, timings]) => ({
    row: `${part.name}, ${phase}`,
    phase,
    entries,
    subjects: Object.fromEntries(
      [...timings].map(([name, sample]) => [name, summary(sample)] as const),
    ),
  }));
  return { rows, facts: { part: part.name, entries, bytesPerEntry }, images };
}

function roundName(round: number, { timed }: Rounds): string {
  return round > 0 ? `round ${round} of ${timed}` : "warming up";
}

/**
 * Phases that are over so soon, in a twentieth of a second with a million entries, that V8 spends a third
 * of them making fast code of the very loop that measures. They run twice, and the second time counts.
 */
const RUN_TWICE: ReadonlySet<Phase> = new Set(["iterate", "range", "floor-iterate"]);

/** Runs all phases of a sequence from empty maps, on one subject after the other. */
async function runSequence(
  sequence: readonly Phase[],
  subjects: readonly Subject[],
  report: (phase: Phase, subject: Subject) => void,
): Promise<ReadonlyMap<Phase, ReadonlyMap<string, Done>>> {
  const results = new Map(sequence.map((phase) => [phase, new Map<string, Done>()]));
  for (const subject of subjects) {
    await subject.reset();
    for (const [phase, ofPhase] of results) {
      report(phase, subject);
      if (RUN_TWICE.has(phase)) await subject.run(phase);
      const done = await subject.run(phase);
      if (done !== undefined) ofPhase.set(subject.name, done);
    }
  }
  for (const [phase, ofPhase] of results) checkWork(phase, ofPhase);
  return results;
}

/** @throws DisagreementError when a subject found something else than another. */
export function checkWork(phase: Phase, results: ReadonlyMap<string, Done>): void {
  const [first] = results;
  for (const [name, { operations, checksum }] of results) {
    const [other, expected] = first as [string, Done];
    // A subject that answers slowly is asked less; then the sums differ as well.
    if (operations !== expected.operations || checksum === expected.checksum) continue;
    throw new DisagreementError(
      `${phase}: ${name} found ${checksum} and ${other} ${expected.checksum}: not the same work`,
    );
  }
}

/** Fills the maps once more; gives the images, and the bytes of an entry where they can be told. */
async function compareResults(
  chosen: Case,
  subjects: readonly Subject[],
): Promise<{ bytesPerEntry: Record<string, number>; images: ReadonlyMap<string, string> }> {
  for (const subject of subjects) {
    // In new memory: that of before is as large as its largest phase, and not all had all of them.
    await subject.prepare(chosen);
  }
  await runSequence(["insert"], subjects, () => undefined);
  const images = await compareImages(subjects);
  const bytesPerEntry: Record<string, number> = {};
  for (const subject of subjects) {
    const bytes = await subject.bytes();
    if (bytes !== undefined) bytesPerEntry[subject.name] = bytes / chosen.entries;
  }
  return { bytesPerEntry, images };
}

async function compareImages(subjects: readonly Subject[]): Promise<ReadonlyMap<string, string>> {
  const images = new Map<string, string>();
  for (const subject of subjects) {
    const image = await subject.image().catch(() => undefined);
    if (image !== undefined) images.set(subject.name, image);
  }
  if (new Set(images.values()).size > 1) {
    const list = [...images].map(([name, image]) => `${name}: ${image}`).join("\n  ");
    throw new DisagreementError(`the images differ:\n  ${list}`);
  }
  return images;
}

function keep(
  samples: Map<Phase, Map<string, number[]>>,
  phase: Phase,
  results: ReadonlyMap<string, Done>,
): void {
  const ofPhase = samples.get(phase) ?? new Map<string, number[]>();
  samples.set(phase, ofPhase);
  for (const [name, { nsPerOp }] of results)
    ofPhase.set(name, [...(ofPhase.get(name) ?? []), nsPerOp]);
}

function summary(sample: readonly number[]): Timing {
  const sorted = sample.toSorted((a, b) => a - b);
  const nsPerOp = sorted[sorted.length >> 1] as number;
  return { nsPerOp, min: sorted[0] as number, max: sorted.at(-1) as number, runs: sorted.length };
}
