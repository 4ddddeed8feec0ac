import { describe, expect, it } from "vitest";
import {
  fixedBlob,
  json,
  PAGE_SIZE,
  readImage,
  StableCell,
  type Storable,
  text,
  u32,
  u64,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";

describe("StableCell", () => {
  it("gives what was set, and set gives what was there", () => {
    const cell = StableCell.create(new VectorMemory(), { value: u64, initial: 1n });
    expect(cell.get()).toBe(1n);
    expect([cell.set(2n), cell.set(3n), cell.get()]).toEqual([1n, 2n, 3n]);
  });

  it("writes the initial value only where there is no cell", () => {
    const memory = new VectorMemory();
    StableCell.init(memory, { value: text, initial: "first" }).close();
    const before = readImage(memory);
    expect(StableCell.init(memory, { value: text, initial: "second" }).get()).toBe("first");
    expect(readImage(memory)).toEqual(before);
  });

  it("leaves the end of a longer value, and grows by the pages that a value needs", () => {
    const memory = new VectorMemory();
    const cell = StableCell.create(memory, { value: text, initial: "abcde" });
    cell.set("xy");
    expect(Buffer.from(readImage(memory).subarray(0, 14)).toString("latin1")).toBe(
      "SCL\u0001\u0002\0\0\0xycde\0",
    );
    cell.set("z".repeat(PAGE_SIZE - 8));
    expect(memory.size()).toBe(1);
    cell.set("z".repeat(PAGE_SIZE - 7));
    expect(memory.size()).toBe(2);
  });

  it("does not change when a growth is refused", () => {
    const memory = new VectorMemory({ maximumPages: 1 });
    const cell = StableCell.create(memory, { value: text, initial: "abc" });
    const before = readImage(memory);
    expect(codeOf(() => cell.set("z".repeat(PAGE_SIZE)))).toBe("STABLE_GROW_FAILED");
    expect(readImage(memory)).toEqual(before);
    expect(cell.get()).toBe("abc");
    cell.set("z".repeat(100));
    expect(cell.get().length).toBe(100);
  });

  it("is not changed by what a caller does to the object it gave", () => {
    const cell = StableCell.create(new VectorMemory(), {
      value: json<{ count: number }>(),
      initial: { count: 1 },
    });
    cell.get().count = 5;
    expect(cell.get()).toEqual({ count: 1 });
  });

  it("takes bytes outside a codec's bound only when the codec reads them, as the crate does", () => {
    const optional: Storable<number | undefined> = {
      name: "Option<u32>",
      bound: { maxSize: 5, fixedSize: true },
      toBytes: (value) =>
        value === undefined ? Uint8Array.of(0) : Uint8Array.of(...u32.toBytes(value), 1),
      fromBytes: (bytes) => (bytes.length === 1 ? undefined : u32.fromBytes(bytes.subarray(0, 4))),
    };
    const cell = StableCell.create(new VectorMemory(), { value: optional, initial: undefined });
    expect(cell.get()).toBeUndefined();
    cell.set(7);
    expect(cell.get()).toBe(7);
    const bytes = { value: fixedBlob(4), initial: new Uint8Array(4) };
    const strict = StableCell.create(new VectorMemory(), bytes);
    expect(codeOf(() => strict.set(new Uint8Array(3)))).toBe("STABLE_VALUE_TOO_LARGE");
  });

  it("refuses damage and codecs that do not read the value", () => {
    const damaged = (at: number, value: number) => {
      const memory = new VectorMemory();
      StableCell.create(memory, { value: u64, initial: 9n }).close();
      memory.write(at, Uint8Array.of(value));
      return memory;
    };
    const load = (memory: VectorMemory) => () => StableCell.load(memory, { value: u64 });
    expect(codeOf(load(damaged(3, 2)))).toBe("STABLE_UNSUPPORTED_VERSION");
    expect(codeOf(load(damaged(6, 1)))).toBe("STABLE_CORRUPTED");
    expect(load(damaged(7, 0xff))).toThrow("address 4");
    expect(codeOf(load(damaged(4, 7)))).toBe("STABLE_DECODE_FAILED");
  });
});
