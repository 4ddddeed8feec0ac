import { describe, expect, it } from "vitest";
import {
  blob,
  f64,
  principal,
  readImage,
  StableMinHeap,
  type Storable,
  u8,
  u32,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { Random } from "../../support/random.js";

const drain = <T>(heap: StableMinHeap<T>) => {
  const values: T[] = [];
  while (!heap.isEmpty()) values.push(heap.pop() as T);
  return values;
};

describe("StableMinHeap", () => {
  it("gives the smallest element first", () => {
    const heap = StableMinHeap.create(new VectorMemory(), { value: u32 });
    const random = new Random(4);
    const values = Array.from({ length: 500 }, () => random.below(200));
    for (const value of values) heap.push(value);
    const sorted = values.sort((a, b) => a - b);
    expect([heap.length, heap.peek()]).toEqual([500, sorted[0]]);
    expect(drain(heap)).toEqual(sorted);
    expect([heap.pop(), heap.peek(), heap.length]).toEqual([undefined, undefined, 0]);
  });

  it("orders as Rust does, where bytes would not: shorter principals first, floats by value", () => {
    const heap = StableMinHeap.create(new VectorMemory(), { value: principal });
    for (const bytes of [[1, 1], [9], [0, 0, 0]]) heap.push(Uint8Array.from(bytes));
    expect(drain(heap).map((bytes) => bytes.length)).toEqual([1, 2, 3]);
    const floats = StableMinHeap.create(new VectorMemory(), { value: f64 });
    for (const value of [1.5, -2, Number.POSITIVE_INFINITY, -1e300, 0]) floats.push(value);
    expect(drain(floats)).toEqual([-1e300, -2, 0, 1.5, Number.POSITIVE_INFINITY]);
  });

  it("takes NaN, which is neither less nor greater than anything", () => {
    const heap = StableMinHeap.create(new VectorMemory(), { value: f64 });
    for (const value of [3, Number.NaN, 1, 2]) heap.push(value);
    // As the crate has it: 2 stops below NaN.
    expect([...heap]).toEqual([1, Number.NaN, 3, 2]);
  });

  it("lists elements in the order of their slots", () => {
    const heap = StableMinHeap.create(new VectorMemory(), { value: u8 });
    for (const value of [5, 3, 8]) heap.push(value);
    expect([...heap]).toEqual([3, 5, 8]);
    expect([...heap.values({ start: 1 })]).toEqual([5, 8]);
  });

  it("refuses codecs without an order or a bound", () => {
    const { bound, name, toBytes, fromBytes } = u32;
    const unordered: Storable<number> = { bound, name, toBytes, fromBytes };
    const memory = new VectorMemory();
    expect(() => StableMinHeap.create(memory, { value: unordered as never })).toThrow(/no order/);
    expect(() => StableMinHeap.create(memory, { value: blob })).toThrow(TypeError);
    expect(memory.size()).toBe(0);
  });

  it("decodes the smallest element before it lets go of it", () => {
    const memory = new VectorMemory();
    StableMinHeap.create(memory, { value: u8 }).close();
    memory.write(4, Uint8Array.of(3));
    memory.write(64, Uint8Array.of(9, 1, 2));
    const picky = {
      ...u8,
      fromBytes: () => {
        throw new Error("unreadable");
      },
    };
    const heap = StableMinHeap.load(memory, { value: picky });
    const before = readImage(memory);
    expect(() => heap.pop()).toThrow("unreadable");
    expect(readImage(memory)).toEqual(before);
    expect(heap.length).toBe(3);
  });

  it("that is in no heap order gives some element, in few steps, and never hangs", () => {
    const memory = new VectorMemory();
    StableMinHeap.create(memory, { value: u8 }).close();
    memory.write(4, Uint8Array.of(200));
    memory.write(
      64,
      Uint8Array.from({ length: 200 }, (_, i) => 255 - i),
    );
    const heap = StableMinHeap.load(memory, { value: u8 });
    expect(drain(heap).length).toBe(200);
    expect(codeOf(() => heap.push(1))).toBe("none");
  });
});
