import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  blob,
  bool,
  boundedBlob,
  composite,
  f64,
  fixedBlob,
  i8,
  i16,
  i32,
  i64,
  i64Number,
  i128,
  json,
  option,
  pair,
  principal,
  reverse,
  StableBTreeMap,
  type Storable,
  type StorableKey,
  struct,
  text,
  triple,
  u8,
  u16,
  u64,
  unit,
  type ValueOf,
  VectorMemory,
  versioned,
} from "../../../src/index.js";
import { ascii, bytes, type CodecTable, hex, testCodecs } from "../../support/codec-suite.js";
import { codeOf } from "../../support/errors.js";

const account = struct({ owner: principal, subaccount: option(fixedBlob(4)), note: text });
const point = struct({ x: i32, y: i32 });

// Worked out in docs/format/own-layouts.md; `npm run conformance` asks Rust.
const examples: CodecTable["examples"] = [
  ["i8", i8, -1, "7f"],
  ["i16", i16, -0x8000, "0000"],
  ["i32", i32, 1, "80000001"],
  ["i64", i64, -(2n ** 63n), "0000000000000000"],
  ["i64Number", i64Number, -(2 ** 53 - 1), "7fe0000000000001"],
  ["i128", i128, 0n, `80${"00".repeat(15)}`],
  ["option with a value", option(u64), 1n, "000000000000000101"],
  ["option without one", option(u64), null, "00"],
  ["option of an empty text", option(text), "", "01"],
  ["reverse", reverse(u16), 0x1234, "1234"],
  ["triple of fixed members", triple(u8, u16, u8), [1, 2, 3], "01000203"],
  ["triple whose last varies", triple(u8, u8, text), [1, 2, "hi"], "01026869"],
  [
    "triple whose first varies",
    triple(blob, u64, text),
    [bytes("0102"), 5n, "hi"],
    "000201020000000000000005" + "6869",
  ],
  [
    "triple whose second varies",
    triple(u8, boundedBlob(4), u8),
    [1, ascii("ab"), 3],
    "000102616203",
  ],
  [
    "triple with lengths of two and four bytes",
    triple(blob, blob, u8),
    [new Uint8Array(256), new Uint8Array(65536), 7],
    `070100${"00".repeat(256)}00010000${"00".repeat(65536)}07`,
  ],
  [
    // The width of a fixed member is written, although its length is not.
    "triple with a wide fixed member",
    triple(fixedBlob(256), blob, u8),
    [new Uint8Array(256), bytes("09"), 7],
    `04${"00".repeat(256)}010907`,
  ],
  ["struct of fixed fields", point, { x: -1, y: 1 }, "7fffffff80000001"],
  [
    "struct of varying fields",
    account,
    { owner: bytes("04"), subaccount: bytes("01020304"), note: "hi" },
    "0104" + "050102030401" + "000000026869",
  ],
  [
    "struct without an option",
    account,
    { owner: bytes(""), subaccount: null, note: "" },
    "000100" + "00000000",
  ],
  ["versioned", versioned(u16), 7, "010007"],
  ["composite of fixed members", composite(u8, i16), [1, -1], "017fff"],
  ["composite of text", composite(text, u8), ["a\0b", 5], "6100ff62000005"],
  ["composite with a principal", composite(principal, u8), [bytes("0400"), 5], "02040005"],
  ["composite with a reverse", composite(reverse(u16), u8), [0x1234, 5], "edcb05"],
  ["composite with a reversed text", composite(reverse(text)), ["a\0"], "9eff00ffff"],
  ["composite with an option", composite(option(u8), u8), [null, 5], "00ff000005"],
];

