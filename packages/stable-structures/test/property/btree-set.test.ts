import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Memory,
  MemoryManager,
  principal,
  SparseMemory,
  StableBTreeSet,
  type StorableKey,
  text,
  u8,
  VectorMemory,
  WasmMemory,
} from "../../src/index.js";

/** Two memories, of one image where there is a manager. */
const memories: Readonly<Record<string, () => (id: number) => Memory>> = {
  VectorMemory: () => () => new VectorMemory(),
  "virtual memories in JavaScript": () => managed(new SparseMemory()),
  "virtual memories in WebAssembly": () => managed(WasmMemory.create()),
};

function managed(base: Memory): (id: number) => Memory {
  const manager = MemoryManager.create(base, { bucketSizeInPages: 1 });
  return (id) => manager.get(id);
}

// biome-ignore lint/suspicious/noExplicitAny: the steps are the same for every type of key
const codecs: Readonly<Record<string, { key: StorableKey<any>; of: (n: number) => unknown }>> = {
  "keys of fixed size": { key: u8, of: (n) => n },
  "keys of variable size": {
    key: text,
    of: (n) => String.fromCharCode(n + 32).repeat(n % 7) + n,
  },
  "keys that sort by length first": {
    key: principal,
    of: (n) => new Uint8Array((n * 5) % 29).fill(n),
  },
};

// A small space of keys, so that removals and insertions meet keys that exist, in either set.
const step = fc.record({
  set: fc.constantFrom(0, 1),
  type: fc.constantFrom(
    ...Array<"insert">(12).fill("insert"),
    ...Array<"remove">(5).fill("remove"),
    "popFirst",
    "popLast",
    "reload",
  ),
  n: fc.integer({ min: 0, max: 60 }),
});

/** A set as a sorted array of distinct keys. */
class Model {
  keys: unknown[] = [];
  readonly #compare: (a: unknown, b: unknown) => number;

  constructor(compare: (a: unknown, b: unknown) => number) {
    this.#compare = compare;
  }

  contains = (key: unknown) => this.keys.some((other) => this.#compare(other, key) === 0);

  insert(key: unknown): boolean {
    if (this.contains(key)) return false;
    this.keys = [...this.keys, key].sort(this.#compare);
    return true;
  }

  remove(key: unknown): boolean {
    const before = this.keys.length;
    this.keys = this.keys.filter((other) => this.#compare(other, key) !== 0);
    return this.keys.length < before;
  }
}

describe.each(Object.entries(memories))("two StableBTreeSets over %s", (_, open) => {
  it.each(Object.entries(codecs))("behave as sorted arrays, with %s", (_name, { key, of }) => {
    const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const memoryOf = open();
      const places = [0, 1].map((id) => {
        const memory = memoryOf(id);
        return {
          memory,
          set: StableBTreeSet.create(memory, { key }),
          model: new Model(key.compare),
        };
      });
      for (const { set: index, type, n } of steps) {
        const place = places[index] as (typeof places)[number];
        const { set, model } = place;
        if (type === "insert" || type === "remove") {
          expect(set[type](of(n))).toBe(model[type](of(n)));
        } else if (type === "reload") {
          set.close();
          place.set = StableBTreeSet.load(place.memory, { key });
        } else {
          const end = model.keys.at(type === "popFirst" ? 0 : -1);
          expect(set[type]()).toEqual(end);
          if (end !== undefined) model.remove(end);
        }
        expect([...place.set]).toEqual(model.keys);
        expect(place.set.contains(of(n))).toBe(model.contains(of(n)));
      }
      const [a, b] = places as [(typeof places)[number], (typeof places)[number]];
      expectAlgebra(a, b, key.compare);
      expectAlgebra(b, a, key.compare);
    });
    fc.assert(property, { numRuns: 25 });
  });
});

interface Place {
  readonly set: StableBTreeSet<unknown>;
  readonly model: Model;
}

function expectAlgebra(a: Place, b: Place, compare: (a: unknown, b: unknown) => number): void {
  const both = a.model.keys.filter(b.model.contains);
  const [onlyA, onlyB] = [
    a.model.keys.filter((key) => !b.model.contains(key)),
    b.model.keys.filter((key) => !a.model.contains(key)),
  ];
  expect([...a.set.intersection(b.set)]).toEqual(both);
  expect([...a.set.difference(b.set)]).toEqual(onlyA);
  expect([...a.set.symmetricDifference(b.set)]).toEqual([...onlyA, ...onlyB].sort(compare));
  expect([...a.set.union(b.set)]).toEqual([...both, ...onlyA, ...onlyB].sort(compare));
  expect(a.set.isSubset(b.set)).toBe(onlyA.length === 0);
  expect(a.set.isSuperset(b.set)).toBe(onlyB.length === 0);
  expect(a.set.isDisjoint(b.set)).toBe(both.length === 0);
}
