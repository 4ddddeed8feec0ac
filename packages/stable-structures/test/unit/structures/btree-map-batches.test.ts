import { describe, expect, it } from "vitest";
import { blob, fixedBlob, type Memory, StableBTreeMap, u32, u64 } from "../../../src/index.js";
import { engines, numbersTo } from "../../support/maps.js";

/** More than one batch of entries, and of keys, on every engine. */
const MANY = 20_000;

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
