import { blob, json, SparseMemory, StableBTreeMap } from "stable-structures";
import { describe, expect, it } from "vitest";
import { columnsFor } from "../src/columns.js";
import { EntryPager, keyFormOf, prefixOf, rangeOfPrefix } from "../src/entries.js";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A map from JSON keys, opened as bytes. */
function mapOf(keys: readonly unknown[], makeValue: (key: unknown) => unknown = () => null) {
  const memory = new SparseMemory();
  const map = StableBTreeMap.create(memory, { key: json<unknown>(), value: json<unknown>() });
  for (const key of keys) map.insert(key, makeValue(key));
  map.close();
  return StableBTreeMap.load(memory, { key: blob, value: blob });
}

const numbers = (length: number) => Array.from({ length }, (_, i) => 1000 + i);
const keysOf = ({ entries }: EntryPager) =>
  entries.map(({ key }) => JSON.parse(new TextDecoder().decode(key)));

describe("EntryPager", () => {
  it("turns forwards and backwards through all entries", () => {
    const pager = new EntryPager(mapOf(numbers(23)), undefined, 10);
    expect(pager).toMatchObject({ total: 23, pages: 3, page: 0 });
    const seen = [keysOf(pager)];
    for (let i = 0; i < 2; i++) {
      pager.next();
      seen.push(keysOf(pager));
    }
    expect(seen.flat()).toEqual(numbers(23));
    pager.previous();
    expect([pager.page, keysOf(pager)]).toEqual([1, seen[1]]);
    pager.first();
    expect([pager.page, keysOf(pager)]).toEqual([0, seen[0]]);
  });

  it("shows on the last page what is left over", () => {
    const pager = new EntryPager(mapOf(numbers(23)), undefined, 10);
    pager.last();
    expect([pager.page, keysOf(pager)]).toEqual([2, [1020, 1021, 1022]]);
    pager.previous();
    expect(keysOf(pager)[0]).toBe(1010);
  });

  it("stays where it is at the ends", () => {
    const pager = new EntryPager(mapOf(numbers(10)), undefined, 10);
    pager.next();
    pager.previous();
    expect([pager.page, keysOf(pager)]).toEqual([0, numbers(10)]);
  });

  it("turns only the pages of a prefix", () => {
    const pager = new EntryPager(mapOf(numbers(2000)), bytes("12"), 30);
    expect(pager).toMatchObject({ total: 100, pages: 4 });
    pager.last();
    expect(keysOf(pager)).toEqual(numbers(2000).slice(290, 300));
    pager.previous();
    expect(keysOf(pager)).toEqual(numbers(2000).slice(260, 290));
    pager.first();
    expect(keysOf(pager)).toEqual(numbers(2000).slice(200, 230));
  });

  it("has one empty page where nothing matches", () => {
    const pager = new EntryPager(mapOf(numbers(3)), bytes("9"));
    pager.last();
    expect(pager).toMatchObject({ total: 0, pages: 1, page: 0, entries: [] });
  });
});

describe("a search by prefix", () => {
  it("finds the strings that start so, whatever follows", () => {
    const keys = ["a", "ab", 'ab"', "ab c", "abz", "ab\u{10ffff}", "ac", "b"];
    const map = mapOf(keys);
    const pager = new EntryPager(map, prefixOf("ab", keyFormOf(bytes('"a"'))));
    expect(new Set(keysOf(pager))).toEqual(new Set(["ab", 'ab"', "ab c", "abz", "ab\u{10ffff}"]));
  });

  it("reads hexadecimal digits where keys are bytes", () => {
    expect(keyFormOf(Uint8Array.of(0xff))).toBe("bytes");
    expect(prefixOf("0x00 fF", "bytes")).toEqual(Uint8Array.of(0, 255));
    expect(() => prefixOf("0", "bytes")).toThrow(/hexadecimal/);
  });

  it("ends before the first key that no longer starts so", () => {
    expect(rangeOfPrefix(Uint8Array.of(1, 255))).toEqual({
      gte: Uint8Array.of(1, 255),
      lt: Uint8Array.of(2),
    });
    expect(rangeOfPrefix(Uint8Array.of(255))).toEqual({ gte: Uint8Array.of(255) });
    expect(rangeOfPrefix(Uint8Array.of())).toEqual({});
  });
});

describe("columnsFor", () => {
  const show = (map: ReturnType<typeof mapOf>) => {
    const { entries } = new EntryPager(map);
    const columns = columnsFor(entries);
    const rows = entries.map((entry) => columns.map(({ cell }) => cell(entry)));
    return [columns.map(({ header }) => header), ...rows];
  };

  it("gives each property a column, and texts their length", () => {
    const map = mapOf(["u"], () => ({ id: 7, name: "n".repeat(50) }));
    expect(show(map)).toEqual([
      ["Key", "id", "name, length", "name"],
      ["u", "7", "50", `${"n".repeat(40)}…`],
    ]);
  });

  it("shows Azle's bigints as numbers", () => {
    expect(show(mapOf([1], () => ({ __bigint__: "19990" })))).toEqual([
      ["Key", "Value"],
      ["1", "19990"],
    ]);
  });

  it("shows bytes that are no JSON text as hexadecimal digits", () => {
    const entries = [{ key: Uint8Array.of(1, 2), value: new Uint8Array(30) }];
    const cells = columnsFor(entries).map(({ cell }) => cell(entries[0] as (typeof entries)[0]));
    expect(cells).toEqual(["0102", `${"00".repeat(24)}… (30 bytes)`]);
  });
});
