import { describe, expect, it } from "vitest";
import { mutate, seeds, tryMutant } from "../src/mutants.js";
import { probeStructures } from "../src/probes.js";
import { Random } from "../src/random.js";

const images = seeds();

describe("the fuzzer", () => {
  it("reaches maps on both engines, vectors, heaps, cells and logs, undamaged and damaged", () => {
    const kinds = new Set(images.flatMap(probeStructures));
    expect([...kinds].sort()).toEqual(["btree-map", "cell", "log-index", "min-heap", "vec"]);
    const holders = images.filter((image) => probeStructures(image).length > 0);
    const damaged = holders.flatMap((image, i) => probeStructures(mutate(new Random(i), image)));
    expect(damaged.length).toBeGreaterThan(holders.length / 4);
  });

  it("finds an answer or a coded error for everything in some hundred mutants", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(90_000 + seed);
      expect(tryMutant(mutate(random, random.pick(images))).failure).toBeUndefined();
    }
  });
});
