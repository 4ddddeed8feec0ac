import { expect, it } from "vitest";
import { runMutants, type TriedMutant } from "../src/mutant-runs.js";

const script = new URL("./support/stuck-worker.mjs", import.meta.url);

it("ends with the error of a worker that cannot begin", async () => {
  const onMutant = () => expect.unreachable();
  const run = runMutants({ first: -1, end: 0, script, patienceInMilliseconds: 5000, onMutant });
  await expect(run).rejects.toThrow("not even ready");
});

it("counts a mutant that never ends, fills the heap or throws as a failure, and goes on", async () => {
  const tried: TriedMutant[] = [];
  await runMutants({
    first: 0,
    end: 8,
    script,
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
