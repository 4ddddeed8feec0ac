import fc from "fast-check";
import { expect, it } from "vitest";
import { readImage, VectorMemory } from "../../../src/index.js";
import { inspect } from "../../../src/inspect.js";
import { nestedImage } from "../../support/images.js";

const RUNS = 1000;
/** The manager's tables and a little of what is behind them. */
const MUTATED_BYTES = 40_960;
/** Where single bytes matter most: the header, the first sizes, the first owners, the headers inside. */
const HOT = [
  [0, 64],
  [40, 100],
  [2080, 2096],
  [65_536, 65_700],
  [(1 + 3 * 2) * 65_536, (1 + 3 * 2) * 65_536 + 128],
] as const;

const image = readImage(nestedImage());

const offset = fc.oneof(
  { weight: 1, arbitrary: fc.nat(MUTATED_BYTES - 1) },
  ...HOT.map(([min, max]) => ({ weight: 1, arbitrary: fc.integer({ min, max }) })),
);
const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 7, 0x7f, 0x80, 0xfe, 0xff));
const mutation = fc.record({ offset, bytes: fc.array(byte, { minLength: 1, maxLength: 9 }) });
const length = fc.oneof(
  { weight: 3, arbitrary: fc.constant(image.length) },
  { weight: 1, arbitrary: fc.nat(image.length) },
);

it("reports any mutation of an image, at once and as plain data", () => {
  let slowest = 0;
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), length, (mutations, end) => {
      const mutated = image.slice();
      for (const { offset, bytes } of mutations) mutated.set(bytes, offset);
      const memory = VectorMemory.from(mutated.subarray(0, end));
      const start = performance.now();
      const text = JSON.stringify(inspect(memory, { lengthInBytes: end }));
      slowest = Math.max(slowest, performance.now() - start);
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
    }),
    { numRuns: RUNS },
  );
  expect(slowest).toBeLessThan(1000);
}, 60_000);
