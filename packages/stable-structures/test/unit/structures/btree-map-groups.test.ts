import { describe, expect, it } from "vitest";
import {
  type BTreeMapOptions,
  blob,
  boundedBlob,
  fixedBlob,
  type MemoryOptions,
  readImage,
  StableBTreeMap,
  u64,
  WasmMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { Random } from "../../support/random.js";

/** Entries at a time; groups of 16 keys do not begin where these do. */
const BATCH = 1000;

/**
 * Keys in an order in which several of a group come to one leaf, which some of them split, or to leaves
 * beside each other, whose parent some of them fill, and to keys that are there.
 */
function* numbersInClusters(random: Random, count: number): Generator<bigint> {
  for (let i = 0; i < count; ) {
    const base = BigInt(random.below(1 << 30)) << 20n;
    const step = BigInt(random.below(3)) << BigInt(random.below(2) * 34);
    const size = 1 + random.below(24);
    for (let k = 0n; k < size; k++, i++) yield base + (random.below(2) ? k : -k & 0xffn) * step;
  }
}

function bytesOf(number: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setBigUint64(0, number);
  return bytes;
}

function expectSameImages<K, V>(
  options: BTreeMapOptions<K, V>,
  entries: readonly (readonly [K, V])[],
  memoryOptions?: MemoryOptions,
): void {
  const [one, many] = [WasmMemory.create(memoryOptions), WasmMemory.create(memoryOptions)];
  const oneByOne = StableBTreeMap.create(one, options);
  const inGroups = StableBTreeMap.create(many, options);
  const codes = [
    codeOf(() => {
      for (const [key, value] of entries) oneByOne.insert(key, value);
    }),
    codeOf(() => {
      for (let i = 0; i < entries.length; i += BATCH)
        inGroups.insertMany(entries.slice(i, i + BATCH));
    }),
  ];
  expect(codes[1]).toBe(codes[0]);
  expect(codes[0]).toBe(memoryOptions ? "STABLE_GROW_FAILED" : "none");
  expect(inGroups.length).toBe(oneByOne.length);
  expect(Buffer.compare(readImage(one), readImage(many))).toBe(0);
}

// The engine searches for many keys together once a map is larger than 4 MiB; these come to three times that.
describe("insertMany into a large map writes what inserting one by one writes", () => {
  it.each([1, 2, 3])("with integers (seed %i)", (seed) => {
    const keys = [...numbersInClusters(new Random(seed), 300_000)];
    expectSameImages(
      { key: u64, value: u64 },
      keys.map((key, i) => [key, BigInt(i)]),
    );
  });

  it("until the memory is full", () => {
    const keys = [...numbersInClusters(new Random(6), 300_000)];
    expectSameImages(
      { key: u64, value: u64 },
      keys.map((key, i) => [key, BigInt(i)]),
      { maximumPages: 100 },
    );
  });

  it("with nodes of version 1", () => {
    const keys = [...numbersInClusters(new Random(7), 200_000)];
    expectSameImages(
      { key: u64, value: boundedBlob(12), layoutVersion: 1 },
      keys.map((key, i) => [key, new Uint8Array(i % 13).fill(i)]),
    );
  });

  it("with ascending integers", () => {
    expectSameImages(
      { key: u64, value: u64 },
      Array.from({ length: 200_000 }, (_, i) => [BigInt(i), BigInt(i)]),
    );
  });

  it("with bytes of any size, in overflow pages", () => {
    const random = new Random(4);
    const keys = [...numbersInClusters(random, 40_000)];
    expectSameImages(
      { key: blob, value: blob },
      keys.map((key) => [
        bytesOf(key, 8 + random.below(20)),
        new Uint8Array(random.below(random.below(20) ? 300 : 2000)).fill(random.below(256)),
      ]),
    );
  });

  it("with bytes of one size and bounded ones", () => {
    const random = new Random(5);
    const keys = [...numbersInClusters(random, 60_000)];
    expectSameImages(
      { key: fixedBlob(12), value: boundedBlob(200) },
      keys.map((key) => [
        bytesOf(key, 12),
        new Uint8Array(100 + random.below(100)).fill(random.below(256)),
      ]),
    );
  });
});
