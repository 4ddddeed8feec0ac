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

/** What a worker posts before its first mutant. */
export const READY = "ready";

/** How mutants are tried. */
export interface MutantRunOptions extends WorkerRange {
  /** The module that posts `READY`, tries a `WorkerRange`, and posts a `TriedMutant` for each seed. */
  readonly script: URL;
  /** How long a mutant may take before it counts as endless. */
  readonly patienceInMilliseconds: number;
  /** Called for each seed, in order. */
  onMutant(tried: TriedMutant): void;
}

/** Most memory of a worker's JavaScript heap; mutants are of at most 256 KiB. */
const MOST_HEAP_IN_MIB = 1024;

/**
 * Tries the mutants of a range of seeds in a worker, so that one that never ends, or that fills the heap of
 * JavaScript, is a failure with a seed and not the end of the run: the next worker goes on behind it.
 * @throws Error when a worker ends before it is ready.
 */
export async function runMutants(options: MutantRunOptions): Promise<void> {
  let { first } = options;
  while (first < options.end) first = await runUntilStuck({ ...options, first });
}

/** Resolves with the seed to go on from. */
function runUntilStuck(options: MutantRunOptions): Promise<number> {
  const { first, end, script, patienceInMilliseconds, onMutant } = options;
  return new Promise((resolve, reject) => {
    const workerData: WorkerRange = { first, end };
    const resourceLimits = { maxOldGenerationSizeMb: MOST_HEAP_IN_MIB };
    const worker = new Worker(script, { workerData, resourceLimits });
    let next = first;
    let since = performance.now();
    let failure: string | undefined;
    let isReady = false;
    const watch = setInterval(() => {
      if (performance.now() - since < patienceInMilliseconds) return;
      failure ??= `still running after ${patienceInMilliseconds} ms`;
      void worker.terminate();
    }, 500);
    worker.on("message", (tried: TriedMutant | typeof READY) => {
      since = performance.now();
      if (tried === READY) {
        isReady = true;
        return;
      }
      if (failure !== undefined) return; // it was given up on, and came to an end just then
      next = tried.seed + 1;
      onMutant(tried);
    });
    worker.on("error", (error) => {
      failure ??= error.stack ?? String(error);
    });
    worker.on("exit", () => {
      clearInterval(watch);
      if (!isReady) {
        reject(new Error(failure ?? "the worker ended before it was ready"));
        return;
      }
      if (next < end) {
        failure ??= "the worker ended by itself";
        onMutant({ seed: next, failure, milliseconds: performance.now() - since });
        next++;
      }
      resolve(next);
    });
  });
}
