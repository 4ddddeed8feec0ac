import fc from "fast-check";
import { expect, it } from "vitest";
import { check, statisticsOf } from "../../../src/check.js";
import { StableStructuresError, u64 } from "../../../src/index.js";
import { memoryAt } from "../../../src/inspect/inspect.js";
import { inspect } from "../../../src/inspect.js";
import { VectorMemory } from "../../../src/memory/vector-memory.js";
import { goldenImage } from "../../support/images.js";

const image = goldenImage("btreemap-u64-u64-mixed");
const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 7, 0x7f, 0x80, 0xfe, 0xff));
const mutation = fc.record({
  offset: fc.oneof(
    fc.nat(image.length - 10),
    fc.integer({ min: 65_536, max: 65_700 }),
    fc.integer({ min: 2080, max: 2090 }),
  ),
  bytes: fc.array(byte, { minLength: 1, maxLength: 9 }),
});
const length = fc.oneof(
  { weight: 3, arbitrary: fc.constant(image.length) },
  { weight: 1, arbitrary: fc.nat(image.length) },
);

it("says what is wrong with any mutation of an image, without throwing and in bounded time", () => {
  let slowest = 0;
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), length, (mutations, end) => {
      const mutated = image.slice();
      for (const { offset, bytes } of mutations) mutated.set(bytes, offset);
      const start = performance.now();
      const report = check(mutated.subarray(0, end), { codecs: { 42: { key: u64, value: u64 } } });
      slowest = Math.max(slowest, performance.now() - start);
      expect(report.isSound).toBe(report.findings.every(({ severity }) => severity !== "error"));
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    }),
    { numRuns: 400 },
  );
  expect(slowest).toBeLessThan(3000);
}, 120_000);

it("counts what can be read of any mutation of a map, or refuses it with a code", () => {
  const memory = memoryAt(VectorMemory.from(image), inspect(VectorMemory.from(image)), [42]);
  const map = new Uint8Array(memory.size() * 65_536);
  memory.read(0, map);
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const mutated = map.slice();
      for (const { offset, bytes } of mutations) mutated.set(bytes, offset % (map.length - 10));
      try {
        expect(statisticsOf(VectorMemory.from(mutated)).entries).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(StableStructuresError);
      }
    }),
    { numRuns: 200 },
  );
}, 120_000);
