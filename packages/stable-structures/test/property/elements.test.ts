import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boundedBlob,
  type Memory,
  MemoryManager,
  SparseMemory,
  StableCell,
  StableLog,
  StableMinHeap,
  StableVec,
  text,
  VectorMemory,
  WasmMemory,
} from "../../src/index.js";

type Op =
  | { type: "add" | "set"; index: number; value: Uint8Array }
  | { type: "pop" | "clear" | "reload" };

const value = fc.oneof(
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 900, max: 9000 }).map((size) => new Uint8Array(size).fill(size)),
  },
);
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom("add" as const, "add" as const, "set" as const),
      index: fc.nat(40),
      value,
    }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant("pop" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom("clear" as const, "reload" as const) }),
  },
);
const script = fc.array(op, { maxLength: 120 });

/** Two memories that take buckets in turn, or stand alone. */
const memories: Readonly<Record<string, () => readonly [Memory, Memory]>> = {
  VectorMemory: () => [new VectorMemory(), new VectorMemory()],
  "virtual memories in JavaScript": () => both(new SparseMemory()),
  "virtual memories in WebAssembly": () => both(WasmMemory.create()),
};

function both(base: Memory): [Memory, Memory] {
  const manager = MemoryManager.create(base, { bucketSizeInPages: 1 });
  return [manager.get(4), manager.get(2)];
}

const codec = { value: boundedBlob(9000) };
const byBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b);
const isSame = (actual: Uint8Array[], expected: Uint8Array[]) => {
  expect(actual.length).toBe(expected.length);
  expect(actual.findIndex((bytes, i) => byBytes(bytes, expected[i] as Uint8Array) !== 0)).toBe(-1);
};

describe.each(Object.entries(memories))("over %s", (_, create) => {
  it("a StableVec behaves as an array, after every step", () => {
    fc.assert(
      fc.property(script, (ops) => {
        const [memory] = create();
        let vec = StableVec.create(memory, codec);
        const model: Uint8Array[] = [];
        for (const step of ops) {
          if (step.type === "add") {
            vec.push(step.value);
            model.push(step.value);
          } else if (step.type === "set" && step.index < model.length) {
            vec.set(step.index, step.value);
            model[step.index] = step.value;
          } else if (step.type === "pop") {
            expect(vec.pop()).toEqual(model.pop());
          } else if (step.type === "clear") {
            vec.clear();
            model.length = 0;
          } else if (step.type === "reload") {
            vec.close();
            vec = StableVec.load(memory, codec);
          }
          isSame([...vec], model);
        }
        isSame([...vec.values({ reverse: true })], model.reverse());
      }),
      { numRuns: 30 },
    );
  });

  it("a StableMinHeap behaves as a sorted array, after every step", () => {
    fc.assert(
      fc.property(script, (ops) => {
        const [memory] = create();
        let heap = StableMinHeap.create(memory, codec);
        let model: Uint8Array[] = [];
        for (const step of ops) {
          if (step.type === "add" || step.type === "set") {
            heap.push(step.value);
            model = [...model, step.value].sort(byBytes);
          } else if (step.type === "pop") {
            expect(heap.pop()).toEqual(model.shift());
          } else if (step.type === "clear") {
            heap.clear();
            model = [];
          } else {
            heap.close();
            heap = StableMinHeap.load(memory, codec);
          }
          expect(heap.peek()).toEqual(model[0]);
          isSame([...heap].sort(byBytes), model);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("a StableLog behaves as an array that only grows, after every step", () => {
    fc.assert(
      fc.property(script, (ops) => {
        const [index, data] = create();
        let log = StableLog.create(index, data, codec);
        const model: Uint8Array[] = [];
        for (const step of ops) {
          if (step.type === "add" || step.type === "set") {
            expect(log.append(step.value)).toBe(model.length);
            model.push(step.value);
          } else if (step.type === "clear") {
            log.clear();
            model.length = 0;
          } else if (step.type === "reload") {
            log.close();
            log = StableLog.load(index, data, codec);
          }
          expect(log.last()).toEqual(model.at(-1));
          isSame([...log], model);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("a StableCell holds what was set last", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 300 })), (values) => {
        const [memory] = create();
        let held = "";
        let cell = StableCell.create(memory, { value: text, initial: held });
        for (const next of values) {
          expect(cell.set(next)).toBe(held);
          held = next;
          cell.close();
          cell = StableCell.load(memory, { value: text });
          expect(cell.get()).toBe(held);
        }
      }),
      { numRuns: 30 },
    );
  });
});
