import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blob,
  MemoryManager,
  SparseMemory,
  StableBTreeMap,
  text,
  u8,
  VectorMemory,
  WasmMemory,
} from "../../src/index.js";

type Op =
  | { type: "insert"; key: number; value: Uint8Array }
  | { type: "remove"; key: number }
  | { type: "popFirst" | "popLast" | "clear" | "reload" };

// A small key space, so that removals and replacements meet keys that exist. Values cross the ends of
// node pages and need several overflow pages.
const key = fc.integer({ min: 0, max: 60 });
const value = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 900, max: 4000 })
      .map((length) => new Uint8Array(length).fill(length)),
  },
);
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 60, arbitrary: fc.record({ type: fc.constant("insert" as const), key, value }) },
  { weight: 30, arbitrary: fc.record({ type: fc.constant("remove" as const), key }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constantFrom("popFirst" as const, "popLast" as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom("clear" as const, "reload" as const) }),
  },
);

const memories = {
  VectorMemory: () => new VectorMemory(),
  "a virtual memory in JavaScript": () =>
    MemoryManager.create(new SparseMemory(), { bucketSizeInPages: 1 }).get(4),
  "a virtual memory in WebAssembly": () =>
    MemoryManager.create(WasmMemory.create(), { bucketSizeInPages: 3 }).get(4),
};

const keyCodecs = {
  "keys of fixed size": { codec: u8, of: (n: number) => n as unknown },
  "keys of variable size": {
    codec: text,
    of: (n: number) => String.fromCharCode(n + 32).repeat(n % 7) + n,
  },
};

describe.each(Object.entries(memories))("StableBTreeMap over %s", (_, createMemory) => {
  it.each(Object.entries(keyCodecs))(
    "behaves as a sorted Map, after every step, with %s",
    (_name, { codec, of }) => {
      fc.assert(
        fc.property(fc.array(op, { maxLength: 250 }), (ops) => {
          const memory = createMemory();
          const options = { key: codec as typeof text, value: blob };
          let map = StableBTreeMap.create(memory, options);
          const model = new Map<string, Uint8Array>();
          const sorted = () => [...model].sort(([a], [b]) => options.key.compare(a, b));
          for (const step of ops) {
            switch (step.type) {
              case "insert": {
                const at = of(step.key) as string;
                expect(map.insert(at, step.value)).toEqual(model.get(at));
                model.set(at, step.value);
                break;
              }
              case "remove": {
                const at = of(step.key) as string;
                expect(map.remove(at)).toEqual(model.get(at));
                model.delete(at);
                break;
              }
              case "popFirst":
              case "popLast": {
                const expected = sorted().at(step.type === "popFirst" ? 0 : -1);
                expect(map[step.type]()).toEqual(expected);
                if (expected) model.delete(expected[0]);
                break;
              }
              case "clear":
                map.clear();
                model.clear();
                break;
              case "reload":
                map.close();
                map = StableBTreeMap.load(memory, options);
            }
            expect(map.length).toBe(model.size);
            expect([...map]).toEqual(sorted());
          }
          expect([...map.entries({ reverse: true })]).toEqual(sorted().reverse());
        }),
        { numRuns: 25 },
      );
    },
  );
});
