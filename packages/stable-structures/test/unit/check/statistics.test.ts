import { describe, expect, it } from "vitest";
import { type MapStatistics, statisticsOf } from "../../../src/check.js";
import {
  blob,
  boundedBlob,
  type Memory,
  MemoryManager,
  StableBTreeMap,
  u64,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";

/** A map of these values under the keys 0, 1, 2 and so on, still open. */
function mapOf(memory: Memory, lengths: readonly number[], nodePageSize?: number) {
  const options = { key: u64, value: blob, ...(nodePageSize ? { nodePageSize } : {}) };
  const map = StableBTreeMap.create(memory, options);
  lengths.forEach((length, i) => {
    map.insert(BigInt((i * 7919) % lengths.length), new Uint8Array(length));
  });
  return map;
}

describe("the statistics of a map", () => {
  it("are those of the format's own example: 12 entries in three nodes", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: u64, value: u64 });
    for (let i = 1n; i <= 12n; i++) map.insert(i, i * 16n);
    // docs/format/btree-map.md: nodes of 275 bytes; a header of 15 bytes, 20 for an entry, 8 for a child.
    expect(statisticsOf(memory, { key: u64, value: u64 })).toMatchObject<Partial<MapStatistics>>({
      entries: 12,
      depth: 2,
      nodePageSizeInBytes: 275,
      nodes: { leaves: 2, internal: 1 },
      fill: 12 / 33,
      overflow: { chains: 0, pages: 0, longest: 0 },
      bytes: { keys: 96, values: 96, nodes: 3 * 15 + 12 * 20 + 2 * 8, chunks: 3 * 291 },
      bytesPerEntry: { content: 16, chunks: (3 * 291) / 12 },
      chunks: { sizeInBytes: 291, allocated: 3, free: 0, leaked: 0 },
      keySizesAreCertain: true,
    });
  });

  it("of an empty map are zeroes", () => {
    const memory = new VectorMemory();
    StableBTreeMap.create(memory, { key: u64, value: blob });
    const { entries, depth, fill, bytesPerEntry, chunks } = statisticsOf(memory);
    expect([entries, depth, fill, bytesPerEntry]).toEqual([0, 0, 0, undefined]);
    expect(chunks).toEqual({ sizeInBytes: 1040, allocated: 0, free: 0, leaked: 0 });
  });

  it("count free chunks after removals, in both engines alike", () => {
    const [js, wasm] = [new VectorMemory(), WasmMemory.create()].map((base) => {
      const memory = MemoryManager.create(base, { bucketSizeInPages: 1 }).get(0);
      const map = mapOf(memory, new Array(300).fill(40));
      for (let i = 0n; i < 280n; i++) map.remove(i);
      return statisticsOf(memory);
    });
    expect(js).toEqual(wasm);
    expect(js?.chunks.free).toBeGreaterThan(20);
    expect(js?.bytes.chunks).toBe((js?.chunks.allocated ?? 0) * 1040);
  });

  it("are refused where there is no map, by name", () => {
    const memory = new VectorMemory();
    MemoryManager.create(memory, { bucketSizeInPages: 1 });
    expect(codeOf(() => statisticsOf(memory))).toBe("STABLE_FOREIGN_BYTES");
    expect(() => statisticsOf(memory)).toThrow(/MemoryManager/);
  });
});

describe("what other node page sizes would take", () => {
  // Inserting one by one makes the same nodes whatever their page size is, so each row can be had.
  it.each([
    ["small entries", Array.from({ length: 500 }, (_, i) => i % 40)],
    ["large ones", Array.from({ length: 60 }, (_, i) => (i * 997) % 9000)],
  ])("is what a map with that size takes: %s", (_, lengths) => {
    const memory = new VectorMemory();
    mapOf(memory, lengths);
    const { nodePageSizeChoices } = statisticsOf(memory);
    expect(nodePageSizeChoices.map(({ nodePageSizeInBytes }) => nodePageSizeInBytes)).toEqual([
      128, 256, 512, 1024, 2048, 4096,
    ]);
    for (const { nodePageSizeInBytes, chunks, bytes, isCurrent } of nodePageSizeChoices) {
      const other = new VectorMemory();
      mapOf(other, lengths, nodePageSizeInBytes);
      const real = statisticsOf(other);
      expect([chunks, bytes]).toEqual([real.chunks.allocated, real.bytes.chunks]);
      expect(isCurrent).toBe(nodePageSizeInBytes === 1024);
    }
  });

  it("marks the size that the crate would choose, where codecs are given", () => {
    const memory = new VectorMemory();
    const options = { key: u64, value: boundedBlob(60), nodePageSize: 300 };
    StableBTreeMap.create(memory, options).insert(1n, new Uint8Array(5));
    const marked = statisticsOf(memory, options).nodePageSizeChoices.filter(
      ({ isCurrent, isDerived }) => isCurrent || isDerived,
    );
    expect(marked.map(({ nodePageSizeInBytes }) => nodePageSizeInBytes)).toEqual([300, 704]);
  });
});
