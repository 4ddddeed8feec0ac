import { describe, expect, it } from "vitest";
import {
  blob,
  MemoryManager,
  PAGE_SIZE,
  readImage,
  SparseMemory,
  StableBTreeMap,
  u64,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import { inspect, memoryAt } from "../../../src/inspect.js";
import { codeOf } from "../../support/errors.js";
import { azleImage, behind, nestedImage, pageWith } from "../../support/images.js";

describe("inspect of a real canister's memory", () => {
  const report = inspect(azleImage());
  const memories = report.manager?.memories ?? [];

  it("finds the manager, its bucket size and who owns its ten buckets", () => {
    expect(report).toMatchObject({ version: 1, kind: "memory-manager", sizeInPages: 1281 });
    expect(report.manager).toMatchObject({
      startPage: 0,
      layoutVersion: 1,
      bucketSizeInPages: 128,
      allocatedBuckets: 10,
      baseSizeInPages: 1281,
      maximumBytes: 256 * 2 ** 30,
      bucketOwners: [254, 254, 254, 254, 254, 254, 254, 254, 3, 9],
    });
  });

  it("describes its memories", () => {
    const rows = memories.map(
      ({ id, kind, sizeInPages, usedPages, ownedPages, slackPages, map }) => {
        return [id, kind, sizeInPages, usedPages, ownedPages, slackPages, map?.length];
      },
    );
    expect(rows).toEqual([
      [3, "btree-map", 8, 8, 128, 120, 2000],
      [9, "btree-map", 2, 2, 128, 126, 500],
      [254, "memory-manager", 897, 8, 1024, 127, undefined],
    ]);
    expect(memories[0]?.map).toMatchObject({ layoutVersion: 2, nodePageSizeInBytes: 1024 });
  });

  it("looks into the manager inside memory 254", () => {
    const inner = memories.find(({ id }) => id === 254)?.manager;
    expect(inner).toMatchObject({ bucketSizeInPages: 128, allocatedBuckets: 7 });
    expect(inner?.memories.map(({ path, kind }) => [path[1], kind])).toEqual([
      [229, "cell"],
      ...[230, 231, 232, 233, 234].map((id) => [id, "btree-map"]),
      [235, "unknown"],
    ]);
  });

  it("says that 908 pages would do with buckets of one page, and 19 with both managers re-bucketed", () => {
    expect(report.manager?.bucketSizeChoices[0]).toEqual({
      bucketSizeInPages: 1,
      sizeInPages: 908,
      maximumBytes: 2 * 2 ** 30,
    });
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]).toMatchObject({
      code: "waste",
      severity: "warning",
      figures: { wastedPages: 1262, bucketSizeInPages: 1, rebucketedPages: 908, bestPages: 19 },
    });
    expect(report.findings[0]?.advice).toMatch(/908 pages .* 19 pages .* 2 GiB/);
  });
});

