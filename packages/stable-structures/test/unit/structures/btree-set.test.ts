import { describe, expect, it } from "vitest";
import {
  blob,
  boundedBlob,
  f64,
  type Memory,
  MemoryManager,
  principal,
  readImage,
  StableBTreeMap,
  StableBTreeSet,
  text,
  u8,
  u32,
  u64,
  unit,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { allMemories } from "../../support/memories.js";

const options = { key: u32 };

function filled(memory: Memory, count: number): StableBTreeSet<number> {
  const set = StableBTreeSet.create(memory, options);
  // Not in order: 7919 is prime to every count used here.
  for (let i = 0; i < count; i++) set.insert((i * 7919) % count);
  return set;
}

const from = (low: number, high: number) => Array.from({ length: high - low }, (_, i) => low + i);

describe.each(allMemories)("StableBTreeSet over %s", (name, create) => {
  it("says whether a key was new, is there, was there, and counts", () => {
    const set = StableBTreeSet.init(create(), { key: text });
    expect([set.isEmpty(), set.length]).toEqual([true, 0]);
    expect(set.insert("a")).toBe(true);
    expect(set.insert("a")).toBe(false);
    expect(set.insert("b".repeat(5000))).toBe(true);
    expect([set.contains("a"), set.contains("c"), set.length]).toEqual([true, false, 2]);
    expect(set.remove("a")).toBe(true);
    expect(set.remove("a")).toBe(false);
    expect([set.contains("a"), set.isEmpty(), set.length]).toEqual([false, false, 1]);
  });

  it("survives being closed and opened, on the engine of its memory", () => {
    const memory = create();
    filled(memory, 500).close();
    const set = StableBTreeSet.load(memory, options);
    expect(set.engine).toBe(/Wasm|WebAssembly/.test(name) ? "wasm" : "js");
    expect([...set]).toEqual(from(0, 500));
  });

  it("empties from both ends, and starts again", () => {
    const set = filled(create(), 200);
    expect([set.first(), set.last()]).toEqual([0, 199]);
    for (let i = 0; i < 100; i++) expect([set.popFirst(), set.popLast()]).toEqual([i, 199 - i]);
    expect([set.popFirst(), set.popLast(), set.first(), set.last()]).toEqual(
      Array(4).fill(undefined),
    );
    expect(set.remove(1)).toBe(false);
    set.insert(7);
    expect([...set]).toEqual([7]);
  });

  it("leaves the image of a map without values, and each opens the other's", () => {
    const [memory, twin] = [create(), create()];
    const map = StableBTreeMap.create(twin, { key: u32, value: unit });
    for (let i = 0; i < 300; i++) map.insert((i * 7919) % 300, null);
    filled(memory, 300).close();
    expect(Buffer.compare(readImage(memory), readImage(twin))).toBe(0);
    map.close();
    expect([...StableBTreeSet.load(twin, options)]).toEqual(from(0, 300));
    const again = StableBTreeMap.load(memory, { key: u32, value: unit });
    expect([...again.keys()]).toEqual(from(0, 300));
    expect(again.get(3)).toBeNull();
  });

  it("leaves the same bytes after insertMany and deleteRange as after single steps", () => {
    const [memory, twin] = [create(), create()];
    const many = StableBTreeSet.create(memory, options);
    const single = StableBTreeSet.create(twin, options);
    const keys = from(0, 400).map((i) => (i * 7919) % 397);
    expect(many.insertMany(keys)).toBe(397);
    for (const key of keys) single.insert(key);
    expect(many.deleteRange({ gte: 50, lt: 150, limit: 60 })).toBe(60);
    for (let key = 50; key < 110; key++) single.remove(key);
    expect(Buffer.compare(readImage(memory), readImage(twin))).toBe(0);
    expect([...many]).toEqual([...from(0, 50), ...from(110, 397)]);
  });

  it("loads ascending keys in bulk, and is empty when they do not ascend", () => {
    const set = StableBTreeSet.create(create(), options);
    expect(codeOf(() => set.bulkLoad([1, 2, 2]))).toBe("STABLE_NOT_ASCENDING");
    expect(set.length).toBe(0);
    expect(set.bulkLoad(from(0, 1000))).toBe(1000);
    expect([...set]).toEqual(from(0, 1000));
    expect(() => set.bulkLoad([2000])).toThrow(/an empty StableBTreeSet .* 1000; use insertMany/);
  });

  it("clears, and keeps its pages", () => {
    const memory = create();
    const set = filled(memory, 300);
    const pages = memory.size();
    set.clear();
    expect([set.length, [...set], memory.size()]).toEqual([0, [], pages]);
  });

  it("combines with another over the same kind of memory", () => {
    const [a, b] = [filled(create(), 1000), StableBTreeSet.create(create(), options)];
    b.insertMany([3, 500, 501, 999, 1000, 5000]);
    expect([...a.intersection(b)]).toEqual([3, 500, 501, 999]);
    expect([...b.intersection(a)]).toEqual([3, 500, 501, 999]);
    expect([...b.difference(a)]).toEqual([1000, 5000]);
    expect([...a.union(b)]).toEqual([...from(0, 1001), 5000]);
    expect([a.isDisjoint(b), b.isSubset(a), a.isSuperset(b)]).toEqual([false, false, false]);
    expect(b.deleteRange({ gte: 1000 })).toBe(2);
    expect([b.isSubset(a), a.isSuperset(b), a.isSubset(b)]).toEqual([true, true, false]);
  });

  it("loses nothing when the memory is full, and stays usable", () => {
    const memory = create({ maximumPages: 1 });
    const set = StableBTreeSet.create(memory, { key: blob });
    const key = (i: number) => new Uint8Array(600).fill(i);
    let inserted = 0;
    while (codeOf(() => set.insert(key(inserted))) === "none") inserted++;
    expect(inserted).toBeGreaterThan(50);
    const before = readImage(memory);
    expect(codeOf(() => set.insert(key(inserted)))).toMatch(/GROW_FAILED/);
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
    expect(set.length).toBe(inserted);
    expect(set.insert(key(3))).toBe(false);
    set.close();
    const again = StableBTreeSet.load(memory, { key: blob });
    expect([...again].map((bytes) => bytes[0])).toEqual(from(0, inserted));
    again.clear();
    expect(again.insert(key(inserted))).toBe(true);
  });
});

describe("ranges of a set", () => {
  const set = filled(new VectorMemory(), 100);

  it("have every kind of end, and both directions", () => {
    expect([...set.range({ gte: 10, lt: 13 })]).toEqual([10, 11, 12]);
    expect([...set.range({ gt: 10, lte: 13, reverse: true })]).toEqual([13, 12, 11]);
    expect([...set.range({ gte: 13, lt: 10 })]).toEqual([]);
    expect([...set.keys({ reverse: true })]).toEqual(from(0, 100).reverse());
  });

  it("go on at a cursor, after changes as well", () => {
    const changing = filled(new VectorMemory(), 20);
    const iterator = changing.range({ lt: 9, reverse: true });
    iterator.next();
    iterator.next();
    const cursor = iterator.cursor();
    changing.remove(6);
    expect([...changing.range({ cursor })]).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it("refuse options that do not exist", () => {
    expect(() => set.range({ from: 1 } as never)).toThrow(/not from/);
    expect(() => set.range({ gt: 1, gte: 1 })).toThrow(/gt or gte/);
    expect(() => set.deleteRange({ limit: -1 })).toThrow(RangeError);
  });
});

describe("set algebra", () => {
  const two = (left: Iterable<number>, right: Iterable<number>) => {
    const sets = [left, right].map((keys) => {
      const set = StableBTreeSet.create(new VectorMemory(), options);
      set.insertMany(keys);
      return set;
    });
    return sets as [StableBTreeSet<number>, StableBTreeSet<number>];
  };

  it("reads no more than it gives", () => {
    const [a, b] = two(from(0, 10), from(5, 15));
    const iterator = a.union(b);
    expect(iterator.next()).toEqual({ done: false, value: 0 });
    expect(iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(iterator.next().done).toBe(true);
  });

  it("jumps over a long part in which the other set has nothing", () => {
    class Counting extends VectorMemory {
      reads = 0;
      override read(offset: number, target: Uint8Array): void {
        this.reads++;
        super.read(offset, target);
      }
    }
    const memory = new Counting();
    const large = filled(memory, 20_000);
    const small = StableBTreeSet.create(new VectorMemory(), options);
    small.insertMany([7, 10_000, 19_999]);
    memory.reads = 0;
    expect([...large]).toHaveLength(20_000);
    const readsOfAll = memory.reads;
    for (const combine of [
      () => [...large.intersection(small)].length === 3,
      () => [...small.intersection(large)].length === 3,
      () => [...small.difference(large)].length === 0,
      () => small.isSubset(large),
      () => large.isSuperset(small),
    ]) {
      memory.reads = 0;
      expect(combine()).toBe(true);
      expect(memory.reads).toBeLessThan(readsOfAll / 10);
    }
  });

  it("goes on behind the last key it gave when a set changes", () => {
    const [a, b] = two([1, 3, 5, 9], [2, 5, 8]);
    const iterator = a.union(b);
    expect([iterator.next().value, iterator.next().value]).toEqual([1, 2]);
    a.remove(3); // the next key of a
    a.insert(4);
    b.insert(0); // behind the last key: not given any more
    b.insert(7);
    b.remove(8);
    expect([...iterator]).toEqual([4, 5, 7, 9]);
  });

  it("finds keys that were inserted behind the end of one set", () => {
    const [a, b] = two([1, 2], [5, 6]);
    const iterator = a.union(b);
    for (const key of [1, 2, 5]) expect(iterator.next().value).toBe(key);
    a.insert(7);
    expect([...iterator]).toEqual([6, 7]);
  });

  it("may empty the set that it reads", () => {
    const [a, b] = two(from(0, 300), from(100, 500));
    for (const key of a.intersection(b)) a.remove(key);
    expect([...a]).toEqual(from(0, 100));
    expect(a.isDisjoint(b)).toBe(true);
  });

  it("takes a set with itself", () => {
    const [a] = two(from(0, 50), []);
    expect([...a.union(a)]).toEqual(from(0, 50));
    expect([...a.symmetricDifference(a)]).toEqual([]);
    expect([a.isSubset(a), a.isSuperset(a), a.isDisjoint(a)]).toEqual([true, true, false]);
  });

  it("refuses what is no set with the same codec, and says what to do", () => {
    const [a] = two([1], []);
    const wide = StableBTreeSet.create(new VectorMemory(), { key: u64 });
    const uses = ["union", "intersection", "difference", "symmetricDifference"] as const;
    const questions = ["isSubset", "isSuperset", "isDisjoint"] as const;
    for (const use of [...uses, ...questions]) {
      expect(() => a[use](new Set([1]) as never)).toThrow(
        /must be a StableBTreeSet; .* VectorMemory/,
      );
      expect(() => a[use](undefined as never)).toThrow(TypeError);
      expect(() => a[use](wide as never)).toThrow(
        /two codecs, u32 and u64; keep one in a constant/,
      );
    }
    const blobs = [boundedBlob(4), boundedBlob(4)].map((key) =>
      StableBTreeSet.create(new VectorMemory(), { key }),
    ) as [StableBTreeSet<Uint8Array>, StableBTreeSet<Uint8Array>];
    expect(() => blobs[0].union(blobs[1])).toThrow(TypeError);
  });

  it("refuses when either set is closed", () => {
    const [a, b] = two([1, 2, 3], [4, 5]);
    const iterator = a.union(b);
    iterator.next();
    b.close();
    expect(codeOf(() => iterator.next())).toBe("STABLE_STALE_HANDLE");
    expect(codeOf(() => a.union(b))).toBe("STABLE_STALE_HANDLE");
    expect(codeOf(() => b.isSubset(a))).toBe("STABLE_STALE_HANDLE");
  });
});

describe("opening a set", () => {
  it("refuses a map with values, another structure, and keys of another type", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: u32, value: u8 });
    map.insert(1, 1);
    map.close();
    expect(codeOf(() => StableBTreeSet.load(memory, options))).toBe("STABLE_BOUND_MISMATCH");
    const managed = new VectorMemory();
    MemoryManager.create(managed, { bucketSizeInPages: 1 }).close();
    expect(() => StableBTreeSet.init(managed, options)).toThrow(
      /cannot open a StableBTreeSet here: the memory holds a MemoryManager/,
    );
    const set = new VectorMemory();
    filled(set, 20).close();
    expect(codeOf(() => StableBTreeSet.load(set, { key: u64 }))).toBe("STABLE_BOUND_MISMATCH");
    expect(codeOf(() => StableBTreeSet.create(set, options))).toBe("STABLE_FOREIGN_BYTES");
    expect(StableBTreeSet.create(set, { ...options, overwrite: true }).length).toBe(0);
  });

  it("claims its memory until close, and refuses afterwards", () => {
    const memory = new VectorMemory();
    const set = filled(memory, 5);
    const iterator = set.keys();
    iterator.next();
    expect(() => StableBTreeSet.load(memory, options)).toThrow(/in use by a StableBTreeSet/);
    set[Symbol.dispose]();
    set.close();
    const uses = [
      () => set.length,
      () => set.contains(1),
      () => set.insert(1),
      () => set.clear(),
      () => set.keys(),
      () => set.engine,
      () => iterator.next(),
    ];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_STALE_HANDLE");
    expect(() => set.length).toThrow(/this StableBTreeSet was closed/);
    expect(StableBTreeSet.load(memory, options).length).toBe(5);
  });

  it("names wrong options", () => {
    const init = (wrong: unknown) => () => StableBTreeSet.init(new VectorMemory(), wrong as never);
    expect(init(undefined)).toThrow(/options.key must be a codec/);
    expect(init({ key: "u32" })).toThrow(/options.key must be a codec/);
    expect(init({ key: f64 })).toThrow(/f64: it has no order/);
  });

  it("refuses keys of another type and keys too large, changing nothing", () => {
    const memory = new VectorMemory();
    const set = StableBTreeSet.create(memory, { key: principal });
    set.insert(Uint8Array.of(1));
    const before = readImage(memory);
    const large = new Uint8Array(40);
    for (const use of [() => set.insert(large), () => set.contains(large), () => set.remove(large)])
      expect(codeOf(use)).toBe("STABLE_VALUE_TOO_LARGE");
    expect(() => set.insert("a" as never)).toThrow(TypeError);
    expect(() => set.insertMany([1] as never)).toThrow(TypeError);
    expect(() => set.insertMany(5 as never)).toThrow(TypeError);
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
  });
});
