import { describe, expect, it } from "vitest";
import { check } from "../../../src/check.js";
import {
  blob,
  json,
  MemoryManager,
  readImage,
  SparseMemory,
  StableBTreeMap,
  u64,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import {
  azleImage,
  behind,
  damagedImage,
  goldenImage,
  goldenNames,
  nestedImage,
} from "../../support/images.js";

const problems = (image: Parameters<typeof check>[0], options = {}) =>
  check(image, options).findings.filter(({ severity }) => severity !== "info");

describe("a sound image", () => {
  it.each(goldenNames())("%s has no finding, and the entries that the headers count", (name) => {
    const report = check(goldenImage(name));
    const found = report.findings.filter(
      ({ code, severity }) => severity !== "info" && code !== "waste",
    );
    expect(found).toEqual([]);
    expect(report.isSound).toBe(true);
    for (const { map } of report.memories) {
      expect(map?.unreadableNodes ?? 0).toBe(0);
      expect(map?.chunks.leaked ?? 0).toBe(0);
    }
  });

  it("is the memory of a real canister, whose keys and values decode and are in order", () => {
    const stats = check(azleImage(), {
      codecs: {
        3: { key: json<string>(), value: json() },
        9: { key: json<number>(), value: json() },
      },
    });
    expect(stats.isSound).toBe(true);
    expect(stats.findings.map(({ code }) => code)).toEqual(["waste", "not-checked"]);
    const maps = stats.memories.flatMap(({ path, map }) => (map ? [[path, map.entries]] : []));
    expect(maps.slice(0, 2)).toEqual([
      [[3], 2000],
      [[9], 500],
    ]);
    const paths = stats.memories.map(({ path }) => path.join("/"));
    expect(paths).toContain("254/229");
    expect(paths).not.toContain("254");
  });

  it("has node pages of 256 bytes, as a fork of the crate writes them", () => {
    const report = check(damagedImage("node-page-256"), {
      codecs: { 0: { key: blob, value: blob } },
    });
    expect(report.findings).toEqual([]);
    expect(report.memories[0]?.map).toMatchObject({ entries: 1000, nodePageSizeInBytes: 256 });
  });

  it("is the same in every memory, and as bytes", () => {
    const bytes = readImage(nestedImage());
    const reports = [
      bytes,
      VectorMemory.from(bytes),
      SparseMemory.from(bytes),
      WasmMemory.from(bytes),
    ].map((image) => check(image));
    for (const report of reports) expect(report).toEqual(reports[0]);
    expect(reports[0]?.isSound).toBe(true);
    expect(JSON.parse(JSON.stringify(reports[0]))).toEqual(reports[0]);
  });

  it("may stay open, and is left as it is", () => {
    const memory = WasmMemory.create();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    const map = StableBTreeMap.create(manager.get(0), { key: u64, value: u64 });
    for (let key = 0n; key < 100n; key++) map.insert(key, key);
    const before = readImage(memory);
    expect(check(memory).memories[0]?.map?.entries).toBe(100);
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
    expect(map.get(5n)).toBe(5n);
  });

  it("may be a lone structure, or start behind pages of the canister's own", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: u64, value: u64 });
    for (let key = 0n; key < 100n; key++) map.insert(key, key);
    expect(problems(memory, { codecs: { "": { key: u64, value: u64 } } })).toEqual([]);
    expect(check(memory).memories[0]).toMatchObject({ path: [], map: { entries: 100 } });
    expect(problems(behind(1, nestedImage()))).toEqual([]);
  });

  it("stays sound through random changes, refilled and bulk loaded", () => {
    for (const createMemory of [() => new VectorMemory(), () => WasmMemory.create()]) {
      const memory = createMemory();
      const options = { key: u64, value: blob, nodePageSize: 200 };
      const map = StableBTreeMap.create(memory, options);
      for (let i = 0n; i < 500n; i++)
        map.insert((i * 7919n) % 500n, new Uint8Array(Number(i % 300n)));
      for (let i = 0n; i < 450n; i++) map.remove((i * 31n) % 500n);
      expect(problems(memory, { codecs: { "": options } })).toEqual([]);
      map.clear();
      expect(problems(memory, { codecs: { "": options } })).toEqual([]);
      map.bulkLoad(Array.from({ length: 333 }, (_, i) => [BigInt(i), new Uint8Array(i)]));
      expect(problems(memory, { codecs: { "": options } })).toEqual([]);
    }
  });
});

describe("the progress of a check", () => {
  it("goes up to all bytes of all memories", () => {
    const told: number[] = [];
    let total = 0;
    check(azleImage(), {
      onProgress: ({ checkedBytes, totalBytes }) => {
        told.push(checkedBytes);
        total = totalBytes;
      },
    });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, total]);
  });
});

describe("an image that was made to take long", () => {
  it("is checked in bounded time, though every memory begins like a map in each of its buckets", () => {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    const map = readImage(damagedMapPage());
    for (let id = 0; id < 8; id++) {
      manager.get(id).grow(64);
      for (let page = 0; page < 64; page++) manager.get(id).write(page * map.length, map);
    }
    const start = performance.now();
    expect(check(memory).isSound).toBe(false);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

/** A page of a map whose root leads nowhere. */
function damagedMapPage() {
  const memory = new VectorMemory();
  const map = StableBTreeMap.create(memory, { key: u64, value: u64 });
  for (let key = 0n; key < 100n; key++) map.insert(key, key);
  memory.write(12, Uint8Array.of(0x75, 0));
  return memory;
}