describe("inspect of what the library wrote", () => {
  it.each([
    ["SparseMemory", new SparseMemory()],
    ["VectorMemory", new VectorMemory()],
    ["WasmMemory", WasmMemory.create()],
  ])("reads a %s while everything in it is open, and takes no claim", (_, memory) => {
    nestedImage(memory);
    const before = readImage(memory);
    const report = inspect(memory);
    expect(report.findings).toEqual([]);
    expect(inspect(memory)).toEqual(report);
    expect(codeOf(() => MemoryManager.load(memory))).toBe("STABLE_MEMORY_IN_USE");
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
  });

  it("does not write or grow", () => {
    const memory = nestedImage();
    const fail = () => expect.unreachable();
    const { size, read } = bound(memory);
    inspect({ size, read, write: fail, grow: fail });
  });

  it("is plain data", () => {
    const report = inspect(nestedImage());
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("adds up the pages that headers account for", () => {
    const report = inspect(nestedImage());
    // Page 0; a map on one page; three pages of bytes; the inner manager's page and a map on one page.
    expect(report.usedPages).toBe(1 + 1 + 3 + (1 + 1));
    expect(report.sizeInBytes).toBe(9 * PAGE_SIZE);
  });

  it("gives the memories of a report to read, nested ones too, and refuses to write to them", () => {
    const memory = nestedImage();
    const report = inspect(memory);
    const inner = memoryAt(memory, report, [7, 5]);
    expect(StableBTreeMap.load(inner, { key: u64, value: u64 }).get(77n)).toBe(78n);
    const outer = StableBTreeMap.load(memoryAt(memory, report, [0]), { key: u64, value: blob });
    expect(outer.get(99n)).toEqual(new Uint8Array(10).fill(99));
    expect(inner.grow(1)).toBe(-1);
    expect(codeOf(() => inner.write(0, Uint8Array.of(1)))).toBe("STABLE_READ_ONLY");
    expect(() => memoryAt(memory, report, [7, 6])).toThrow(/no memory 7 > 6/);
    expect(memoryAt(memory, report, [])).toBe(memory);
  });

  it("finds a manager on page 1, as Internet Identity has it, and on page 16", () => {
    for (const pages of [1, 16]) {
      const memory = behind(pages, nestedImage());
      const report = inspect(memory);
      expect(report).toMatchObject({ kind: "unknown", findings: [], usedPages: pages + 7 });
      expect(report.manager).toMatchObject({ startPage: pages, baseSizeInPages: 9 });
      const map = StableBTreeMap.load(memoryAt(memory, report, [7, 5]), { key: u64, value: u64 });
      expect(map.get(77n)).toBe(78n);
    }
    expect(inspect(behind(17, nestedImage())).manager).toBeUndefined();
  });

  it("takes a manager's letters further inside a structure for what they are: its bytes", () => {
    const memory = new SparseMemory();
    const map = StableBTreeMap.create(memory, { key: u64, value: blob });
    map.insert(1n, new Uint8Array(PAGE_SIZE));
    memory.write(PAGE_SIZE, new TextEncoder().encode("MGR\x01"));
    expect(inspect(memory).manager).toBeUndefined();
  });

  it("follows managers four levels down and says where it stops", () => {
    const memory = new SparseMemory();
    let manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    for (let i = 0; i < 6; i++)
      manager = MemoryManager.create(manager.get(i), { bucketSizeInPages: 1 });
    const { findings } = inspect(memory);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ["not-followed", [0, 1, 2, 3]],
    ]);
  });

  it("says that it did not look through a large memory of zeroes", () => {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    manager.get(1).grow(64);
    manager.get(2).grow(65);
    manager.get(3).grow(65);
    manager.get(3).write(64 * PAGE_SIZE - 1, Uint8Array.of(1));
    const kinds = inspect(memory).manager?.memories.map(({ kind }) => kind);
    expect(kinds).toEqual(["zeroes", "not-looked-through", "unknown"]);
  });

  it("warns before the last bucket is taken", () => {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    manager.get(0).grow(29_490);
    expect(inspect(memory).findings).toEqual([]);
    manager.get(0).grow(1);
    expect(inspect(memory).findings).toMatchObject([
      { code: "lifetime-cap", severity: "warning", figures: { bucketsLeft: 3277 } },
    ]);
  });

  it("suggests no bucket size that leaves no room to grow", () => {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 4096 });
    manager.get(0).grow(4096);
    manager.get(1).grow(1);
    manager.get(2).grow(1);
    const [waste] = inspect(memory).findings;
    // 4,098 pages can grow 16-fold within 32,768 buckets of 2 pages and not quite of 4: 8 is not needed.
    expect(waste?.figures).toMatchObject({ bucketSizeInPages: 4, rebucketedPages: 1 + 4096 + 8 });
  });
});

