import { describe, expect, it } from "vitest";
import {
  blob,
  json,
  type Memory,
  StableBTreeMap,
  type Storable,
  text,
  u32,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { engines, numbersTo } from "../../support/maps.js";

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
