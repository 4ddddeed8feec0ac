import { describe, expect, it } from "vitest";
import { MemoryManager, PAGE_SIZE, readImage, SparseMemory } from "../../../src/index.js";
import type { ImageReport } from "../../../src/inspect/report.js";
import { inspect } from "../../../src/inspect.js";
import { behind, nestedImage, pageWith, withBytes } from "../../support/images.js";

/** Page 0 of the manager inside memory 7, whose first bucket is the outer manager's fourth. */
const INNER = (1 + 3 * 2) * PAGE_SIZE;
/** The map in memory 0. */
const MAP = PAGE_SIZE;

const findingsOf = ({ findings }: ImageReport) =>
  findings.map(({ code, severity, path, address }) => [code, severity, path, address]);

const damaged = (...changes: [number, string][]) => inspect(withBytes(nestedImage(), ...changes));

describe("damage in a manager becomes a finding, and the rest is reported", () => {
  it.each<[what: string, offset: number, digits: string, finding: unknown[]]>([
    ["a version of another layout", 3, "02", ["unsupported-version", "error", [], undefined]],
    ["a bucket that nobody owns", 2080, "ff", ["holes", "warning", [], 2080]],
    ["an owner past the count", 2080 + 9, "05", ["owners-past-count", "warning", [], 2089]],
    ["reserved bytes", 20, "01", ["reserved-bytes", "warning", [], 8]],
    ["a size above the buckets", 40 + 8, "05", ["size-above-buckets", "error", [], 48]],
    ["a size of 2^64 - 1", 40 + 8, "ffffffffffffffff", ["size-above-buckets", "error", [], 48]],
    ["a size of zero", 40 + 8, "00", ["surplus-buckets", "warning", [], 48]],
    ["a bucket too many", 4, "05", ["truncated", "error", [], 4]],
    ["more buckets than there can be", 4, "ffff", ["too-many-buckets", "error", [], 4]],
    ["a bucket size of 0", 6, "0000", ["bucket-size-zero", "error", [], 6]],
    ["an inner version", INNER + 3, "09", ["unsupported-version", "error", [7], undefined]],
    ["an inner size", INNER + 40 + 40, "02", ["size-above-buckets", "error", [7], 80]],
    ["a map's version", MAP + 3, "03", ["unsupported-version", "error", [0], undefined]],
    ["a map's marker", MAP + 8, "01", ["damaged-structure", "error", [0], 8]],
    ["a map's root", MAP + 19, "01", ["damaged-structure", "error", [0], 12]],
    ["a map's root node", MAP + 12, "7500", ["damaged-structure", "error", [0], 0x75]],
    ["a map's length", MAP + 27, "ff", ["damaged-structure", "error", [0], 20]],
    ["a map's allocator", MAP + 52, "00", ["damaged-structure", "error", [0], 52]],
    ["a map's chunk size", MAP + 60, "01", ["damaged-structure", "error", [0], 60]],
    ["a map's chunks", MAP + 72, "01", ["damaged-structure", "error", [0], 68]],
  ])("%s", (_, offset, digits, finding) => {
    const report = damaged([offset, digits]);
    expect(findingsOf(report)).toContainEqual(finding);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    for (const { message, advice } of report.findings) expect(message && advice).toBeTruthy();
  });

  it("keeps the sound memories of a manager with a damaged one", () => {
    const { manager } = damaged([40 + 8, "ff"], [MAP + 52, "00"]);
    const rows = manager?.memories.map(({ id, kind, sizeInPages, readablePages, map }) => {
      return [id, kind, sizeInPages, readablePages, map];
    });
    expect(rows).toMatchObject([
      [0, "btree-map", 1, undefined, { length: 100, layoutVersion: 2 }],
      [1, "unknown", 255, 4, undefined],
      [7, "memory-manager", 2, undefined, undefined],
    ]);
    expect(manager?.memories[0]?.map?.allocatedChunks).toBeUndefined();
    expect(manager?.memories[2]?.manager?.memories[0]?.map?.length).toBe(1);
  });

  it("lists the memories of a manager without a bucket size, though none can be found", () => {
    const kinds = damaged([6, "0000"]).manager?.memories.map(({ id, kind }) => [id, kind]);
    expect(kinds).toEqual([0, 1, 7].map((id) => [id, "unreadable"]));
  });

  it("counts addresses from the start of the image where the manager is on a later page", () => {
    const image = behind(1, withBytes(nestedImage(), [2080, "ff"]));
    expect(findingsOf(inspect(image))).toContainEqual(["holes", "warning", [], PAGE_SIZE + 2080]);
  });
});