describe("inspect of a lone structure", () => {
  it.each([
    [
      "a Vec",
      "53564301 0300000000000000 08000000 01",
      { vec: { layoutVersion: 1, length: 3, maxSizeInBytes: 8, fixedSize: true } },
    ],
    [
      "a Vec",
      "53564301 0300000000000000 0a000000 00",
      { vec: { layoutVersion: 1, length: 3, maxSizeInBytes: 10, fixedSize: false } },
    ],
    [
      "a MinHeap",
      "534d4801 0000000000000000 08000000 01",
      { vec: { layoutVersion: 1, length: 0, maxSizeInBytes: 8, fixedSize: true } },
    ],
    ["a Cell", "53434c01 05000000 0102030405", { cell: { layoutVersion: 1, bytes: 5 } }],
    [
      "the index of a Log",
      `474c4901 ${"00".repeat(28)} 0300000000000000 0200000000000000 0200000000000000 0600000000000000`,
      { logIndex: { layoutVersion: 1, entries: 3, entriesBytes: 6 } },
    ],
    [
      "the entries of a Log",
      `474c4401 ${"00".repeat(28)} 616263`,
      { logData: { layoutVersion: 1 } },
    ],
    [
      "a BTreeMap or BTreeSet",
      "42545202 00040000 ffffffff 0000000000000000 0000000000000000" +
        "00".repeat(24) +
        "42544101 00000000 0004000000000000 0000000000000000 6400000000000000",
      { map: { layoutVersion: 2, nodePageSizeInBytes: 1024, length: 0, allocatedChunks: 0 } },
    ],
    [
      "a BTreeMap or BTreeSet",
      "42545201 08000000 04000000 0000000000000000 0000000000000000" +
        "00".repeat(24) +
        "42544101 00000000 4301000000000000 0000000000000000 6400000000000000",
      {
        map: {
          layoutVersion: 1,
          nodePageSizeInBytes: 323,
          maxKeySizeInBytes: 8,
          maxValueSizeInBytes: 4,
          length: 0,
          allocatedChunks: 0,
        },
      },
    ],
  ])("reads the header of %s", (description, bytes, facts) => {
    const report = inspect(pageWith(bytes));
    expect(report).toMatchObject({ description, ...facts, findings: [] });
    if (!("logData" in facts)) expect(report.usedPages).toBe(1);
  });

  it("names the memories that a catalog names", () => {
    const memory = new VectorMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    manager.memory("users", { id: 7 }).grow(1);
    manager.memory("orders", { id: 2 });
    manager.get(9).grow(1);
    const before = readImage(memory);
    const namesOf = () => inspect(memory).manager?.memories.map(({ id, name }) => [id, name]);
    expect(namesOf()).toEqual([
      [7, "users"],
      [9, undefined],
      [253, undefined],
    ]);
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
    // Its root leads nowhere: there are no names then, and all the rest.
    manager.get(253).write(12, Uint8Array.of(1, 2, 3));
    expect(namesOf()).toEqual([7, 9, 253].map((id) => [id, undefined]));
  });

  it("lets the last slot of a Vec reach past the memory, which grows only for what is written", () => {
    // Two elements of up to 65,000 bytes: the second slot starts at 65,066 and holds a few bytes.
    const vec = pageWith("53564301 0200000000000000 e8fd0000 00");
    expect(inspect(vec).findings).toEqual([]);
  });

  it("calls zeroes zeroes, and nothing nothing", () => {
    expect(inspect(SparseMemory.from(new Uint8Array(PAGE_SIZE)))).toMatchObject({
      kind: "zeroes",
      usedPages: 0,
      findings: [],
    });
    expect(inspect(new SparseMemory())).toMatchObject({ kind: "empty", sizeInPages: 0 });
  });
});

/** The reading half of a memory. */
function bound(memory: { size(): number; read(offset: number, target: Uint8Array): void }) {
  return { size: memory.size.bind(memory), read: memory.read.bind(memory) };
}
