import { describe, expect, expectTypeOf, it } from "vitest";
import {
  blob,
  i32,
  option,
  StableBTreeMap,
  struct,
  text,
  u8,
  u32,
  u64,
  type ValueOf,
  VectorMemory,
  versioned,
} from "../../../src/index.js";
import { bytes, hex } from "../../support/codec-suite.js";
import { codeOf } from "../../support/errors.js";

describe("versioned", () => {
  const first = versioned(struct({ name: text }));
  const second = versioned(struct({ name: text, age: u8 }), first, (old) => ({ ...old, age: 0 }));
  const third = versioned(struct({ label: text, age: u8 }), second, ({ name, age }) => ({
    label: name.toUpperCase(),
    age,
  }));

  it("upgrades old values when they are read, version by version, and writes the newest", () => {
    const memory = new VectorMemory();
    const old = StableBTreeMap.create(memory, { key: u8, value: first });
    old.insert(1, { name: "ann" });
    old.close();
    const map = StableBTreeMap.load(memory, { key: u8, value: third });
    expect(map.get(1)).toEqual({ label: "ANN", age: 0 });
    expect(map.insert(2, { label: "BOB", age: 9 })).toBe(undefined);
    map.close();
    const raw = StableBTreeMap.load(memory, { key: u8, value: blob });
    expect(hex(raw.get(1) as Uint8Array)).toBe(`01${"00000003"}616e6e`);
    expect(hex(raw.get(2) as Uint8Array)).toBe(`03${"00000003"}424f4209`);
  });

  it("gives a code for a version that is not known, and says which are", () => {
    const later = third.toBytes({ label: "A", age: 1 });
    expect(codeOf(() => second.fromBytes(later))).toBe("STABLE_DECODE_FAILED");
    expect(() => second.fromBytes(later)).toThrow(/version 3, and 1 to 2 are known/);
  });

  it("gives a code when an upgrade throws", () => {
    const strict = versioned(u8, versioned(text), (old) => {
      if (old === "") throw new Error("no name");
      return old.length;
    });
    expect(strict.fromBytes(bytes("01616161"))).toBe(3);
    expect(codeOf(() => strict.fromBytes(bytes("01")))).toBe("STABLE_DECODE_FAILED");
  });

  it("has room for every version, and null for an option", () => {
    expect(versioned(u32).bound).toEqual({ maxSize: 5, fixedSize: true });
    expect(versioned(u32, versioned(u64), Number).bound).toEqual({ maxSize: 9, fixedSize: false });
    expect(versioned(i32, versioned(u32), (old) => old).bound).toMatchObject({ fixedSize: true });
    expect(versioned(u8, versioned(text), Number).bound).toBe("unbounded");
    expect(hex(versioned(option(u32)).toBytes(null))).toBe("0100");
    expect(versioned(option(u32)).bound).toEqual({ maxSize: 6, fixedSize: false });
  });

  it("refuses half of an upgrade, and the 256th version", () => {
    const loose = versioned as (...args: unknown[]) => typeof first;
    expect(() => loose(u8, first)).toThrow(TypeError);
    expect(() => loose(u8, u8, Number)).toThrow(TypeError);
    let codec = versioned(u8);
    for (let version = 2; version <= 255; version++) codec = versioned(u8, codec, (old) => old);
    expect(codec.version).toBe(255);
    expect(codec.fromBytes(bytes("0107"))).toBe(7);
    expect(() => versioned(u8, codec, (old) => old)).toThrow(RangeError);
  });

  it("has the type of its newest version", () => {
    expectTypeOf(third.fromBytes).returns.toEqualTypeOf<{ label: string; age: number }>();
    expectTypeOf<ValueOf<typeof second>>().toEqualTypeOf<{ name: string; age: number }>();
  });
});
