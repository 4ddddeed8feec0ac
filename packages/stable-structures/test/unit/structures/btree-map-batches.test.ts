import { describe, expect, it } from "vitest";
import {
  blob,
  fixedBlob,
  json,
  type Memory,
  StableBTreeMap,
  type Storable,
  text,
  u32,
  u64,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { engines } from "../../support/maps.js";

/** More than one batch of entries, and of keys, on every engine. */
const MANY = 20_000;

const numbersTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe.each(engines)("many at a time on the engine in %s", (engine, create) => {
  const mapOfNumbers = (memory: Memory = create()) =>
    StableBTreeMap.create(memory, { key: u32, value: u32 });
  const mapOfBytes = (memory: Memory = create()) =>
    StableBTreeMap.create(memory, { key: blob, value: blob });

  it("runs on the engine that it is said to", () => {
    expect(mapOfNumbers().engine).toBe(engine);
  });

  it("inserts, gets and removes more than a batch holds", () => {
    const map = mapOfNumbers();
    expect(map.insertMany(numbersTo(MANY).map((i) => [(i * 7919) % MANY, i]))).toBe(MANY);
    expect(map.insertMany([[5, 1]])).toBe(0);
    expect(map.getMany([5, MANY, 7919])).toEqual([1, undefined, 1]);
    expect(map.getMany(numbersTo(MANY)).length).toBe(MANY);
    expect(map.getMany([])).toEqual([]);
    expect(map.deleteRange({ gte: 10, lt: MANY - 10, limit: 0 })).toBe(0);
    expect(map.deleteRange({ gte: 10, lt: MANY - 10, limit: 9000 })).toBe(9000);
    expect([...map.keysRange({ gte: 10 })][0]).toBe(9010);
    expect(map.deleteRange({ gte: 10, lt: MANY - 10 })).toBe(MANY - 9020);
    expect([...map.keys()]).toEqual([...numbersTo(10), ...numbersTo(10).map((i) => MANY - 10 + i)]);
  });

  it("takes items that are larger than a batch, and than the engine's own memory", () => {
    const sizes = [0, 1, 65_536, 70_000, 600_000, 1_100_000, 10_000_000];
    const keyOf = (i: number) => new Uint8Array((sizes[i] ?? 0) % 5_000_000).fill(i + 1);
    const entries = sizes.map((size, i) => [keyOf(i), new Uint8Array(size).fill(i + 9)] as const);
    const map = mapOfBytes();
    expect(map.insertMany(entries)).toBe(sizes.length - 1); // 10,000,000 leaves no key byte either
    const values = map.getMany(entries.map(([key]) => key));
    expect(values.map((value) => value?.length)).toEqual([10_000_000, ...sizes.slice(1)]);
    expect(values.map((value) => value?.at(-1))).toEqual([15, 10, 11, 12, 13, 14, 15]);
    expect([...map.values()].map(({ length }) => length)).toEqual([
      10_000_000,
      ...sizes.slice(1, -1),
    ]);
    expect(map.lastKeyValue()?.[1].length).toBe(1_100_000);
    expect(map.popFirst()?.[1].length).toBe(10_000_000);
    expect(map.remove(keyOf(5))?.[0]).toBe(14);
    expect(map.deleteRange({})).toBe(sizes.length - 3);
    expect(map.isEmpty()).toBe(true);
  });

  it("bulk-loads items that are larger than a batch", () => {
    const map = mapOfBytes();
    const sizes = [0, 100_000, 3, 2_000_000, 70_000, 10];
    expect(map.bulkLoad(sizes.map((size, i) => [Uint8Array.of(i), new Uint8Array(size)]))).toBe(6);
    expect([...map.values()].map(({ length }) => length)).toEqual(sizes);
    const long = mapOfBytes();
    const unsorted = [3, 2_000_000, 5].map(
      (size) => [new Uint8Array(size), new Uint8Array(1)] as const,
    );
    expect(() => long.bulkLoad(unsorted)).toThrow(/entry 2 of the bulk load/);
    expect(long.isEmpty()).toBe(true);
  });

  it("walks values that are larger than any batch and all of one size", () => {
    const size = 2_000_000;
    const map = StableBTreeMap.create(create(), { key: u64, value: fixedBlob(size) });
    for (let i = 0n; i < 8n; i++) map.insert(i, new Uint8Array(size).fill(Number(i) + 1));
    expect([...map].map(([key, value]) => [key, value[0], value[size - 1]])).toEqual(
      numbersTo(8).map((i) => [BigInt(i), i + 1, i + 1]),
    );
    expect([...map.values({ reverse: true })].map((value) => value[0])).toEqual([
      8, 7, 6, 5, 4, 3, 2, 1,
    ]);
  });

  it("lets an iterable use one array for all of its items", () => {
    const shared = new Uint8Array(1);
    const each = function* <T>(give: () => T) {
      for (shared[0] = 0; shared[0] < 20; shared[0]++) yield give();
    };
    const map = mapOfBytes();
    map.insertMany(
      each(() => [shared, new Uint8Array(100_000).fill((shared[0] as number) + 1)] as const),
    );
    expect(map.getMany(each(() => shared)).map((value) => value?.[0])).toEqual(
      numbersTo(20).map((i) => i + 1),
    );
  });
});

describe.each(engines)("iterables that use the map, on the engine in %s", (_, create) => {
  const open = (memory: Memory = create()) =>
    StableBTreeMap.create(memory, { key: u32, value: u32 });

  it("find everything done that they gave before", () => {
    const map = open();
    const seen: unknown[] = [];
    map.insertMany(
      (function* () {
        for (let i = 0; i < 4; i++) {
          yield [i, i * 10] as const;
          seen.push(map.length, map.get(i), [...map.keys()].length);
        }
        map.remove(1);
        map.insertMany([[7, 70]]);
        yield [8, 80] as const;
      })(),
    );
    expect(seen).toEqual([1, 0, 1, 2, 10, 2, 3, 20, 3, 4, 30, 4]);
    expect([...map.keys()]).toEqual([0, 2, 3, 7, 8]);
  });

  it("may walk the map that they give to", () => {
    const map = open();
    map.insertMany(numbersTo(300).map((i) => [i, i]));
    const doubled = function* () {
      for (const [key, value] of map) if (key < 1000) yield [key + 500, value] as const;
    };
    map.insertMany(doubled());
    expect(map.length).toBe(300 + 300 + 300);
    expect(map.lastKeyValue()).toEqual([1299, 299]);
  });

  it("do not change what getMany found for earlier keys", () => {
    const map = open();
    map.insertMany(numbersTo(10).map((i) => [i, i]));
    const keys = function* () {
      for (let i = 0; i < 10; i++) {
        yield i;
        map.remove(i);
        map.insert((i + 1) % 10, 99);
      }
    };
    expect(map.getMany(keys())).toEqual([0, ...Array(9).fill(99)]);
  });

  it("keep what they gave when they throw, and lose nothing of it to a failing getMany", () => {
    const map = open();
    const failing = function* (): Generator<number> {
      yield 1;
      throw new Error("no more keys");
    };
    const entries = function* () {
      yield [1, 1] as const;
      expect(() => map.getMany(failing())).toThrow("no more keys");
      yield [2, 2] as const;
      throw new Error("no more entries");
    };
    expect(() => map.insertMany(entries())).toThrow("no more entries");
    expect([...map]).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it("that close the map end the operation, and write nothing more", () => {
    for (const operation of ["insertMany", "bulkLoad"] as const) {
      const memory = create();
      const map = open(memory);
      const entries = function* () {
        yield [1, 1] as const;
        map.close();
        yield [2, 2] as const;
      };
      expect(codeOf(() => map[operation](entries()))).toBe("STABLE_STALE_HANDLE");
      const again = StableBTreeMap.load(memory, { key: u32, value: u32 });
      expect([...again.keys()]).toEqual([1]);
    }
  });

  it("that close the map of a full memory give the memory back", () => {
    const memory = create({ maximumPages: 1 });
    const map = open(memory);
    const entries = function* () {
      for (let i = 0; i < 100_000; i++) {
        yield [i, i] as const;
        if (i === 4000) map.close();
      }
    };
    expect(["STABLE_GROW_FAILED", "STABLE_STALE_HANDLE"]).toContain(
      codeOf(() => map.insertMany(entries())),
    );
    map.close(); // where the refusal came before the iterable closed it
    const again = StableBTreeMap.load(memory, { key: u32, value: u32 });
    expect([...again.keys()]).toEqual(numbersTo(again.length));
  });

  it("that change the map under a bulk load get the same refusal, and an empty map", () => {
    const map = open();
    const entries = function* () {
      for (let i = 0; i < 50; i++) {
        yield [i, i] as const;
        if (i === 20) map.insert(1000, 1);
      }
    };
    expect(() => map.bulkLoad(entries())).toThrow(/entry 21 of the bulk load/);
    expect(map.isEmpty()).toBe(true);
  });

  it("that remove under a bulk load leave a sound map", () => {
    const map = open();
    const entries = function* () {
      for (let i = 0; i < 3000; i++) {
        yield [i, i] as const;
        if (i % 7 === 6) map.remove(i - 6);
        if (i % 50 === 49) map.popLast();
      }
    };
    const count = map.bulkLoad(entries());
    expect([...map.keys()].length).toBe(count);
    expect(map.deleteRange({})).toBe(count);
  });

  it("that swallow a refusal do not hide it", () => {
    const map = open(create({ maximumPages: 1 }));
    const entries = function* () {
      for (let i = 0; ; i++) {
        yield [i, i] as const;
        codeOf(() => map.get(0));
      }
    };
    expect(codeOf(() => map.insertMany(entries()))).toBe("STABLE_GROW_FAILED");
    expect([...map].length).toBe(map.length);
    expect(map.insert(0, 5)).toBe(0);
  });
});

describe.each(engines)("codecs of others, on the engine in %s", (_, create) => {
  /** Bytes, and before each decoding or encoding something else. */
  const codec = (before: { encode?: () => void; decode?: () => void }): Storable<Uint8Array> => ({
    name: "bytes of others",
    bound: "unbounded",
    toBytes(value) {
      before.encode?.();
      return value;
    },
    fromBytes(bytes) {
      before.decode?.();
      return new Uint8Array(bytes);
    },
  });

  it("may use the map while they encode", () => {
    const before: { encode?: () => void } = {};
    const map = StableBTreeMap.create(create(), { key: u32, value: codec(before) });
    let nested = false;
    before.encode = () => {
      if (nested) return;
      nested = true;
      map.insert(99, Uint8Array.of(9));
      expect(map.get(99)).toEqual(Uint8Array.of(9));
      nested = false;
    };
    const entries = numbersTo(40).map((i) => [i, new Uint8Array(50).fill(i)] as const);
    for (const [key, value] of entries.slice(0, 20)) map.insert(key, value);
    map.insertMany(entries.slice(20));
    expect([...map]).toEqual([...entries, [99, Uint8Array.of(9)]]);
  });

  it("may read the map while they decode", () => {
    const before: { decode?: () => void } = {};
    const map = StableBTreeMap.create(create(), { key: u32, value: codec(before) });
    map.insertMany(numbersTo(40).map((i) => [i, new Uint8Array(50).fill(i)] as const));
    let nested = false;
    before.decode = () => {
      if (nested) return;
      nested = true;
      expect(map.get(3)?.[0]).toBe(3);
      expect([...map.keys()].length).toBeGreaterThan(30);
      nested = false;
    };
    expect(map.getMany([1, 2, 5]).map((value) => value?.[0])).toEqual([1, 2, 5]);
    expect([...map.values()].map((value) => value[0])).toEqual(numbersTo(40));
    expect(map.remove(7)?.[0]).toBe(7);
    expect(map.insert(8, Uint8Array.of(1))?.[0]).toBe(8);
    expect(map.popLast()?.[1][0]).toBe(39);
    expect(map.length).toBe(38);
  });

  it("that throw lose nothing, in whichever operation", () => {
    const before: { encode?: () => void; decode?: () => void } = {};
    const map = StableBTreeMap.create(create(), { key: u32, value: codec(before) });
    map.insertMany(numbersTo(40).map((i) => [i, new Uint8Array(50).fill(i)] as const));
    const failing = (times: number) => () => {
      if (times-- <= 0) throw new Error("not this one");
    };
    before.decode = failing(0);
    for (const action of [
      () => map.insert(5, Uint8Array.of(1)),
      () => map.remove(5),
      () => map.popFirst(),
      () => map.popLast(),
      () => map.get(5),
      () => map.getMany([5]),
      () => [...map.values()],
    ])
      expect(action).toThrow("not this one");
    before.decode = () => {};
    expect([...map.values()].map((value) => value[0])).toEqual(numbersTo(40));
    before.encode = failing(2);
    const more = numbersTo(4).map((i) => [100 + i, Uint8Array.of(i)] as const);
    expect(() => map.insertMany(more)).toThrow("not this one");
    expect([...map.keysRange({ gte: 100 })]).toEqual([100, 101]);
  });

  it("of JSON and text are asked before an entry is taken out that they may not decode", () => {
    const memory = create();
    const raw = StableBTreeMap.create(memory, { key: blob, value: blob });
    const bad = Uint8Array.of(0xff, 0xfe);
    const key = new TextEncoder().encode('"k"');
    raw.insert(key, bad);
    raw.close();
    for (const codec of [json<string>(), text]) {
      const map = StableBTreeMap.load(memory, { key: json<string>(), value: codec });
      for (const action of [
        () => map.insert("k", "v"),
        () => map.remove("k"),
        () => map.popFirst(),
        () => map.popLast(),
        () => map.getMany(["k"]),
      ])
        expect(codeOf(action)).toBe("STABLE_DECODE_FAILED");
      expect(map.length).toBe(1);
      map.close();
    }
    const map = StableBTreeMap.load(memory, { key: json<string>(), value: text });
    expect(map.deleteRange({})).toBe(1);
    map.insert("grün", "ä".repeat(40));
    expect(map.insert("grün", "x")).toBe("ä".repeat(40));
    expect(map.popLast()).toEqual(["grün", "x"]);
  });
});

describe("a codec that changes the map while it decodes what that map takes out", () => {
  it("is refused by the JavaScript engine, which is in the middle of a change", () => {
    const before: { decode?: () => void } = {};
    const memory = new VectorMemory();
    const value: Storable<Uint8Array> = {
      ...blob,
      fromBytes(bytes) {
        before.decode?.();
        return bytes;
      },
    };
    const map = StableBTreeMap.create(memory, { key: u32, value });
    for (let i = 0; i < 100; i++) map.insert(i, new Uint8Array(50));
    before.decode = () => map.insert(500, Uint8Array.of(1));
    expect(() => map.insert(5, Uint8Array.of(9))).toThrow(TypeError);
    before.decode = () => {};
    expect(map.length).toBe(100);
    expect(map.get(5)?.length).toBe(50);
    map.close();
    expect([...StableBTreeMap.load(memory, { key: u32, value })].length).toBe(100);
  });
});

describe.each(engines)("what a map gives, on the engine in %s", (_, create) => {
  const bytes = (i: number) => Uint8Array.of(i, i >> 8, ...new Uint8Array(70).fill(i));

  it("belongs to the caller: writing to it changes no other value, and not the map", () => {
    const map = StableBTreeMap.create(create(), { key: blob, value: blob });
    const count = 2000;
    map.insertMany(numbersTo(count).map((i) => [bytes(i), bytes(i)] as const));
    const keys = numbersTo(count).map(bytes);
    const given = [
      ...keys.map((key) => map.get(key) as Uint8Array),
      ...(map.getMany(keys) as Uint8Array[]),
      ...[...map].flat(),
      ...map.keys(),
      ...map.values({ reverse: true }),
    ];
    const copies = given.map((value) => [...value]);
    for (const [i, value] of given.entries()) {
      expect(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).toEqual(
        Uint8Array.from(copies[i] as number[]),
      );
      expect(value.length).toBe(72);
      value.fill(255);
      const next = given[i + 1];
      if (next !== undefined && [...next].join() !== copies[i + 1]?.join())
        expect.fail(`value ${i + 1} changed with value ${i}`);
    }
    expect(map.getMany(keys)).toEqual(keys);
  });

  it("stays what it was while the map is used further", () => {
    const map = StableBTreeMap.create(create(), { key: blob, value: blob });
    map.insertMany(numbersTo(500).map((i) => [bytes(i), bytes(i)] as const));
    const iterator = map.range();
    const given = numbersTo(100).flatMap(() => iterator.next().value as [Uint8Array, Uint8Array]);
    iterator.return?.();
    const copies = given.map((value) => Uint8Array.from(value));
    for (let i = 0; i < 300; i++) map.insert(bytes(i), new Uint8Array(72).fill(200));
    for (const other of [map.range(), map.range({ reverse: true })])
      expect([...other].length).toBe(500);
    map.getMany(numbersTo(500).map(bytes));
    map.clear();
    expect(given).toEqual(copies);
  });

  it("does not lead an iterator astray when the caller writes to it", () => {
    const map = StableBTreeMap.create(create(), { key: blob, value: blob });
    map.insertMany(numbersTo(3000).map((i) => [bytes(i), bytes(i)] as const));
    for (const reverse of [false, true]) {
      let entries = 0;
      for (const [key, value] of map.range({ reverse })) {
        key.fill(reverse ? 255 : 0);
        value.fill(255);
        if (++entries > 3000) break;
      }
      expect(entries).toBe(3000);
    }
    const iterator = map.keys();
    iterator.next();
    iterator.next().value?.fill(255);
    expect([...map.keysRange({ cursor: iterator.cursor() })].length).toBe(2998);
  });

  it("cannot be had from iterators that were left", () => {
    const map = StableBTreeMap.create(create(), { key: u32, value: text });
    map.insertMany(numbersTo(50).map((i) => [i, `value ${i}`] as const));
    const iterator = map.range({ gte: 3 });
    expect(iterator.next().value).toEqual([3, "value 3"]);
    iterator.return?.();
    expect(iterator.next()).toEqual({ done: true, value: undefined });
    const rest = iterator.cursor();
    map.remove(4);
    expect([...map.keysRange({ cursor: rest })][0]).toBe(5);
    const ended = map.keysRange({ gte: 48 });
    expect([...ended]).toEqual([48, 49]);
    map.insert(60, "new");
    expect(ended.next().done).toBe(true);
    expect([...map.keysRange({ cursor: ended.cursor() })]).toEqual([60]);
  });

  it("a cursor of another map, or of no map, is refused", () => {
    const map = StableBTreeMap.create(create(), { key: u32, value: u32 });
    map.insertMany(numbersTo(50).map((i) => [i, i] as const));
    const other = StableBTreeMap.create(create(), { key: u64, value: u32 });
    other.insertMany([[1n, 1]]);
    const iterator = other.keys();
    iterator.next();
    const cursors = [
      iterator.cursor(),
      Uint8Array.of(),
      Uint8Array.of(2, 0, 0, 0),
      Uint8Array.of(1, 2, 0, 0),
      Uint8Array.of(1, 0, 3, 0),
      Uint8Array.of(1, 0, 1, 0, 0, 0, 9, 1),
      Uint8Array.of(1, 0, 0, 0, 0),
    ];
    for (const cursor of cursors)
      expect(codeOf(() => [...map.keysRange({ cursor })])).toBe("STABLE_DECODE_FAILED");
  });
});