const shortBytes = fc.uint8Array({ maxLength: 3, max: 2 });
const shortText = fc.string({
  unit: fc.constantFrom("\0", "a", "\u{1f600}", "\uffff"),
  maxLength: 3,
});
const keys: CodecTable["keys"] = [
  ["i8", i8, fc.integer({ min: -128, max: 127 })],
  ["i16", i16, fc.integer({ min: -0x8000, max: 0x7fff })],
  ["i32", i32, fc.integer()],
  ["i64", i64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ["i64Number", i64Number, fc.maxSafeInteger()],
  ["i128", i128, fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n })],
  ["option of a fixed size", option(u16), fc.nat(0xffff)],
  ["option of a varying size", option(boundedBlob(3)), fc.option(shortBytes)],
  ["option of text", option(text), fc.option(shortText)],
  ["reverse", reverse(u16), fc.nat(300)],
  ["reverse of principals", reverse(principal), shortBytes],
  ["reverse of a reverse", reverse(reverse(text)), shortText],
  ["reverse of an option", reverse(option(text)), fc.option(shortText)],
  ["triple of fixed members", triple(u8, bool, u8), fc.tuple(fc.nat(3), fc.boolean(), fc.nat(3))],
  ["triple that ends in text", triple(u8, u8, text), fc.tuple(fc.nat(2), fc.nat(2), shortText)],
  ["triple of varying members", triple(text, blob, u8), fc.tuple(shortText, shortBytes, fc.nat(3))],
  [
    "triple with a principal at its end",
    triple(u8, u8, principal),
    fc.tuple(fc.nat(1), fc.nat(1), shortBytes),
  ],
  [
    "struct of fixed fields",
    point,
    fc.record({ x: fc.integer(), y: fc.integer() }, { noNullPrototype: true }),
  ],
  [
    "struct of varying fields",
    struct({ name: text, age: option(u8) }),
    fc.record({ name: shortText, age: fc.option(fc.nat(2)) }, { noNullPrototype: true }),
  ],
  [
    "composite of fixed members",
    composite(u8, i8),
    fc.tuple(fc.nat(3), fc.integer({ min: -3, max: 3 })),
  ],
  ["composite of bytes", composite(blob, blob), fc.tuple(shortBytes, shortBytes)],
  ["composite of bounded bytes", composite(boundedBlob(3), u8), fc.tuple(shortBytes, fc.nat(255))],
  ["composite of text", composite(text, u8), fc.tuple(shortText, fc.nat(255))],
  ["composite of principals", composite(principal, principal), fc.tuple(shortBytes, shortBytes)],
  [
    "composite of reversed members",
    composite(reverse(text), reverse(u8), reverse(principal), u8),
    fc.tuple(shortText, fc.nat(2), shortBytes, fc.nat(255)),
  ],
  [
    "composite of options",
    composite(option(u8), reverse(option(u8)), u8),
    fc.tuple(fc.option(fc.nat(2)), fc.option(fc.nat(2)), fc.nat(255)),
  ],
  [
    "composite of composites",
    composite(composite(text, u8), reverse(composite(blob)), point),
    fc.tuple(
      fc.tuple(shortText, fc.nat(1)),
      fc.tuple(shortBytes),
      fc.record({ x: fc.integer(), y: fc.integer() }, { noNullPrototype: true }),
    ),
  ],
];

const wrongTypes: CodecTable["wrongTypes"] = [
  ["i8", i8, 1n],
  ["i64", i64, 1],
  ["i64Number", i64Number, 1n],
  ["option", option(u8), undefined],
  ["triple", triple(u8, u8, u8), [1, 2]],
  ["struct of null", point, null],
  ["struct with a missing field", point, { x: 1 }],
  ["struct with an unknown field", point, { x: 1, y: 2, z: 3 }],
  ["struct with a field of another type", point, { x: 1, y: "2" }],
  ["composite", composite(u8, text), [1]],
  ["composite with half a surrogate pair", composite(text), ["\ud800"]],
  ["versioned", versioned(text), 1],
];

const outOfRange: CodecTable["outOfRange"] = [
  ["i8", i8, 128],
  ["i8", i8, -129],
  ["i16", i16, 0.5],
  ["i32", i32, Number.NaN],
  ["i64", i64, 1n << 63n],
  ["i128", i128, -(1n << 127n) - 1n],
  ["i64Number", i64Number, 2 ** 53],
  ["composite", composite(u8, i8), [256, 1]],
];

const undecodable: CodecTable["undecodable"] = [
  ["i32", i32, "00"],
  ["option of nothing", option(text), ""],
  ["option with bytes before None", option(text), "6100"],
  ["option with another mark", option(text), "6102"],
  ["triple that is cut short", triple(blob, u8, text), "0005"],
  ["triple that claims four billion bytes", triple(blob, u8, text), "0cffffffff"],
  ["triple with a length of three bytes", triple(blob, u8, text), "0800000000"],
  ["triple with bytes behind a fixed end", triple(u8, u8, u8), "01020304"],
  ["struct that is cut short", point, "7fffffff"],
  ["struct with bytes behind it", point, "7fffffff8000000100"],
  ["struct that claims four billion bytes", struct({ note: text }), "ffffffff61"],
  ["struct with a field above its bound", struct({ a: boundedBlob(1) }), "020000"],
  ["composite without an end", composite(text), "61"],
  ["composite that ends in half an end", composite(text), "6100"],
  ["composite with another escape", composite(text), "61000100"],
  ["composite with bytes behind it", composite(u8), "0101"],
  ["composite with a member above its bound", composite(boundedBlob(1)), "61610000"],
  ["versioned of nothing", versioned(blob), ""],
  ["versioned of version 0", versioned(blob), "00"],
  ["versioned of a later version", versioned(blob), "02"],
];

