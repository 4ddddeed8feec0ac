import { SparseMemory } from "stable-structures";
import { describe, expect, it } from "vitest";
import { mutate, seeds, tryMutant } from "../src/mutants.js";
import { probeStructures } from "../src/probes.js";
import { Random } from "../src/random.js";

const images = seeds();

describe("the fuzzer", () => {
  it("reaches vectors, heaps, cells and logs, undamaged and damaged", () => {
    const opened = (image: Uint8Array) => probeStructures(SparseMemory.from(image));
    const kinds = new Set(images.flatMap(opened));
    expect([...kinds].sort()).toEqual(["cell", "log-index", "min-heap", "vec"]);
    const holders = images.filter((image) => opened(image).length > 0);
    const damaged = holders.flatMap((image, i) => opened(mutate(new Random(i), image)));
    expect(damaged.length).toBeGreaterThan(holders.length / 4);
  });

  it("finds an answer or a coded error for everything in some hundred mutants", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(90_000 + seed);
      expect(tryMutant(mutate(random, random.pick(images))).failure).toBeUndefined();
    }
  });
});
