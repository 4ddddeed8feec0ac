import { describe, expect, it } from "vitest";
import {
  blob,
  boundedBlob,
  f64,
  fixedBlob,
  json,
  type Memory,
  MemoryManager,
  PAGE_SIZE,
  principal,
  readImage,
  StableBTreeMap,
  text,
  u8,
  u16,
  u32,
  u64,
  u64Number,
  unit,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { allMemories } from "../../support/memories.js";

const numbers = { key: u32, value: u64Number };

function filled(memory: Memory, count: number): StableBTreeMap<number, number> {
  const map = StableBTreeMap.create(memory, numbers);
  // Not in order: 7919 is prime to every count used here.
  for (let i = 0; i < count; i++) map.insert((i * 7919) % count, i);
  return map;
}

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

describe("opening is not creating", () => {
  it("refuses a memory that holds another structure, and names it", () => {
    const memory = new VectorMemory();
    MemoryManager.create(memory, { bucketSizeInPages: 1 }).close();
    const before = readImage(memory);
    for (const open of [StableBTreeMap.init, StableBTreeMap.load, StableBTreeMap.create] as const) {
      expect(() => open(memory, numbers)).toThrow(/holds a MemoryManager/);
    }
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
  });

  it("does not create with load, nor over a map with create", () => {
    const memory = new VectorMemory();
    expect(codeOf(() => StableBTreeMap.load(memory, numbers))).toBe("STABLE_FOREIGN_BYTES");
    filled(memory, 3).close();
    expect(codeOf(() => StableBTreeMap.create(memory, numbers))).toBe("STABLE_FOREIGN_BYTES");
    expect(StableBTreeMap.init(memory, numbers).length).toBe(3);
  });

  it("overwrites when told to, and with zero leaves no old byte", () => {
    const memory = new VectorMemory();
    memory.grow(1);
    memory.write(500, Uint8Array.of(0xa5));
    StableBTreeMap.create(memory, { ...numbers, overwrite: true }).close();
    expect(readImage(memory)[500]).toBe(0xa5);
    StableBTreeMap.create(memory, { ...numbers, overwrite: true, zero: true }).close();
    const fresh = new VectorMemory();
    StableBTreeMap.create(fresh, numbers);
    expect(Buffer.compare(readImage(memory), readImage(fresh))).toBe(0);
  });

  it("allows one structure for a memory until close", () => {
    const memory = MemoryManager.create(new VectorMemory(), { bucketSizeInPages: 1 }).get(0);
    const map = filled(memory, 2);
    expect(() => StableBTreeMap.init(memory, numbers)).toThrow(/in use by a StableBTreeMap/);
    map.close();
    map.close();
    const uses = [
      () => map.length,
      () => map.get(1),
      () => map.insert(1, 1),
      () => map.clear(),
      () => map.keys(),
    ];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_STALE_HANDLE");
    expect(StableBTreeMap.load(memory, numbers).length).toBe(2);
  });

  it("ends the iterators of a closed map", () => {
    const map = filled(new VectorMemory(), 20);
    const iterator = map.keys();
    iterator.next();
    map.close();
    expect(codeOf(() => iterator.next())).toBe("STABLE_STALE_HANDLE");
  });

  const wrong: [string, { key: never; value: never }][] = [
    ["keys of another fixed size", { key: u64, value: u64Number } as never],
    ["keys of variable size", { key: text, value: u64Number } as never],
    ["values of another fixed size", { key: u32, value: u16 } as never],
    ["values that are too small", { key: u32, value: boundedBlob(7) } as never],
    ["keys that are too short", { key: fixedBlob(2), value: blob } as never],
  ];
  it.each(wrong)("refuses %s", (_, codecs) => {
    const memory = new VectorMemory();
    filled(memory, 40).close();
    expect(codeOf(() => StableBTreeMap.load(memory, codecs))).toBe("STABLE_BOUND_MISMATCH");
    expect(StableBTreeMap.load(memory, numbers).length).toBe(40);
  });

  it("refuses an order in which the root's keys do not ascend", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: boundedBlob(29), value: unit });
    for (const hex of ["00ff", "01", "0200"])
      map.insert(new Uint8Array(Buffer.from(hex, "hex")), null);
    map.close();
    expect(codeOf(() => StableBTreeMap.load(memory, { key: principal, value: unit }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });

  it("refuses text codecs over bytes that are no text", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: blob, value: blob });
    map.insert(Uint8Array.of(0xff, 0xfe), Uint8Array.of(1));
    map.close();
    expect(codeOf(() => StableBTreeMap.load(memory, { key: text, value: blob }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });

  it("lets the bound of values grow, as the format allows", () => {
    const memory = new VectorMemory();
    const small = StableBTreeMap.create(memory, { key: u32, value: boundedBlob(10) });
    for (let i = 0; i < 30; i++) small.insert(i, new Uint8Array(10).fill(i));
    small.close();
    const large = StableBTreeMap.load(memory, { key: u32, value: boundedBlob(4000) });
    large.insert(7, new Uint8Array(4000).fill(9));
    expect(large.get(7)?.length).toBe(4000);
    expect(large.get(8)).toEqual(new Uint8Array(10).fill(8));
  });

  it("refuses codecs larger than the slots of a version 1 map, and takes smaller ones", () => {
    const memory = new VectorMemory();
    StableBTreeMap.create(memory, { key: u32, value: boundedBlob(20), layoutVersion: 1 }).insert(
      1,
      Uint8Array.of(1),
    );
    const copy = new VectorMemory();
    copy.grow(1);
    copy.write(0, readImage(memory));
    for (const value of [boundedBlob(21), blob]) {
      expect(codeOf(() => StableBTreeMap.load(copy, { key: u32, value }))).toBe(
        "STABLE_BOUND_MISMATCH",
      );
    }
    expect(codeOf(() => StableBTreeMap.load(copy, { key: u64, value: boundedBlob(20) }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
    const map = StableBTreeMap.load(copy, { key: u32, value: boundedBlob(5) });
    expect(map.get(1)).toEqual(Uint8Array.of(1));
    map.close();
    expect(() =>
      StableBTreeMap.create(new VectorMemory(), { key: text, value: u8, layoutVersion: 1 }),
    ).toThrow(RangeError);
  });

  it("refuses bounds whose node page size would not fit the header", () => {
    const memory = new VectorMemory();
    expect(() =>
      StableBTreeMap.create(memory, { key: u32, value: boundedBlob(0xffff_ffff) }),
    ).toThrow(RangeError);
    expect(memory.size()).toBe(0);
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

describe("damaged images", () => {
  const damage = (address: number, bytes: number[], count = 100) => {
    const memory = new VectorMemory();
    filled(memory, count).close();
    memory.write(address, Uint8Array.from(bytes));
    return memory;
  };
  const read = (memory: Memory) => () => [...StableBTreeMap.load(memory, numbers)];
  const address = (memory: Memory, offset: number) =>
    new DataView(readImage(memory).buffer).getUint32(offset, true);

  const headers: [string, number, number[], string][] = [
    ["an unknown version", 3, [7], "STABLE_UNSUPPORTED_VERSION"],
    ["a node page size below 128", 4, [127, 0, 0, 0], "STABLE_CORRUPTED"],
    ["another marker", 8, [0], "STABLE_CORRUPTED"],
    ["a root behind the end", 12, [0, 0, 0, 1], "STABLE_CORRUPTED"],
    ["a root above 2^32 whose low half is right", 16, [1], "STABLE_CORRUPTED"],
    ["a root above 2^53", 19, [0x80], "STABLE_CORRUPTED"],
    ["a length above 2^53", 27, [1], "STABLE_CORRUPTED"],
    ["a length of zero with a root", 20, [0], "STABLE_CORRUPTED"],
    ["no allocator", 52, [0], "STABLE_CORRUPTED"],
    ["an unknown allocator version", 55, [2], "STABLE_UNSUPPORTED_VERSION"],
    ["another chunk size", 60, [1], "STABLE_CORRUPTED"],
    ["more chunks than fit", 70, [0xff], "STABLE_CORRUPTED"],
  ];
  it.each(headers)("with %s are refused", (_, at, bytes, code) => {
    expect(codeOf(read(damage(at, bytes)))).toBe(code);
  });

  it("with a broken root are refused, naming the address", () => {
    const memory = damage(0, []);
    const root = address(memory, 12);
    for (const [offset, value] of [
      [0, 0],
      [3, 9],
      [3, 1],
      [4, 2],
      [5, 0],
      [5, 12],
    ] as const) {
      const broken = damage(root + offset, [value]);
      expect(codeOf(read(broken))).toBe("STABLE_CORRUPTED");
      expect(read(broken)).toThrow(new RegExp(`address ${root}|address ${root + offset}`));
    }
  });

  it("whose nodes point in a circle end in an error, not in a hang", () => {
    const memory = damage(0, [], 2000);
    const root = address(memory, 12);
    const circle = new Uint8Array(8);
    new DataView(circle.buffer).setUint32(0, root, true);
    memory.write(root + 15, circle);
    const map = StableBTreeMap.load(memory, numbers);
    expect(codeOf(() => map.get(0))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.insert(0, 0))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.remove(0))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => [...map])).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.popFirst())).toBe("STABLE_CORRUPTED");
  });

  it("whose overflow pages point in a circle end in an error", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: u32, value: blob });
    map.insert(1, new Uint8Array(5000));
    map.close();
    const first = address(memory, 116 + 7);
    const next = new Uint8Array(8);
    new DataView(next.buffer).setUint32(0, first, true);
    memory.write(first + 3, next);
    expect(codeOf(() => StableBTreeMap.load(memory, { key: u32, value: blob }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });

  it("whose children are shared give no entry twice", () => {
    const memory = damage(0, [], 2000);
    const root = address(memory, 12);
    const child = readImage(memory).slice(root + 15, root + 23);
    memory.write(root + 23, child);
    const map = StableBTreeMap.load(memory, numbers);
    expect(codeOf(() => [...map])).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => [...map.keys({ reverse: true })])).toBe("STABLE_CORRUPTED");
  });

  it("with a free list that leads to an allocated chunk refuse to insert and change nothing", () => {
    const memory = damage(76, [100, 0]);
    const map = StableBTreeMap.load(memory, numbers);
    const before = readImage(memory);
    let code = "none";
    for (let i = 1000; code === "none"; i++) code = codeOf(() => map.insert(i, i));
    expect(code).toBe("STABLE_CORRUPTED");
    expect(map.get(50)).toBeDefined();
    expect(readImage(memory).length).toBe(before.length);
  });

  it("that were cut short are refused", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: u32, value: blob });
    for (let i = 0; i < 300; i++) map.insert(i, new Uint8Array(900).fill(i));
    const cut = new VectorMemory();
    cut.grow(2);
    cut.write(0, readImage(memory).subarray(0, 2 * PAGE_SIZE));
    const code = codeOf(() => [...StableBTreeMap.load(cut, { key: u32, value: blob })]);
    expect(code).toBe("STABLE_CORRUPTED");
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

describe("hostile headers", () => {
  it("with node pages of 4 GiB and keys as long give a coded error without the memory for them", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: blob, value: blob });
    map.insert(Uint8Array.of(1), Uint8Array.of(1));
    map.close();
    const huge = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
    memory.write(4, huge); // node page size
    memory.write(60, huge); // chunk size
    memory.write(68, new Uint8Array(8)); // allocated chunks
    memory.write(116 + 15, Uint8Array.of(0xdd, 0xff, 0xff, 0xff)); // length of the first key
    expect(codeOf(() => StableBTreeMap.load(memory, { key: blob, value: blob }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });
});
