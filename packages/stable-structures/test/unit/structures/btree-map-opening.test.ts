import { describe, expect, it } from "vitest";
import {
  blob,
  boundedBlob,
  fixedBlob,
  MemoryManager,
  principal,
  readImage,
  StableBTreeMap,
  text,
  u8,
  u16,
  u32,
  u64,
  u64Number,
  unit,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { filled, numbers } from "../../support/maps.js";

describe("opening is not creating", () => {
  it("refuses a memory that holds another structure, and names it", () => {
    const memory = new VectorMemory();
    MemoryManager.create(memory, { bucketSizeInPages: 1 }).close();
    const before = readImage(memory);
    for (const open of [StableBTreeMap.init, StableBTreeMap.load, StableBTreeMap.create] as const) {
      expect(() => open(memory, numbers)).toThrow(/holds a MemoryManager/);
    }
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
  });

  it("does not create with load, nor over a map with create", () => {
    const memory = new VectorMemory();
    expect(codeOf(() => StableBTreeMap.load(memory, numbers))).toBe("STABLE_FOREIGN_BYTES");
    filled(memory, 3).close();
    expect(codeOf(() => StableBTreeMap.create(memory, numbers))).toBe("STABLE_FOREIGN_BYTES");
    expect(StableBTreeMap.init(memory, numbers).length).toBe(3);
  });

  it("overwrites when told to, and with zero leaves no old byte", () => {
    const memory = new VectorMemory();
    memory.grow(1);
    memory.write(500, Uint8Array.of(0xa5));
    StableBTreeMap.create(memory, { ...numbers, overwrite: true }).close();
    expect(readImage(memory)[500]).toBe(0xa5);
    StableBTreeMap.create(memory, { ...numbers, overwrite: true, zero: true }).close();
    const fresh = new VectorMemory();
    StableBTreeMap.create(fresh, numbers);
    expect(Buffer.compare(readImage(memory), readImage(fresh))).toBe(0);
  });

  it("allows one structure for a memory until close", () => {
    const memory = MemoryManager.create(new VectorMemory(), { bucketSizeInPages: 1 }).get(0);
    const map = filled(memory, 2);
    expect(() => StableBTreeMap.init(memory, numbers)).toThrow(/in use by a StableBTreeMap/);
    map.close();
    map.close();
    const uses = [
      () => map.length,
      () => map.get(1),
      () => map.insert(1, 1),
      () => map.clear(),
      () => map.keys(),
    ];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_STALE_HANDLE");
    expect(StableBTreeMap.load(memory, numbers).length).toBe(2);
  });

  it("ends the iterators of a closed map", () => {
    const map = filled(new VectorMemory(), 20);
    const iterator = map.keys();
    iterator.next();
    map.close();
    expect(codeOf(() => iterator.next())).toBe("STABLE_STALE_HANDLE");
  });

  const wrong: [string, { key: never; value: never }][] = [
    ["keys of another fixed size", { key: u64, value: u64Number } as never],
    ["keys of variable size", { key: text, value: u64Number } as never],
    ["values of another fixed size", { key: u32, value: u16 } as never],
    ["values that are too small", { key: u32, value: boundedBlob(7) } as never],
    ["keys that are too short", { key: fixedBlob(2), value: blob } as never],
  ];
  it.each(wrong)("refuses %s", (_, codecs) => {
    const memory = new VectorMemory();
    filled(memory, 40).close();
    expect(codeOf(() => StableBTreeMap.load(memory, codecs))).toBe("STABLE_BOUND_MISMATCH");
    expect(StableBTreeMap.load(memory, numbers).length).toBe(40);
  });

  it("refuses an order in which the root's keys do not ascend", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: boundedBlob(29), value: unit });
    for (const hex of ["00ff", "01", "0200"])
      map.insert(new Uint8Array(Buffer.from(hex, "hex")), null);
    map.close();
    expect(codeOf(() => StableBTreeMap.load(memory, { key: principal, value: unit }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });

  it("refuses text codecs over bytes that are no text", () => {
    const memory = new VectorMemory();
    const map = StableBTreeMap.create(memory, { key: blob, value: blob });
    map.insert(Uint8Array.of(0xff, 0xfe), Uint8Array.of(1));
    map.close();
    expect(codeOf(() => StableBTreeMap.load(memory, { key: text, value: blob }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });

  it("lets the bound of values grow, as the format allows", () => {
    const memory = new VectorMemory();
    const small = StableBTreeMap.create(memory, { key: u32, value: boundedBlob(10) });
    for (let i = 0; i < 30; i++) small.insert(i, new Uint8Array(10).fill(i));
    small.close();
    const large = StableBTreeMap.load(memory, { key: u32, value: boundedBlob(4000) });
    large.insert(7, new Uint8Array(4000).fill(9));
    expect(large.get(7)?.length).toBe(4000);
    expect(large.get(8)).toEqual(new Uint8Array(10).fill(8));
  });

  it("refuses codecs larger than the slots of a version 1 map, and takes smaller ones", () => {
    const memory = new VectorMemory();
    StableBTreeMap.create(memory, { key: u32, value: boundedBlob(20), layoutVersion: 1 }).insert(
      1,
      Uint8Array.of(1),
    );
    const copy = new VectorMemory();
    copy.grow(1);
    copy.write(0, readImage(memory));
    for (const value of [boundedBlob(21), blob]) {
      expect(codeOf(() => StableBTreeMap.load(copy, { key: u32, value }))).toBe(
        "STABLE_BOUND_MISMATCH",
      );
    }
    expect(codeOf(() => StableBTreeMap.load(copy, { key: u64, value: boundedBlob(20) }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
    const map = StableBTreeMap.load(copy, { key: u32, value: boundedBlob(5) });
    expect(map.get(1)).toEqual(Uint8Array.of(1));
    map.close();
    expect(() =>
      StableBTreeMap.create(new VectorMemory(), { key: text, value: u8, layoutVersion: 1 }),
    ).toThrow(RangeError);
  });

  it("refuses bounds whose node page size would not fit the header", () => {
    const memory = new VectorMemory();
    expect(() =>
      StableBTreeMap.create(memory, { key: u32, value: boundedBlob(0xffff_ffff) }),
    ).toThrow(RangeError);
    expect(memory.size()).toBe(0);
  });
});
