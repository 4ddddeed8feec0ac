import { Principal } from "@icp-sdk/core/principal";
import { describe, expect, it } from "vitest";
import { stableJson } from "../../../src/azle.js";
import { codeOf } from "../../support/errors.js";

const codec = stableJson<unknown>();
const text = (value: unknown) => new TextDecoder().decode(codec.toBytes(value));

// The text on the right is what Azle 0.33 writes.
const values: [string, unknown, string][] = [
  ["undefined", undefined, '{"__undefined__":"__undefined__"}'],
  ["a bigint", 123n, '{"__bigint__":"123"}'],
  ["a principal", Principal.fromText("aaaaa-aa"), '{"__principal__":"aaaaa-aa"}'],
  ["NaN", Number.NaN, '{"__nan__":"__nan__"}'],
  ["infinity", Infinity, '{"__infinity__":"__infinity__"}'],
  ["minus infinity", -Infinity, '{"__negative_infinity__":"__negative_infinity__"}'],
  ["minus zero", -0, '{"__negative_zero__":"__negative_zero__"}'],
  ["bytes", Uint8Array.of(1, 255), '{"__uint8array__":[1,255]}'],
  ["other typed arrays", Int16Array.of(-1), '{"__int16array__":[-1]}'],
  ["arrays of bigints", BigUint64Array.of(5n), '{"__biguint64array__":[{"__bigint__":"5"}]}'],
  [
    "a float that is none",
    Float32Array.of(Number.NaN),
    '{"__float32array__":[{"__nan__":"__nan__"}]}',
  ],
  ["a map", new Map<unknown, unknown>([["a", 1n]]), '{"__map__":[["a",{"__bigint__":"1"}]]}'],
  ["a set", new Set([1, undefined]), '{"__set__":[1,{"__undefined__":"__undefined__"}]}'],
  ["ordinary JSON", { b: [1, "x", null, true], a: {} }, '{"b":[1,"x",null,true],"a":{}}'],
  [
    "properties inside",
    { a: undefined, b: [1n] },
    '{"a":{"__undefined__":"__undefined__"},"b":[{"__bigint__":"1"}]}',
  ],
];

describe("stableJson", () => {
  it.each(values)("writes %s as Azle does and reads it back", (_, value, expected) => {
    expect(text(value)).toBe(expected);
    expect(codec.fromBytes(new TextEncoder().encode(expected))).toEqual(value);
  });

  it("tells -0 from 0", () => {
    expect(Object.is(codec.fromBytes(codec.toBytes(-0)), -0)).toBe(true);
    expect(Object.is(codec.fromBytes(codec.toBytes(0)), 0)).toBe(true);
  });

  it("leaves objects alone that only look special", () => {
    for (const value of [
      { __bigint__: 5 },
      { __map__: "x" },
      { __nan__: "__nan__", other: 1 },
      { __proto: 1 },
    ]) {
      expect(codec.fromBytes(codec.toBytes(value))).toEqual(value);
    }
  });

  it("does not take names of JavaScript's own for special ones", () => {
    for (const stored of [
      '{"__proto__":1}',
      '{"__defineGetter__":1}',
      '{"__lookupSetter__":[1]}',
    ]) {
      const value = codec.fromBytes(new TextEncoder().encode(stored)) as object;
      expect(value).not.toBe(Object.prototype);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(JSON.stringify(value)).toBe(stored);
    }
  });

  it("gives a coded error for bytes that Azle does not write", () => {
    const wrong = [
      '{"__bigint__":"x"}',
      '{"__principal__":"x"}',
      '{"__map__":[1]}',
      '{"__bigint64array__":[1]}',
      "[".repeat(200_000),
      `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    ];
    for (const stored of wrong) {
      expect(codeOf(() => codec.fromBytes(new TextEncoder().encode(stored)))).toBe(
        "STABLE_DECODE_FAILED",
      );
    }
  });

  it("orders keys by their text", () => {
    expect(codec.compare(10, 9)).toBeLessThan(0);
    expect(codec.compare({ a: 1, b: 2 }, { b: 2, a: 1 })).toBeLessThan(0);
    expect(codec.byteOrdered).toBe(true);
  });
});
