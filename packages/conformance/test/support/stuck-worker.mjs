import { parentPort, workerData } from "node:worker_threads";

// A worker whose mutants 2, 4 and 6 never end, take all memory, and throw.
if (workerData.end === 0) throw new Error("not even ready");
parentPort.postMessage("ready");
for (let seed = workerData.first; seed < workerData.end; seed++) {
  if (seed === 2) for (;;);
  if (seed === 4) {
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill(seed));
  }
  if (seed === 6) throw new Error("six");
  parentPort.postMessage({ seed, milliseconds: 1 });
}
