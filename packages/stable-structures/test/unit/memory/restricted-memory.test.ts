import { describe, expect, it } from "vitest";
import {
  MemoryManager,
  PAGE_SIZE,
  RestrictedMemory,
  readImage,
  VectorMemory,
} from "../../../src/index.js";

describe("RestrictedMemory", () => {
  it("grows the pages before its window with its own first ones", () => {
    const base = new VectorMemory();
    const window = new RestrictedMemory(base, 2, 5);
    expect(window.size()).toBe(0);
    expect(window.grow(1)).toBe(0);
    expect(base.size()).toBe(3);
    expect(window.grow(2)).toBe(1);
    expect(window.grow(1)).toBe(-1);
    expect(window.grow(0)).toBe(3);
    expect(base.size()).toBe(5);
  });

  it("sees only its window of a larger memory", () => {
    const base = new VectorMemory();
    base.grow(9);
    const window = new RestrictedMemory(base, 2, 5);
    expect(window.size()).toBe(3);
    expect(window.grow(1)).toBe(-1);
    expect(window.grow(0)).toBe(3);
    window.write(3 * PAGE_SIZE - 1, Uint8Array.of(7));
    expect(readImage(base).indexOf(7)).toBe(5 * PAGE_SIZE - 1);
  });

  it("grows the pages before its window even by nothing, as in Rust", () => {
    const base = new VectorMemory();
    expect(new RestrictedMemory(base, 2, 5).grow(0)).toBe(0);
    expect(base.size()).toBe(2);
  });

  it("puts a manager behind a header of the owner's own", () => {
    const base = new VectorMemory();
    base.grow(1);
    base.write(0, new TextEncoder().encode("IIC"));
    MemoryManager.create(new RestrictedMemory(base, 1, 1000), { bucketSizeInPages: 2 })
      .get(0)
      .grow(1);
    expect(base.size()).toBe(4);
    expect(Buffer.from(readImage(base).subarray(PAGE_SIZE, PAGE_SIZE + 4))).toEqual(
      Buffer.from("MGR\x01"),
    );
  });

  it("refuses a window that ends before it starts", () => {
    for (const [start, end] of [
      [3, 2],
      [-1, 2],
      [0.5, 2],
    ] as const) {
      expect(() => new RestrictedMemory(new VectorMemory(), start, end)).toThrow(RangeError);
    }
  });
});
