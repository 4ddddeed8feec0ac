import { describe, expect, it } from "vitest";
import {
  boundedBlob,
  fixedBlob,
  readImage,
  StableVec,
  text,
  u8,
  u16,
  u32,
  unit,
  VectorMemory,
  writeImage,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";

const filled = (count: number) => {
  const vec = StableVec.create(new VectorMemory(), { value: u32 });
  for (let i = 0; i < count; i++) vec.push(i);
  return vec;
};

describe("StableVec", () => {
  it("gets, sets, pushes and pops", () => {
    const vec = filled(3);
    vec.set(1, 77);
    expect([vec.get(0), vec.get(1), vec.get(2), vec.get(3), vec.get(2 ** 60)]).toEqual([
      0,
      77,
      2,
      undefined,
      undefined,
    ]);
    expect([vec.pop(), vec.pop(), vec.pop(), vec.pop(), vec.length]).toEqual([
      2,
      77,
      0,
      undefined,
      0,
    ]);
    expect(vec.isEmpty()).toBe(true);
  });

  it("refuses an index that is none, and one to set where there is no element", () => {
    const vec = filled(3);
    for (const index of [-1, 0.5, Number.NaN]) {
      expect(() => vec.get(index)).toThrow(RangeError);
      expect(() => vec.set(index, 1)).toThrow(RangeError);
    }
    expect(() => vec.get(1n as never)).toThrow(TypeError);
    expect(() => vec.set(3, 1)).toThrow(/no element 3 in a vector of 3; push/);
    expect([...vec]).toEqual([0, 1, 2]);
  });

  it("gives elements lazily, in both directions, and parts of them", () => {
    const vec = filled(6);
    expect([...vec.values({ reverse: true })]).toEqual([5, 4, 3, 2, 1, 0]);
    expect([...vec.values({ start: 2, end: 4 })]).toEqual([2, 3]);
    expect([...vec.values({ start: 2, end: 4, reverse: true })]).toEqual([3, 2]);
    expect([...vec.values({ start: 4, end: 99 })]).toEqual([4, 5]);
    expect([...vec.values({ start: 9 }), ...vec.values({ start: 3, end: 2 })]).toEqual([]);
    const iterator = vec.values();
    iterator.return();
    expect(iterator.next().done).toBe(true);
  });

  it("refuses options that there are none of", () => {
    expect(() => filled(1).values({ reversed: true } as never)).toThrow(/not reversed/);
    expect(() => filled(1).values({ start: -1 })).toThrow(RangeError);
    expect(() => filled(1).values(5 as never)).toThrow(TypeError);
  });

  it("may change while it is iterated: what comes later is not given, what is gone is not", () => {
    const vec = filled(3);
    const seen: number[] = [];
    for (const value of vec) {
      seen.push(value);
      vec.push(value + 10);
    }
    expect(seen).toEqual([0, 1, 2]);
    const forward = vec.values();
    const backward = vec.values({ reverse: true });
    forward.next();
    vec.pop();
    expect(backward.next().done).toBe(true);
    expect([...forward]).toEqual([1, 2, 10, 11]);
  });

  it("leaves the bytes of what was popped, replaced and cleared", () => {
    const memory = new VectorMemory();
    const vec = StableVec.create(memory, { value: boundedBlob(10) });
    vec.push(Uint8Array.of(1, 2, 3));
    vec.set(0, Uint8Array.of(9));
    vec.push(Uint8Array.of(4));
    vec.clear();
    const slots = readImage(memory).subarray(64, 78);
    expect([...slots]).toEqual([1, 9, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0]);
    const copy = new VectorMemory();
    writeImage(copy, readImage(memory));
    StableVec.create(copy, { value: boundedBlob(10), overwrite: true });
    expect(readImage(memory)).toEqual(readImage(copy));
  });

  it("takes elements of no bytes", () => {
    for (const value of [unit, fixedBlob(0)]) {
      const vec = StableVec.create(new VectorMemory(), { value: value as typeof unit });
      const nothing = (value === unit ? null : new Uint8Array(0)) as null;
      for (let i = 0; i < 100; i++) vec.push(nothing);
      expect([...vec]).toEqual(Array.from({ length: 100 }, () => nothing));
    }
  });

  it("refuses a codec without a bound, and one with another bound", () => {
    const memory = new VectorMemory();
    expect(() => StableVec.create(memory, { value: text })).toThrow(/cannot be text.*StableLog/);
    expect(memory.size()).toBe(0);
    StableVec.create(memory, { value: u16 }).close();
    for (const value of [u8, u32, boundedBlob(2), fixedBlob(3)]) {
      expect(codeOf(() => StableVec.load(memory, { value: value as typeof u8 }))).toBe(
        "STABLE_BOUND_MISMATCH",
      );
    }
    expect(() => StableVec.load(memory, { value: u32 })).toThrow(
      /exactly 2 bytes and u32 has exactly 4/,
    );
  });
});

describe("a damaged vector", () => {
  const damaged = (address: number, ...bytes: number[]) => {
    const memory = new VectorMemory();
    const vec = StableVec.create(memory, { value: boundedBlob(300) });
    for (let i = 0; i < 5; i++) vec.push(new Uint8Array(i));
    vec.close();
    memory.write(address, Uint8Array.from(bytes));
    return memory;
  };
  const load = (memory: VectorMemory) => StableVec.load(memory, { value: boundedBlob(300) });

  const headers: [string, number, number[], string][] = [
    ["an unknown version", 3, [2], "STABLE_UNSUPPORTED_VERSION"],
    ["more elements than fit", 4, [0xff, 0xff], "STABLE_CORRUPTED"],
    ["more elements than 2^53", 11, [0xff], "STABLE_CORRUPTED"],
    ["another largest element", 12, [1], "STABLE_BOUND_MISMATCH"],
    ["a flag of 2", 16, [2], "STABLE_CORRUPTED"],
  ];
  it.each(headers)("with %s is refused", (_, at, bytes, code) => {
    expect(codeOf(() => load(damaged(at, ...bytes)))).toBe(code);
  });

  it("refuses an element that is longer than its slot, and reads the others", () => {
    const vec = load(damaged(64 + 4 * 302, 0x2d, 0x01));
    expect(() => vec.pop()).toThrow(`address ${64 + 4 * 302}`);
    expect(codeOf(() => [...vec])).toBe("STABLE_CORRUPTED");
    expect([vec.get(3)?.length, vec.length]).toEqual([3, 5]);
  });

  it("refuses an element that ends behind the memory", () => {
    const memory = damaged(4, 217);
    memory.write(64 + 216 * 302, Uint8Array.of(0x2c, 0x01));
    expect(codeOf(() => load(memory).get(216))).toBe("STABLE_CORRUPTED");
  });
});
