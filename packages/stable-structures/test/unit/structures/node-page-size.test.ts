import { describe, expect, it } from "vitest";
import {
  blob,
  type Memory,
  MemoryManager,
  readImage,
  StableBTreeMap,
  u64,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";

const codecs = { key: u64, value: blob };

const memories: [string, () => Memory][] = [
  ["JavaScript", () => MemoryManager.create(new VectorMemory(), { bucketSizeInPages: 1 }).get(2)],
  ["WebAssembly", () => MemoryManager.create(WasmMemory.create(), { bucketSizeInPages: 1 }).get(2)],
];

describe.each(memories)("a node page size of one's own, in %s", (engine, createMemory) => {
  it("stands in both headers, and holds the entries that the default holds", () => {
    for (const nodePageSize of [128, 256, 4096, 65_536]) {
      const memory = createMemory();
      const map = StableBTreeMap.create(memory, { ...codecs, nodePageSize });
      expect(map.engine).toBe(engine === "JavaScript" ? "js" : "wasm");
      for (let key = 0n; key < 200n; key++) map.insert(key * 7n, new Uint8Array(Number(key)));
      for (let key = 0n; key < 200n; key += 3n) map.remove(key * 7n);
      map.close();
      const view = new DataView(readImage(memory).buffer);
      expect([view.getUint32(4, true), view.getUint32(8, true)]).toEqual([
        nodePageSize,
        0xffff_ffff,
      ]);
      expect(view.getBigUint64(60, true)).toBe(BigInt(nodePageSize));
      const again = StableBTreeMap.load(memory, codecs);
      expect(Array.from(again.entries(), ([key, value]) => [key, value.length])).toEqual(
        Array.from({ length: 200 }, (_, i) => i)
          .filter((i) => i % 3 !== 0)
          .map((i) => [BigInt(i) * 7n, i]),
      );
      again.close();
    }
  });

  it("is what an existing map must have, or both sizes are named", () => {
    const memory = createMemory();
    StableBTreeMap.create(memory, { ...codecs, nodePageSize: 256 }).close();
    const before = readImage(memory);
    for (const open of [StableBTreeMap.load, StableBTreeMap.init] as const) {
      expect(codeOf(() => open(memory, { ...codecs, nodePageSize: 512 }))).toBe(
        "STABLE_NODE_PAGE_SIZE_MISMATCH",
      );
      expect(() => open(memory, { ...codecs, nodePageSize: 512 })).toThrow(/256 bytes and 512/);
      open(memory, { ...codecs, nodePageSize: 256 }).close();
      open(memory, codecs).close();
    }
    expect(readImage(memory)).toEqual(before);
  });

  it("is refused outside of what the format allows, with nothing written", () => {
    const memory = createMemory();
    for (const nodePageSize of [127, 0, -128, 128.5, Number.NaN, 2 ** 32, Infinity]) {
      expect(() => StableBTreeMap.create(memory, { ...codecs, nodePageSize })).toThrow(RangeError);
    }
    const nodePageSize = "256" as unknown as number;
    expect(() => StableBTreeMap.create(memory, { ...codecs, nodePageSize })).toThrow(TypeError);
    const old = { key: u64, value: u64, layoutVersion: 1, nodePageSize: 256 } as const;
    expect(() => StableBTreeMap.create(memory, old)).toThrow(RangeError);
    expect(memory.size()).toBe(0);
  });

  it("may be as large as the header's field, as far as the memory goes", () => {
    const memory = createMemory();
    const map = StableBTreeMap.create(memory, { ...codecs, nodePageSize: 2 ** 32 - 1 });
    expect(codeOf(() => map.insert(1n, new Uint8Array(1)))).toMatch(
      /^STABLE_(GROW_FAILED|TOO_MANY_BUCKETS)$/,
    );
    expect(map.length).toBe(0);
  });
});
