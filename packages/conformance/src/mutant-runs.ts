import { Worker } from "node:worker_threads";
import type { MutantResult } from "./mutants.js";

/** The seeds that a worker tries, one after the other; `end` is the first that it leaves. */
export interface WorkerRange {
  readonly first: number;
  readonly end: number;
}

/** What one mutant did, by the seed that makes it again. */
export interface TriedMutant extends MutantResult {
  readonly seed: number;
}

/** How mutants are tried. */
export interface MutantRunOptions extends WorkerRange {
  /** The module that tries a `WorkerRange` and posts a `TriedMutant` for each seed. */
  readonly script: URL;
  /** How long a mutant may take before it counts as endless. */
  readonly patienceInMilliseconds: number;
  /** Called for each seed, in order. */
  onMutant(tried: TriedMutant): void;
}

/** Most memory of a worker's JavaScript heap; mutants are of at most 256 KiB. */
const MOST_HEAP_IN_MIB = 1024;

/**
 * Tries the mutants of a range of seeds in a worker, so that one that never ends, or that takes all memory,
 * is a failure with a seed and not the end of the run: the next worker goes on behind it.
 */
export async function runMutants(options: MutantRunOptions): Promise<void> {
  let { first } = options;
  while (first < options.end) first = await runUntilStuck({ ...options, first });
}

/** Resolves with the seed to go on from. */
function runUntilStuck(options: MutantRunOptions): Promise<number> {
  const { first, end, script, patienceInMilliseconds, onMutant } = options;
  return new Promise((resolve) => {
    const workerData: WorkerRange = { first, end };
    const resourceLimits = { maxOldGenerationSizeMb: MOST_HEAP_IN_MIB };
    const worker = new Worker(script, { workerData, resourceLimits });
    let next = first;
    let since = performance.now();
    let failure: string | undefined;
    const watch = setInterval(() => {
      if (performance.now() - since < patienceInMilliseconds) return;
      failure ??= `still running after ${patienceInMilliseconds} ms`;
      void worker.terminate();
    }, 500);
    worker.on("message", (tried: TriedMutant) => {
      next = tried.seed + 1;
      since = performance.now();
      onMutant(tried);
    });
    worker.on("error", (error) => {
      failure ??= error.stack ?? String(error);
    });
    worker.on("exit", () => {
      clearInterval(watch);
      if (next < end) {
        failure ??= "the worker ended by itself";
        onMutant({ seed: next, failure, milliseconds: performance.now() - since });
        next++;
      }
      resolve(next);
    });
  });
}
