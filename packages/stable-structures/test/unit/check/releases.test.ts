import { describe, expect, it } from "vitest";
import { check } from "../../../src/check.js";
import { StableBTreeMap, u64, VectorMemory } from "../../../src/index.js";
import { BucketView } from "../../../src/inspect/bucket-view.js";
import { damagedImage } from "../../support/images.js";

// What earlier releases of the crate really wrote.

it("finds the overflow pages that crate 0.6.3 lost, and how many bytes they take", () => {
  const report = check(damagedImage("leaked-0.6.3"));
  expect(report.isSound).toBe(true);
  expect(report.findings).toMatchObject([
    {
      code: "leaked-chunks",
      severity: "warning",
      path: [0],
      figures: { chunks: 189, bytes: 189 * 1040 },
    },
  ]);
  const { entries, chunks, nodes, overflow } = report.memories[0]?.map ?? {};
  expect(entries).toBe(25);
  const reached = (nodes?.leaves ?? 0) + (nodes?.internal ?? 0) + (overflow?.pages ?? 0);
  expect(chunks?.allocated).toBe(reached + 189);
});

describe("an image in which crate 0.7.1 reclaimed a memory", () => {
  const orders = (name: string) =>
    check(damagedImage(name)).findings.filter(({ code }) => code === "bucket-order");

  it.each<[name: string, id: number, entries: number, value: (key: bigint) => bigint]>([
    ["reclaimed-0.7.1-rotation", 1, 6000, (key) => key * 7n],
    ["reclaimed-0.7.1-two-runs", 1, 9000, (key) => key + 1n],
    ["reclaimed-0.7.1-two-runs", 3, 9000, (key) => key + 2n],
  ])("%s: memory %i is sound in the order that is found", (name, id, entries, value) => {
    const finding = orders(name).find(({ path }) => path[0] === id);
    expect(finding).toMatchObject({ severity: "error", figures: { entries } });
    const buckets = finding?.buckets as readonly number[];
    expect(buckets.toSorted((a, b) => a - b)).not.toEqual(buckets);
    const image = VectorMemory.from(damagedImage(name));
    const memory = new BucketView(image, buckets, 1, buckets.length);
    const map = StableBTreeMap.load(memory, { key: u64, value: u64 });
    const expected = Array.from({ length: entries }, (_, i) => [BigInt(i), value(BigInt(i))]);
    expect([...map]).toEqual(expected);
  });

  it("has no finding beside it that the wrong order alone has caused", () => {
    const { findings, isSound, memories } = check(damagedImage("reclaimed-0.7.1-two-runs"));
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ["bucket-order", [1]],
      ["bucket-order", [3]],
    ]);
    expect(isSound).toBe(false);
    expect(memories.map(({ errors, map }) => [errors, map?.entries])).toEqual([
      [1, 9000],
      [1, 9000],
    ]);
  });

  it("is not called damaged where nothing in the bytes tells the order", () => {
    const { findings, isSound } = check(damagedImage("reclaimed-0.7.1-ambiguous"));
    expect(isSound).toBe(true);
    expect(findings).toMatchObject([{ code: "not-checked", severity: "info", path: [1] }]);
    expect(findings[0]?.message).toMatch(/nothing tells whether its 3 buckets are in order/);
  });
});
