import { describe, expect, it } from "vitest";
import {
  blob,
  boundedBlob,
  f64,
  json,
  principal,
  readImage,
  StableBTreeMap,
  text,
  u8,
  u32,
  u64,
  u64Number,
  unit,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { filled, numbers } from "../../support/maps.js";
import { allMemories } from "../../support/memories.js";

describe.each(allMemories)("StableBTreeMap over %s", (_, create) => {
  it("gets what was inserted, replaces, removes and counts", () => {
    const map = StableBTreeMap.init(create(), { key: text, value: blob });
    expect(map.isEmpty()).toBe(true);
    expect(map.insert("a", Uint8Array.of(1))).toBeUndefined();
    expect(map.insert("a", Uint8Array.of(2))).toEqual(Uint8Array.of(1));
    expect(map.insert("b", new Uint8Array(5000).fill(3))).toBeUndefined();
    expect(map.length).toBe(2);
    expect(map.get("b")?.length).toBe(5000);
    expect(map.get("c")).toBeUndefined();
    expect(map.containsKey("a")).toBe(true);
    expect(map.containsKey("c")).toBe(false);
    expect(map.remove("a")).toEqual(Uint8Array.of(2));
    expect(map.remove("a")).toBeUndefined();
    expect(map.length).toBe(1);
  });

  it("survives being closed and opened", () => {
    const memory = create();
    filled(memory, 500).close();
    const map = StableBTreeMap.load(memory, numbers);
    expect(map.length).toBe(500);
    expect([...map.keys()]).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect([...map].every(([key, value]) => (value * 7919) % 500 === key)).toBe(true);
  });

  it("empties in both directions", () => {
    const map = filled(create(), 200);
    expect(map.firstKeyValue()?.[0]).toBe(0);
    expect(map.lastKeyValue()?.[0]).toBe(199);
    for (let i = 0; i < 100; i++) {
      expect(map.popFirst()?.[0]).toBe(i);
      expect(map.popLast()?.[0]).toBe(199 - i);
    }
    expect(map.popFirst()).toBeUndefined();
    expect(map.popLast()).toBeUndefined();
    expect(map.firstKeyValue()).toBeUndefined();
    expect(map.lastKeyValue()).toBeUndefined();
    expect(map.remove(1)).toBeUndefined();
    map.insert(7, 7);
    expect([...map]).toEqual([[7, 7]]);
  });

  it("clears, keeps its pages, and starts again", () => {
    const memory = create();
    const map = filled(memory, 300);
    const pages = memory.size();
    map.clear();
    expect([map.length, [...map], memory.size()]).toEqual([0, [], pages]);
    map.insert(5, 6);
    expect(map.get(5)).toBe(6);
    map.close();
    expect([...StableBTreeMap.load(memory, numbers)]).toEqual([[5, 6]]);
  });
});

describe("iteration", () => {
  const map = filled(new VectorMemory(), 1000);
  const from = (low: number, high: number) =>
    Array.from({ length: Math.max(0, high - low) }, (_, i) => low + i);

  it("runs in both directions over entries, keys and values", () => {
    expect([...map.keys()]).toEqual(from(0, 1000));
    expect([...map.keys({ reverse: true })]).toEqual(from(0, 1000).reverse());
    expect([...map.values()]).toEqual([...map.entries()].map(([, value]) => value));
    expect([...map.values({ reverse: true })]).toEqual([...map.values()].reverse());
    expect([...map.entries({ reverse: true })]).toEqual([...map].reverse());
  });

  it("takes every kind of bound, whether the keys exist or not", () => {
    const even = StableBTreeMap.create(new VectorMemory(), { key: u32, value: unit });
    for (let i = 0; i < 400; i += 2) even.insert(i, null);
    const all = [...even.keys()];
    for (const at of [0, 1, 77, 78, 201, 398, 399, 500]) {
      const cases = [
        [{ gte: at }, all.filter((key) => key >= at)],
        [{ gt: at }, all.filter((key) => key > at)],
        [{ lte: at }, all.filter((key) => key <= at)],
        [{ lt: at }, all.filter((key) => key < at)],
        [{ gt: at, lte: at + 30 }, all.filter((key) => key > at && key <= at + 30)],
        [{ gte: at + 10, lt: at }, []],
        [{ gte: at, lte: at }, all.filter((key) => key === at)],
        [{ gt: at, lt: at }, []],
      ] as const;
      for (const [range, expected] of cases) {
        expect([...even.keysRange(range)]).toEqual(expected);
        expect([...even.keysRange({ ...range, reverse: true })]).toEqual([...expected].reverse());
      }
    }
    expect([...even.range({ gte: 4, lt: 8 })]).toEqual([
      [4, null],
      [6, null],
    ]);
    expect([...even.valuesRange({ lt: 4 })]).toEqual([null, null]);
  });

  it("is lazy and can be left early", () => {
    const iterator = map.entries();
    expect(iterator.next()).toEqual({ done: false, value: [0, map.get(0)] });
    expect(iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(iterator.next().done).toBe(true);
    for (const [key] of map) if (key === 3) break;
  });

  it("goes on behind its last key when the map changes under it", () => {
    const changing = filled(new VectorMemory(), 300);
    const seen: number[] = [];
    for (const key of changing.keys()) {
      seen.push(key);
      changing.remove(key);
      if (key % 3 === 0) changing.insert(key + 1000, 0);
    }
    expect(seen).toEqual([
      ...from(0, 300),
      ...from(0, 100).map((i) => i * 3 + 1000),
      ...seen.slice(400),
    ]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it("goes on backwards as well", () => {
    const changing = filled(new VectorMemory(), 50);
    const seen: number[] = [];
    for (const key of changing.keys({ reverse: true })) {
      seen.push(key);
      if (key === 40) for (let i = 0; i < 20; i++) changing.remove(i * 2);
    }
    expect(seen).toEqual([
      ...from(40, 50).reverse(),
      ...from(0, 40)
        .filter((i) => i % 2 === 1)
        .reverse(),
    ]);
  });

  it("keeps its bounds when the caller changes their bytes", () => {
    const blobs = StableBTreeMap.create(new VectorMemory(), { key: blob, value: unit });
    for (let i = 0; i < 9; i++) blobs.insert(Uint8Array.of(i), null);
    const bound = Uint8Array.of(4);
    const iterator = blobs.keysRange({ gte: bound });
    bound[0] = 0;
    expect([...iterator]).toEqual([4, 5, 6, 7, 8].map((i) => Uint8Array.of(i)));
  });

  it("refuses two bounds for one end", () => {
    expect(() => map.range({ gt: 1, gte: 1 })).toThrow(TypeError);
    expect(() => map.range({ lt: 1, lte: 1 })).toThrow(TypeError);
  });
});

describe("the order of keys", () => {
  it("is Rust's, also where it is not that of the bytes", () => {
    const principals = StableBTreeMap.create(new VectorMemory(), { key: principal, value: unit });
    const keys = ["ff", "0000", "", "00ff01", "01", "fffe"].map(
      (hex) => new Uint8Array(Buffer.from(hex, "hex")),
    );
    for (const key of keys) principals.insert(key, null);
    const sorted = [...principals.keys()].map((key) => Buffer.from(key).toString("hex"));
    expect(sorted).toEqual(["", "01", "ff", "0000", "fffe", "00ff01"]);
  });

  it("of JSON keys is that of their text", () => {
    const map = StableBTreeMap.create(new VectorMemory(), { key: json<unknown>(), value: unit });
    for (const key of [9, 10, "b", { b: 1, a: 2 }, { a: 2, b: 1 }]) map.insert(key, null);
    expect([...map.keys()]).toEqual(["b", 10, 9, { a: 2, b: 1 }, { b: 1, a: 2 }]);
    expect(map.containsKey({ a: 2, b: 1 })).toBe(true);
  });
});

describe("refusals", () => {
  it("change nothing when a key or value is too large or of another type", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: boundedBlob(2), value: boundedBlob(2) });
    map.insert(Uint8Array.of(1), Uint8Array.of(1));
    const before = readImage(memory);
    const large = new Uint8Array(3);
    expect(codeOf(() => map.insert(large, Uint8Array.of(1)))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(codeOf(() => map.insert(Uint8Array.of(1), large))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(() => map.insert("a" as never, large)).toThrow(TypeError);
    expect(() => map.get(1 as never)).toThrow(TypeError);
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
  });

  it("lose nothing when the memory is full, and leave the map usable", () => {
    const memory = new VectorMemory({ maximumPages: 1 });
    const map = StableBTreeMap.create(memory, { key: u32, value: blob });
    let inserted = 0;
    while (codeOf(() => map.insert(inserted, new Uint8Array(600).fill(inserted))) === "none")
      inserted++;
    expect(inserted).toBeGreaterThan(50);
    const before = readImage(memory);
    expect(codeOf(() => map.insert(inserted, new Uint8Array(600)))).toBe("STABLE_GROW_FAILED");
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
    expect(map.length).toBe(inserted);
    expect(map.get(3)).toEqual(new Uint8Array(600).fill(3));
    map.insert(3, Uint8Array.of(1)); // shorter: frees overflow pages
    map.close();
    const again = StableBTreeMap.load(memory, { key: u32, value: blob });
    expect([...again.keys()]).toEqual([...Array(inserted).keys()]);
    expect(again.get(3)).toEqual(Uint8Array.of(1));
  });

  it("make a map broken when its memory fails in the middle of a commit", () => {
    class Failing extends VectorMemory {
      writesLeft = Infinity;
      override write(offset: number, source: Uint8Array): void {
        if (this.writesLeft-- <= 0) throw new Error("the disk is gone");
        super.write(offset, source);
      }
    }
    const memory = new Failing();
    const map = filled(memory, 11);
    memory.writesLeft = 2;
    expect(codeOf(() => map.insert(11, 11))).toBe("STABLE_BROKEN"); // splits the root
    memory.writesLeft = Infinity;
    const uses = [
      () => map.length,
      () => map.isEmpty(),
      () => map.get(1),
      () => map.insert(1, 1),
      () => map.containsKey(1),
      () => [...map],
      () => map.clear(),
    ];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_BROKEN");
    map.close();
  });
});

describe("what does not decode", () => {
  it("is not lost: the operation fails and changes nothing", () => {
    const memory = new VectorMemory();
    const wide = StableBTreeMap.create(memory, { key: u8, value: u64 });
    for (const key of [1, 2, 3, 4]) wide.insert(key, 2n ** 60n + BigInt(key));
    wide.close();
    const before = readImage(memory);
    const narrow = StableBTreeMap.load(memory, { key: u8, value: u64Number });
    const uses = [
      () => narrow.popFirst(),
      () => narrow.popLast(),
      () => narrow.remove(2),
      () => narrow.insert(3, 5),
      () => narrow.get(1),
    ];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_VALUE_TOO_LARGE");
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
    narrow.close();
    expect(StableBTreeMap.load(memory, { key: u8, value: u64 }).length).toBe(4);
  });
});

describe("wrong options", () => {
  it("are named", () => {
    const memory = new VectorMemory();
    const init = (options: unknown) => () => StableBTreeMap.init(memory, options as never);
    expect(init(undefined)).toThrow(/options.key must be a codec/);
    expect(init({})).toThrow(/options.key must be a codec/);
    expect(init({ key: u8 })).toThrow(/options.value must be a codec/);
    expect(init({ key: f64, value: u8 })).toThrow(/f64: it has no order/);
    expect(init({ key: u8, value: u8, layoutVersion: 3 })).toThrow(RangeError);
    expect(memory.size()).toBe(0);
  });

  it("of a range are refused, not taken for the whole map", () => {
    const map = filled(new VectorMemory(), 3);
    expect(() => map.range({ from: 1 } as never)).toThrow(/not from/);
    expect(() => map.range(1 as never)).toThrow(TypeError);
  });

  it("such as a key too large to exist are refused by lookups as well", () => {
    const map = StableBTreeMap.create(new VectorMemory(), { key: principal, value: unit });
    map.insert(Uint8Array.of(1), null);
    const large = new Uint8Array(40);
    const uses = [
      () => map.get(large),
      () => map.remove(large),
      () => map.containsKey(large),
      () => map.range({ gt: large }),
    ];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_VALUE_TOO_LARGE");
  });
});
