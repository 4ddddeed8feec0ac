import { describe, expect, it } from "vitest";
import { MemoryManager, PAGE_SIZE, readImage, SparseMemory } from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { Random } from "../../support/random.js";

describe("SparseMemory", () => {
  it("holds nothing for pages that were not written, nor for zeroes and 0xFF in whole granules", () => {
    const memory = new SparseMemory();
    memory.grow(1_000_000);
    expect(memory.residentBytes).toBe(0);
    memory.write(0, new Uint8Array(8192));
    memory.write(4096, new Uint8Array(8192).fill(0xff));
    expect(memory.residentBytes).toBe(0);
    memory.write(5000, Uint8Array.of(1));
    expect(memory.residentBytes).toBe(4096);
    const other = new SparseMemory();
    other.grow(1);
    other.write(4096, new Uint8Array(4096).fill(0xff));
    const target = new Uint8Array(2);
    other.read(5000, target);
    expect([...target]).toEqual([0xff, 0xff]); // the shared granule was not written to
  });

  it("holds a fresh manager of 129 pages in two granules", () => {
    const memory = new SparseMemory();
    MemoryManager.create(memory, { bucketSizeInPages: 128 }).get(0).grow(1);
    expect(memory.size()).toBe(129);
    expect(memory.residentBytes).toBe(2 * 4096);
  });

  it("rolls back bytes and size, again and again", () => {
    const memory = new SparseMemory();
    memory.grow(1);
    memory.write(10, Uint8Array.of(1));
    memory.snapshot("a");
    for (let i = 0; i < 3; i++) {
      memory.grow(2);
      memory.write(10, Uint8Array.of(2, 3));
      memory.write(2 * PAGE_SIZE, Uint8Array.of(4));
      memory.rollback("a");
      expect(memory.size()).toBe(1);
      expect([...readImage(memory).subarray(9, 13)]).toEqual([0, 1, 0, 0]);
    }
    memory.grow(2);
    expect(readImage(memory)[2 * PAGE_SIZE]).toBe(0);
  });

  it("agrees with whole copies under random writes, snapshots, rollbacks and releases", () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = new Random(seed);
      const memory = new SparseMemory();
      memory.grow(2);
      const copies = new Map<string, Uint8Array>();
      for (let step = 0; step < 60; step++) {
        const names = [...copies.keys()];
        const choice = random.below(6);
        if (choice < 3) {
          const length = random.below(9000);
          const fill = random.below(4);
          memory.write(
            random.below(2 * PAGE_SIZE - length),
            new Uint8Array(length).fill(fill === 3 ? 0xff : fill),
          );
        } else if (choice === 3) {
          memory.snapshot(`s${step}`);
          copies.set(`s${step}`, readImage(memory));
        } else if (choice === 4 && names.length > 0) {
          const name = names[random.below(names.length)] as string;
          memory.rollback(name);
          expect(Buffer.compare(readImage(memory), copies.get(name) as Uint8Array)).toBe(0);
          for (const later of names.slice(names.indexOf(name) + 1)) copies.delete(later);
        } else if (names.length > 0) {
          const name = names[random.below(names.length)] as string;
          const before = readImage(memory);
          memory.release(name);
          copies.delete(name);
          expect(Buffer.compare(readImage(memory), before)).toBe(0);
        }
      }
    }
  });

  it("refuses to roll back under an open structure", () => {
    const memory = new SparseMemory();
    memory.snapshot("before");
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    expect(codeOf(() => memory.rollback("before"))).toBe("STABLE_MEMORY_IN_USE");
    manager.close();
    memory.rollback("before");
    expect(memory.size()).toBe(0);
  });

  it("refuses names that are taken or unknown", () => {
    const memory = new SparseMemory();
    memory.snapshot("a");
    expect(() => memory.snapshot("a")).toThrow(/already a snapshot "a"/);
    expect(() => memory.rollback("b")).toThrow(/no snapshot "b"/);
    expect(() => memory.release("b")).toThrow(/no snapshot "b"/);
    memory.release("a");
    expect(() => memory.rollback("a")).toThrow(RangeError);
  });
});
