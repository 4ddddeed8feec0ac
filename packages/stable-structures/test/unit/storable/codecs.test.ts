import { Principal } from "@icp-sdk/core/principal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blob,
  bool,
  boundedBlob,
  f32,
  f64,
  fixedBlob,
  json,
  pair,
  principal,
  principalOf,
  StableBTreeMap,
  text,
  u8,
  u16,
  u32,
  u64,
  u64Number,
  u128,
  u128Number,
  unit,
  WasmMemory,
} from "../../../src/index.js";
import { encode } from "../../../src/storable/storable.js";
import { ascii, bytes, type CodecTable, hex, testCodecs } from "../../support/codec-suite.js";
import { codeOf } from "../../support/errors.js";

// Worked out in docs/format/storable.md, and what the crate writes.
const examples: CodecTable["examples"] = [
  ["u8", u8, 0xab, "ab"],
  ["u16", u16, 0x1234, "1234"],
  ["u32", u32, 0xfedcba98, "fedcba98"],
  ["u64", u64, 0x0123456789abcdefn, "0123456789abcdef"],
  ["u64Number", u64Number, 2 ** 53 - 1, "001fffffffffffff"],
  ["u128", u128, 1n << 100n, "00000010000000000000000000000000"],
  ["u128Number", u128Number, 258, "00000000000000000000000000000102"],
  ["f32", f32, 1.5, "3fc00000"],
  ["f64", f64, -0, "8000000000000000"],
  ["bool", bool, true, "01"],
  ["unit", unit, null, ""],
  ["text", text, "hä€😀", "68c3a4e282acf09f9880"],
  ["blob", blob, bytes("00ff"), "00ff"],
  ["json", json(), { b: 1, a: [null] }, hex(ascii('{"b":1,"a":[null]}'))],
  ["principal", principal, bytes("04"), "04"],
  [
    "pair of a blob and an integer",
    pair(boundedBlob(4), u16),
    [ascii("ab"), 0x1234],
    "61620000123402",
  ],
  [
    "pair with a wide length",
    pair(u8, boundedBlob(300)),
    [7, ascii("abc")],
    `07616263${"00".repeat(297)}0003`,
  ],
  [
    "pair with a principal",
    pair(principal, u64),
    [bytes("04"), 1n],
    `04${"00".repeat(28)}000000000000000101`,
  ],
  ["pair of integers", pair(u64, u64), [1n, 2n], "00000000000000010000000000000002"],
];

const keys: CodecTable["keys"] = [
  ["u8", u8, fc.integer({ min: 0, max: 255 })],
  ["u16", u16, fc.integer({ min: 0, max: 0xffff })],
  ["u32", u32, fc.integer({ min: 0, max: 0xffffffff })],
  ["u64", u64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  ["u64Number", u64Number, fc.maxSafeNat()],
  ["u128", u128, fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })],
  ["u128Number", u128Number, fc.maxSafeNat()],
  ["bool", bool, fc.boolean()],
  ["text", text, fc.string({ unit: "binary", maxLength: 12 })],
  ["blob", blob, fc.uint8Array({ maxLength: 6 })],
  ["fixedBlob", fixedBlob(3), fc.uint8Array({ minLength: 3, maxLength: 3 })],
  ["boundedBlob", boundedBlob(5), fc.uint8Array({ maxLength: 5 })],
  ["principal", principal, fc.uint8Array({ maxLength: 29 })],
  ["json", json(), fc.oneof(fc.integer(), fc.string(), fc.constant(null))],
  [
    "pair of fixed members",
    pair(u16, fixedBlob(2)),
    fc.tuple(fc.nat(0xffff), fc.uint8Array({ minLength: 2, maxLength: 2 })),
  ],
  [
    "pair of variable members",
    pair(boundedBlob(3), principal),
    fc.tuple(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 4 })),
  ],
];

const wrongTypes: CodecTable["wrongTypes"] = [
  ["u8", u8, "1"],
  ["u64", u64, 1],
  ["u64Number", u64Number, 1n],
  ["bool", bool, 1],
  ["unit", unit, undefined],
  ["f64", f64, "1"],
  ["f32", f32, 1n],
  ["text", text, 5],
  ["text with half a surrogate pair", text, "\ud800"],
  ["json", json(), undefined],
  ["blob", blob, [1, 2]],
  ["boundedBlob", boundedBlob(2), null],
  ["principal", principal, "aaaaa-aa"],
  ["pair", pair(u8, u8), [1]],
];

const outOfRange: CodecTable["outOfRange"] = [
  ["u8", u8, 256],
  ["u16", u16, -1],
  ["u32", u32, 1.5],
  ["u64", u64, 1n << 64n],
  ["u64", u64, -1n],
  ["u128", u128, 1n << 128n],
  ["u64Number", u64Number, 2 ** 53],
];

