import { IDL } from "@icp-sdk/core/candid";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { candidValue } from "../../../src/candid.js";
import { cbor } from "../../../src/cbor.js";
import {
  asStorable,
  jsonFormat,
  StableBTreeMap,
  type Storable,
  u8,
  VectorMemory,
} from "../../../src/index.js";
import { messagePack } from "../../../src/msgpack.js";
import { bytes, hex } from "../../support/codec-suite.js";
import { codeOf } from "../../support/errors.js";

interface User {
  name: string;
  age: number;
}

const ann: User = { name: "ann", age: 7 };
const candidUser = candidValue<User>(IDL.Record({ name: IDL.Text, age: IDL.Nat8 }));
const codecs: [string, Storable<User>][] = [
  ["CBOR", asStorable(cbor<User>())],
  ["MessagePack", asStorable(messagePack<User>())],
  ["JSON", asStorable(jsonFormat<User>())],
  ["Candid", candidUser],
];

describe.each(codecs)("values in %s", (_, codec) => {
  it("come back from a map", () => {
    const map = StableBTreeMap.create(new VectorMemory(), { key: u8, value: codec });
    map.insert(1, ann);
    expect(map.get(1)).toEqual(ann);
  });

  it("are refused with a code when others follow, or something is missing", () => {
    const stored = codec.toBytes(ann);
    for (const wrong of [[...stored, ...stored], stored.subarray(0, -1), []])
      expect(codeOf(() => codec.fromBytes(Uint8Array.from(wrong)))).toBe("STABLE_DECODE_FAILED");
  });

  it("answer damaged bytes with a value or with a code", () => {
    const stored = codec.toBytes(ann);
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.nat(255), (at, byte) => {
        const damaged = new Uint8Array(stored);
        damaged[at] = byte;
        expect(codeOf(() => codec.fromBytes(damaged))).not.toBe("uncoded");
      }),
    );
  });

  it("are refused with a TypeError when the format cannot say them", () => {
    const name = () => "a function";
    expect(() => codec.toBytes(name as unknown as User)).toThrow(TypeError);
  });

  it("do not keep the bytes they were read from", () => {
    const stored = codec.toBytes(ann);
    const user = codec.fromBytes(stored);
    stored.fill(0);
    expect(user).toEqual(ann);
  });
});

describe("candidValue", () => {
  it("writes one message with its type table, as Encode! does", () => {
    expect(hex(candidUser.toBytes(ann))).toBe(
      "4449444c016c02bfe9a7027bcbe4fdc704710100" + "07" + "03616e6e",
    );
  });

  it("refuses a few bytes that claim four billion values", () => {
    const nulls = candidValue(IDL.Vec(IDL.Null));
    const stored = bytes("4449444c016d7f0100ffffffff0f");
    expect(codeOf(() => nulls.fromBytes(stored))).toBe("STABLE_DECODE_FAILED");
  });

  it("has the type of its Candid type", () => {
    expectTypeOf(candidValue(IDL.Text).fromBytes).returns.toEqualTypeOf<string>();
  });
});
