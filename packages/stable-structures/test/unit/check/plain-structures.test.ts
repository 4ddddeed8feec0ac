import { describe, expect, it } from "vitest";
import { check, type StructureCodecs } from "../../../src/check.js";
import {
  boundedBlob,
  fixedBlob,
  MemoryManager,
  SparseMemory,
  text,
  u8,
  u64,
} from "../../../src/index.js";
import { hex, pageWith } from "../../support/images.js";

const lone = (digits: string, codecs: StructureCodecs = {}) =>
  check(pageWith(digits), { codecs: { "": codecs } }).findings.map((finding) => [
    finding.code,
    finding.severity,
    finding.address,
  ]);

const words = (...numbers: number[]) =>
  numbers.map((number) => number.toString(16).padStart(16, "0")).join("");
const counts = (...numbers: number[]) => {
  const bytes = Buffer.from(BigUint64Array.from(numbers, BigInt).buffer);
  return bytes.toString("hex");
};

describe("a Vec", () => {
  const slots = (...lengths: string[]) =>
    `53564301${counts(lengths.length)}0a00000000`.padEnd(128, "0") +
    lengths.map((length) => length + "61".repeat(10)).join("");

  it("is sound, with and without its codec", () => {
    expect(lone(slots("02", "00", "0a"))).toEqual([]);
    expect(lone(slots("02", "00", "0a"), { value: boundedBlob(10) })).toEqual([]);
  });

  it("has no element longer than its slot", () => {
    expect(lone(slots("02", "0b", "0a"))).toEqual([["damaged-structure", "error", 64 + 11]]);
  });

  it("is checked at once when its elements have no bytes, however many there are", () => {
    const elements = `53564301${counts(2 ** 53 - 1)}0000000001`;
    expect(lone(elements)).toEqual([]);
    expect(lone(elements, { value: fixedBlob(0) })).toEqual([]);
  });

  it("has the bounds of its codec", () => {
    expect(lone(slots("02", "00", "0a"), { value: u64 })).toEqual([
      ["codec-mismatch", "error", 12],
    ]);
  });
});

describe("a MinHeap", () => {
  const heap = (...elements: number[]) =>
    `534d4801${counts(elements.length)}0800000001`.padEnd(128, "0") + words(...elements);

  it("has no element below a larger one, which only a codec can tell", () => {
    expect(lone(heap(3, 5, 8, 6), { value: u64 })).toEqual([]);
    expect(lone(heap(3, 5, 8, 4), { value: u64 })).toEqual([["order", "error", 64 + 3 * 8]]);
    expect(lone(heap(3, 5, 8, 4))).toEqual([]);
  });
});

describe("a Cell", () => {
  it("decodes with its codec", () => {
    expect(lone("53434c01 02000000 6869", { value: text })).toEqual([]);
    expect(lone("53434c01 02000000 ff69", { value: text })).toEqual([["undecodable", "error", 4]]);
    expect(lone("53434c01 02000000 ff69")).toEqual([]);
  });
});

describe("a Log", () => {
  /** A manager whose memories start with these bytes. */
  function image(memories: Record<number, string>) {
    const memory = new SparseMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    for (const [id, digits] of Object.entries(memories)) {
      manager.get(Number(id)).grow(1);
      manager.get(Number(id)).write(0, hex(digits));
    }
    return memory;
  }
  const index = (...ends: number[]) =>
    `474c4901${"00".repeat(28)}${counts(ends.length)}${counts(...ends)}`;
  const data = (bytes: string) => `474c4401${"00".repeat(28)}${bytes}`;
  const findings = (memories: Record<number, string>, codecs?: StructureCodecs) =>
    check(image(memories), codecs ? { codecs: { 4: codecs } } : {}).findings.map((finding) => [
      finding.code,
      finding.severity,
      finding.path,
      finding.address,
    ]);

  it("finds its entries in the nearest memory that holds as many bytes", () => {
    expect(findings({ 4: index(2, 2, 5), 5: data("6869 616263") }, { value: text })).toEqual([]);
    const two = { 1: index(1), 2: data("61"), 4: index(2), 5: data("6869") };
    expect(findings(two, { value: text })).toEqual([]);
  });

  it("has entries that end behind their start, and decode", () => {
    const memories = { 4: index(2, 1, 5), 5: data("6869 616263") };
    expect(findings(memories)).toEqual([["damaged-structure", "error", [4], 48]]);
    const odd = { 4: index(2, 5), 5: data("6869 ff6263") };
    expect(findings(odd, { value: text })).toEqual([["undecodable", "error", [4], 48]]);
  });

  it("is told when one half is missing or too short", () => {
    expect(findings({ 4: index(2) })).toEqual([["log-pair", "warning", [4], 32]]);
    expect(findings({ 5: data("61") })).toEqual([["log-pair", "warning", [5], undefined]]);
    expect(findings({ 4: index(2 ** 30), 5: data("61") })).toEqual([
      ["log-pair", "error", [4], 32],
      ["log-pair", "warning", [5], undefined],
    ]);
  });
});

it("a structure without a codec of its own is no reason to fail", () => {
  expect(lone("c1ff13", { value: u8 })[0]).toEqual(["nothing-known", "warning", undefined]);
});
