import { expect, it } from "vitest";
import { runMutants, type TriedMutant } from "../src/mutant-runs.js";

it("counts a mutant that never ends, takes all memory or throws as a failure, and goes on", async () => {
  const tried: TriedMutant[] = [];
  await runMutants({
    first: 0,
    end: 8,
    script: new URL("./support/stuck-worker.mjs", import.meta.url),
    patienceInMilliseconds: 5000,
    onMutant: (mutant) => tried.push(mutant),
  });
  expect(tried.map(({ seed }) => seed)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const failures = tried.map(({ failure }) => failure?.split("\n")[0]);
  expect(failures).toEqual([
    undefined,
    undefined,
    "still running after 5000 ms",
    undefined,
    expect.stringContaining("memory limit"),
    undefined,
    "Error: six",
    undefined,
  ]);
}, 60_000);
