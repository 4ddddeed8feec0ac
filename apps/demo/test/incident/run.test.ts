import { MemoryManager, SparseMemory } from "stable-structures";
import { describe, expect, it } from "vitest";
import { pageOwners, runSteps, STEP_COUNT } from "../../src/incident/run.js";
import { encodedLength, makeState } from "../../src/incident/state.js";

const KIB = 1024;

describe("the state", () => {
  it("has exactly the bytes that were asked for", () => {
    for (const bytes of [256, 300, 1024, 5120, 65_536, 1_024_000]) {
      expect(encodedLength(makeState(bytes))).toBe(bytes);
    }
  });
});

describe("the steps", () => {
  it("take 1, 129, 129 and 2 pages for 5 KiB", () => {
    expect(runSteps(makeState(5 * KIB), STEP_COUNT).map(({ pages }) => pages)).toEqual([
      1, 129, 129, 2,
    ]);
  });

  it.each([1, 5, 63, 64, 65, 200, 1000])("give the state of %i KiB back", (kib) => {
    const state = makeState(kib * KIB);
    const results = runSteps(state, STEP_COUNT);
    for (const { restored, isSame } of results) {
      expect(restored).toEqual(state);
      expect(isSame).toBe(true);
    }
    const dataPages = Math.ceil((kib * KIB + 4) / 65_536);
    expect(results.map(({ pages }) => pages)).toEqual([
      Math.ceil((kib * KIB) / 65_536),
      129,
      129,
      1 + dataPages,
    ]);
    for (const { pages, owners } of results) expect(owners).toHaveLength(pages);
  });

  it("are refused with the errors of the library, in the third and the last", () => {
    const refusals = runSteps(makeState(5 * KIB), STEP_COUNT).map(({ refusal }) => refusal);
    expect(refusals.map((refusal) => refusal?.code)).toEqual([
      undefined,
      undefined,
      "STABLE_BUCKET_SIZE_MISMATCH",
      "STABLE_TOO_MANY_BUCKETS",
    ]);
    expect(refusals[2]?.message).toContain("buckets of 128 pages and 1 were asked for");
  });

  it("stop a fresh canister at 2 GiB and the manager's page", () => {
    expect(runSteps(makeState(5 * KIB), STEP_COUNT)[3]?.refusedAtPages).toBe(32_769);
  });

  it("run only as far as asked", () => {
    expect(runSteps(makeState(5 * KIB), 2)).toHaveLength(2);
  });
});

describe("who has the pages", () => {
  it("is read from the image", () => {
    const [before, managed, , fresh] = runSteps(makeState(5 * KIB), STEP_COUNT);
    expect(before?.owners).toEqual(["state"]);
    expect(managed?.owners.slice(0, 3)).toEqual(["manager", "state", "nothing"]);
    expect(managed?.owners.filter((owner) => owner === "nothing")).toHaveLength(127);
    expect(fresh?.owners).toEqual(["manager", "state"]);
  });

  it("counts pages inside a memory as the state's", () => {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 2 });
    manager.get(0).grow(3);
    manager.close();
    expect(pageOwners(memory)).toEqual(["manager", "state", "state", "state", "nothing"]);
  });
});
