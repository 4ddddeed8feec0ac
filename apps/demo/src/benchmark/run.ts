// What can be chosen, and what a run gives.
import {
  DisagreementError,
  MAPS,
  measurePart,
  type Part,
  PHASES,
  type Rounds,
  type Row,
  roundsFor,
  type Step,
  type Subject,
} from "@stable-structures/benchmarks-compare/engines";

export const ENGINES = ["wasm", "js"] as const;

/** Names of the types that can be chosen. */
export const TYPES: readonly string[] = MAPS.map(({ name }) => name);

export const ENTRY_COUNTS = [2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
export const DEFAULT_ENTRIES = 10_000;

/** Enough to have the code compiled; `benchmarks/compare` takes more, and a visitor would not wait for it. */
const WARM_UP_OPERATIONS = 30_000;

/** The part of `benchmarks/compare` that this choice is. */
export function partOf(type: string, entries: number): Part {
  const types = MAPS.find(({ name }) => name === type);
  if (types === undefined) throw new Error(`there are no types ${type}`);
  const { name, keys, values } = types;
  return {
    name,
    case: { keys, values, entries, bucketSizeInPages: 128, maps: 1 },
    sequences: PHASES,
    subjects: ENGINES,
  };
}

/** The image that an engine left. */
interface ImageFacts {
  readonly sha256: string;
  readonly pages: number;
}

/** What a run gave: figures of both engines for the same work. */
export interface Outcome {
  readonly part: Part;
  readonly rows: readonly Row[];
  readonly images: Readonly<Record<(typeof ENGINES)[number], ImageFacts>>;
}

/**
 * Measures both engines.
 * @throws DisagreementError when they did not do the same work, or did not leave the same image.
 */
export async function runBenchmark(
  part: Part,
  subjects: readonly Subject[],
  progress: (step: Step) => void,
  rounds: Rounds = roundsFor(part.case.entries, WARM_UP_OPERATIONS),
): Promise<Outcome> {
  const { rows, images } = await measurePart(part, subjects, progress, rounds);
  const [wasm, js] = ENGINES.map((engine) => imageFacts(engine, images.get(engine)));
  return { part, rows, images: { wasm: wasm as ImageFacts, js: js as ImageFacts } };
}

function imageFacts(engine: string, answer = ""): ImageFacts {
  const [, sha256, pages] = /^sha256 ([0-9a-f]{64}) pages (\d+)$/.exec(answer) ?? [];
  if (sha256 === undefined) throw new DisagreementError(`${engine} gave no hash of its image`);
  return { sha256, pages: Number(pages) };
}