const undecodable: CodecTable["undecodable"] = [
  ["u32", u32, "000000"],
  ["u64", u64, "00000000000000000000"],
  ["u128Number", u128Number, "00"],
  ["bool", bool, "02"],
  ["bool", bool, ""],
  ["unit", unit, "00"],
  ["f32", f32, "0000"],
  ["f64", f64, "0000"],
  ["text", text, "ff"],
  ["json", json(), hex(ascii("{"))],
  ["fixedBlob", fixedBlob(2), "00"],
  ["boundedBlob", boundedBlob(2), "000000"],
  ["principal", principal, "00".repeat(30)],
  ["pair", pair(u8, u8), "00"],
  ["pair with a length above its bound", pair(boundedBlob(2), u8), "00000003"],
];

describe("codecs", () => {
  testCodecs({ examples, keys, wrongTypes, outOfRange, undecodable });

  it("orders principals by length first, and so does not claim the order of bytes", () => {
    expect(principal.compare(bytes("ff"), bytes("0000"))).toBeLessThan(0);
    expect(principal.byteOrdered).toBe(false);
    expect(pair(principal, u8).byteOrdered).toBe(false);
    expect(pair(u8, u16).byteOrdered).toBe(true);
  });

  it("orders text by code points, not by UTF-16", () => {
    expect("\uff5e" < "😀").toBe(false); // JavaScript's own order
    expect(text.compare("\uff5e", "😀")).toBeLessThan(0);
  });

  it("gives principal objects with principalOf", () => {
    const codec = principalOf(Principal);
    const management = Principal.fromText("aaaaa-aa");
    const ledger = Principal.fromText("ryjl3-tyaaa-aaaaa-aaaba-cai");
    expect(codec.fromBytes(codec.toBytes(ledger)).toText()).toBe("ryjl3-tyaaa-aaaaa-aaaba-cai");
    expect(codec.compare(management, ledger)).toBeLessThan(0);
    expect(() => codec.toBytes("aaaaa-aa" as never)).toThrow(TypeError);
  });

  it("does not keep the bytes it was given", () => {
    const source = Buffer.from("010203", "hex"); // whose own slice() is a view
    for (const codec of [blob, fixedBlob(3), boundedBlob(3), principal]) {
      expect(codec.fromBytes(source)).not.toBe(source);
      expect(codec.fromBytes(source).buffer).not.toBe(source.buffer);
    }
  });

  it("refuses to round a stored integer above 2^53", () => {
    expect(codeOf(() => u64Number.fromBytes(bytes("0020000000000000")))).toBe(
      "STABLE_VALUE_TOO_LARGE",
    );
    expect(u64Number.fromBytes(bytes("001fffffffffffff"))).toBe(2 ** 53 - 1);
    expect(codeOf(() => u128Number.fromBytes(bytes(`01${"00".repeat(15)}`)))).toBe(
      "STABLE_VALUE_TOO_LARGE",
    );
  });

  it("holds values to the bound", () => {
    expect(codeOf(() => encode(boundedBlob(2), bytes("000000")))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(codeOf(() => encode(fixedBlob(2), bytes("00")))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(codeOf(() => pair(boundedBlob(1), u8).toBytes([bytes("0000"), 1]))).toBe(
      "STABLE_VALUE_TOO_LARGE",
    );
  });

  it("refuses pairs of unbounded members and absurd sizes", () => {
    expect(() => pair(text, u8)).toThrow(/unbounded/);
    expect(() => fixedBlob(-1)).toThrow(RangeError);
    expect(() => boundedBlob(0.5)).toThrow(RangeError);
  });

  it("reads text of every length out of a map, whatever its characters", () => {
    const texts = Array.from({ length: 70 }, (_, length) => {
      const start = "abcdefghij".repeat(7).slice(0, length);
      return [start, `${start}é`, `😀${start}`, `\ufeff${start}`, `\0${start}\x7f`];
    }).flat();
    const map = StableBTreeMap.create(WasmMemory.create(), { key: text, value: text });
    for (const value of texts) map.insert(value, value);
    const sorted = texts.toSorted(text.compare);
    expect([...map]).toEqual(sorted.map((value) => [value, value]));
    expect([...map.keys()]).toEqual(sorted);
    expect(texts.map((value) => map.get(value))).toEqual(texts);
  });

  it("keeps a byte order mark, as Rust does", () => {
    expect(text.fromBytes(text.toBytes("\ufeffa"))).toBe("\ufeffa");
  });
});