describe("composed codecs", () => {
  testCodecs({ examples, keys, wrongTypes, outOfRange, undecodable });

  it("cannot store the None of an option of fixed size, as the crate cannot", () => {
    const map = StableBTreeMap.create(new VectorMemory(), { key: u8, value: option(u64) });
    expect(codeOf(() => map.insert(1, null))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(map.isEmpty()).toBe(true);
    expect(codeOf(() => pair(option(u8), u8).toBytes([null, 1]))).toBe("STABLE_VALUE_TOO_LARGE");
    expect(codeOf(() => triple(u8, u8, option(u8)).toBytes([1, 2, null]))).toBe(
      "STABLE_VALUE_TOO_LARGE",
    );
    map.insert(1, 5n);
    expect(map.get(1)).toBe(5n);
  });

  it("refuses an option whose null would have two meanings", () => {
    for (const codec of [unit, option(u8), json<string>()] as Storable<unknown>[])
      expect(() => option(codec)).toThrow(/None/);
  });

  it("bounds what it can", () => {
    expect(option(text).bound).toBe("unbounded");
    expect(option(boundedBlob(3)).bound).toEqual({ maxSize: 4, fixedSize: false });
    expect(option(u8).bound).toEqual({ maxSize: 2, fixedSize: true, shortNone: true });
    expect(triple(u8, u16, u8).bound).toEqual({ maxSize: 4, fixedSize: true });
    expect(triple(u8, u16, boundedBlob(9)).bound).toEqual({ maxSize: 12, fixedSize: false });
    expect(triple(boundedBlob(300), u16, u8).bound).toEqual({ maxSize: 306, fixedSize: false });
    expect(triple(text, u16, u8).bound).toBe("unbounded");
    expect(point.bound).toEqual({ maxSize: 8, fixedSize: true });
    expect(struct({ a: principal, b: option(u8) }).bound).toEqual({
      maxSize: 33,
      fixedSize: false,
    });
    expect(struct({ a: text }).bound).toBe("unbounded");
    expect(composite(u8, boundedBlob(3)).bound).toEqual({ maxSize: 9, fixedSize: false });
    expect(composite(u8, reverse(u8)).bound).toEqual({ maxSize: 2, fixedSize: true });
    expect(composite(u8, text).bound).toBe("unbounded");
  });

  it("refuses bounds that no u32 can say", () => {
    const large = boundedBlob(2 ** 32 - 1);
    expect(() => option(large)).toThrow(RangeError);
    expect(() => pair(large, u8)).toThrow(RangeError);
    expect(() => triple(large, u8, u8)).toThrow(RangeError);
    expect(() => struct({ large })).toThrow(RangeError);
    expect(() => composite(large)).toThrow(RangeError);
    expect(() => versioned(large)).toThrow(RangeError);
  });

  it("holds members to their bounds", () => {
    const codecs: Storable<unknown>[] = [
      struct({ a: boundedBlob(1) }),
      struct({ a: fixedBlob(1) }),
      composite(boundedBlob(1)),
      composite(fixedBlob(1)),
    ];
    for (const [i, codec] of codecs.entries()) {
      const value = i < 2 ? { a: bytes("0000") } : [bytes("0000")];
      expect(codeOf(() => codec.toBytes(value))).toBe("STABLE_VALUE_TOO_LARGE");
    }
  });

  it("refuses structs and composites that cannot be", () => {
    expect(() => struct({})).toThrow(TypeError);
    expect(() => struct({ b: u8, 1: u8 })).toThrow(/moves a field called 1/);
    expect(() => composite()).toThrow(TypeError);
    expect(() => composite(option(text))).toThrow(/name its members/);
    expect(() => composite(pair(principal, u8))).toThrow(/name its members/);
  });

  it("keeps a field called __proto__ a field", () => {
    const odd = struct({ ["__proto__"]: u8, a: u8 });
    const value = odd.fromBytes(bytes("0102"));
    expect(Object.keys(value)).toEqual(["__proto__", "a"]);
    expect(hex(odd.toBytes(value))).toBe("0102");
  });

  it("has no order where a member has none", () => {
    for (const codec of [option(f64), triple(u8, f64, u8), struct({ a: f64 }), versioned(u8)])
      expect(codec).not.toHaveProperty("compare");
  });
});

describe("types", () => {
  it("follow from those of the members", () => {
    expectTypeOf<ValueOf<typeof account>>().toEqualTypeOf<{
      owner: Uint8Array;
      subaccount: Uint8Array | null;
      note: string;
    }>();
    expectTypeOf(triple(u8, text, option(u64)).fromBytes).returns.toEqualTypeOf<
      [number, string, bigint | null]
    >();
    expectTypeOf(composite(u8, text, reverse(i64)).fromBytes).returns.toEqualTypeOf<
      [number, string, bigint]
    >();
    expectTypeOf(struct({ a: u8 })).toEqualTypeOf<StorableKey<{ a: number }>>();
    expectTypeOf(struct({ a: f64 })).toEqualTypeOf<Storable<{ a: number }>>();
    expectTypeOf(triple(u8, u8, f64)).not.toHaveProperty("compare");
    // @ts-expect-error floats are no keys
    expect(() => composite(f64)).toThrow(TypeError);
  });
});