describe("a truncated image", () => {
  const image = readImage(nestedImage());
  const cutAt = (length: number) =>
    inspect(SparseMemory.from(image.subarray(0, length)), { lengthInBytes: length });

  it("is reported up to its end", () => {
    const report = cutAt(4 * PAGE_SIZE);
    expect(findingsOf(report)).toContainEqual(["truncated", "error", [], 4]);
    const rows = report.manager?.memories.map(({ id, kind, readablePages }) => {
      return [id, kind, readablePages];
    });
    expect(rows).toEqual([
      [0, "btree-map", undefined],
      [1, "unknown", 1],
      [7, "unreadable", 0],
    ]);
  });

  it("may end inside a page", () => {
    expect(findingsOf(cutAt(image.length - 1))).toEqual([
      ["truncated", "error", [], image.length - 1],
    ]);
  });

  it("may end inside the manager's tables, and missing owners are nobody", () => {
    const report = cutAt(2082);
    expect(findingsOf(report)).toContainEqual(["truncated", "error", [], 4]);
    expect(report.manager?.bucketOwners).toEqual([0, 1, null, null]);
  });

  it.each([1, 3, 5, 41, 2079, 2081, PAGE_SIZE - 1, PAGE_SIZE + 1])("may end at %d", (length) => {
    expect(findingsOf(cutAt(length)).map(([, severity]) => severity)).toContain("error");
  });

  it("must have as many pages as the memory", () => {
    const memory = SparseMemory.from(image);
    for (const lengthInBytes of [0, image.length + 1, image.length - PAGE_SIZE, 1.5, Number.NaN])
      expect(() => inspect(memory, { lengthInBytes })).toThrow(RangeError);
  });
});

describe("a damaged lone structure", () => {
  it.each([
    ["a Vec with more elements than fit", "53564301 ffffffff00000000 08000000 01", 4],
    ["a Vec of 2^64 - 1 elements", "53564301 ffffffffffffffff 08000000 01", 4],
    ["a Vec with a wrong flag", "53564301 0000000000000000 08000000 02", 16],
    ["a Cell longer than its memory", "53434c01 ffffff00", 4],
    ["a Log with more entries than fit", `474c4901 ${"00".repeat(28)} ffffffffffffffff`, 32],
    [
      "a Log with an impossible end",
      `474c4901 ${"00".repeat(28)} 0100000000000000 ffffffffffffffff`,
      40,
    ],
  ])("%s", (_, bytes, address) => {
    expect(findingsOf(inspect(pageWith(bytes)))).toEqual([
      ["damaged-structure", "error", [], address],
    ]);
  });

  it.each(["53564302", "534d4802", "53434c02", "474c4902", "474c4402", "42545203", "4d475202"])(
    "of version 2 or later: %s",
    (bytes) => {
      expect(findingsOf(inspect(pageWith(bytes)))).toEqual([
        ["unsupported-version", "error", [], undefined],
      ]);
    },
  );

  it("of which nothing is known is said to be unknown", () => {
    const [finding] = inspect(pageWith("c1ff13")).findings;
    expect(finding).toMatchObject({ code: "nothing-known", severity: "warning" });
    expect(finding?.advice).toContain("whether it is complete");
  });
});

describe("a hostile image", () => {
  it("with a manager in every memory is not followed for ever", () => {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    for (let id = 0; id < 255; id++) {
      const inner = MemoryManager.create(manager.get(id), { bucketSizeInPages: 1 });
      for (let i = 0; i < 4; i++) MemoryManager.create(inner.get(i), { bucketSizeInPages: 1 });
    }
    const start = performance.now();
    const { findings } = inspect(memory);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(findings.filter(({ code }) => code === "not-followed").length).toBeGreaterThan(100);
  });
});
