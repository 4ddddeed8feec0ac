import { describe, expect, it } from "vitest";
import { blob, StableBTreeMap, text, u32, u64 } from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { engines, numbersTo } from "../../support/maps.js";

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

  it.each([false, true])(
    "goes on behind its last key when the map changes (reverse: %s)",
    (reverse) => {
      const map = StableBTreeMap.create(create(), { key: u32, value: blob });
      for (const key of numbersTo(3000)) map.insert((key * 7) % 3000, bytes(key));
      const seen: number[] = [];
      let removed = 0;
      for (const [key, value] of map.range({ reverse })) {
        expect(value).toEqual(map.get(key));
        seen.push(key);
        if (key % 5 !== 0) continue;
        // Nodes before, under and behind the iterator are merged and freed, and taken again by others.
        for (let i = 1; i < 40; i += 2)
          if (map.remove((key + i * 37) % 3000) !== undefined) removed++;
        map.insert(3000 + removed, bytes(removed));
        map.remove(3000 + removed);
        map.remove(key);
      }
      expect(seen.length + removed).toBeGreaterThanOrEqual(3000);
      expect(removed).toBeGreaterThan(500);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(seen.toSorted((a, b) => (reverse ? b - a : a - b)));
      expect([...map.keys()].every((key) => seen.includes(key))).toBe(true);
    },
  );
});

describe.each(engines)("cursors, on the engine in %s", (_, create) => {
  it("of iterators that were left, or came to their end, go on there", () => {
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

  it("of another map, or of no map, are refused", () => {
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
