import { parentPort, workerData } from "node:worker_threads";
import { READY, type TriedMutant, type WorkerRange } from "./mutant-runs.js";
import { mutate, seeds, tryMutant } from "./mutants.js";
import { Random } from "./random.js";

const { first, end } = workerData as WorkerRange;
const images = seeds();
parentPort?.postMessage(READY);
for (let seed = first; seed < end; seed++) {
  const random = new Random(seed);
  const result = tryMutant(mutate(random, random.pick(images)));
  parentPort?.postMessage({ seed, ...result } satisfies TriedMutant);
}
