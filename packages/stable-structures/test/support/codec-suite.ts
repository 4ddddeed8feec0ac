import fc from "fast-check";
import { expect, it } from "vitest";
import type { Storable, StorableKey } from "../../src/index.js";
import { compareEncoded, encode } from "../../src/storable/storable.js";
import { codeOf } from "./errors.js";

// Tables of codecs of different types; each is used with values of its own.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyStorable = Storable<any>;
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyStorableKey = StorableKey<any>;

/** What is claimed of every codec, for one table of them. */
export interface CodecTable {
  /** A value and its bytes, as hex. */
  readonly examples: readonly [name: string, codec: AnyStorable, value: unknown, hex: string][];
  /** Keys, with values that can be stored. */
  readonly keys: readonly [name: string, codec: AnyStorableKey, values: fc.Arbitrary<unknown>][];
  readonly wrongTypes: readonly [name: string, codec: AnyStorable, value: unknown][];
  readonly outOfRange: readonly [name: string, codec: AnyStorable, value: unknown][];
  /** Bytes that the codec does not write, as hex. */
  readonly undecodable: readonly [name: string, codec: AnyStorable, hex: string][];
}

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
export const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
export const ascii = (text: string) => new TextEncoder().encode(text);

/** Tests of all codecs in a table. */
export function testCodecs({ examples, keys, wrongTypes, outOfRange, undecodable }: CodecTable) {
  it.each(examples)("%s writes its bytes, and reads them back", (_, codec, value, expected) => {
    expect(hex(codec.toBytes(value))).toBe(expected);
    expect(codec.fromBytes(bytes(expected))).toEqual(value);
  });

  it.each(keys)("%s reads back every value it writes, within its bound", (_, codec, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.fromBytes(encode(codec, value))).toEqual(value);
      }),
    );
  });

  it.each(keys)("%s is honest about the order of its bytes", (_, codec, values) => {
    const byCodec = compareEncoded(codec);
    fc.assert(
      fc.property(values, values, (a, b) => {
        const order = Math.sign(codec.compare(a, b));
        expect(order).toBe(-Math.sign(codec.compare(b, a)) + 0);
        const [x, y] = [codec.toBytes(a), codec.toBytes(b)];
        expect(Math.sign(byCodec(x, y)) + 0).toBe(order + 0);
        const byBytes = Buffer.compare(x, y);
        if (byBytes === 0) expect(order + 0).toBe(0);
        if (codec.byteOrdered) expect(order).toBe(byBytes);
      }),
      { numRuns: 300 },
    );
  });

  it.each(keys)("%s answers any bytes with a value or with a code", (_, codec, values) => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(values, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
        const damaged = new Uint8Array(codec.toBytes(value));
        if (damaged.length > 0) damaged[at % damaged.length] = byte;
        return damaged;
      }),
    );
    fc.assert(
      fc.property(some, (stored) => {
        expect(codeOf(() => codec.fromBytes(stored))).not.toBe("uncoded");
      }),
    );
  });

  it.each(wrongTypes)("%s refuses a value of another type with a TypeError", (_, codec, value) => {
    expect(() => codec.toBytes(value)).toThrow(TypeError);
  });

  it.each(outOfRange)("%s refuses %s outside its range with a RangeError", (_, codec, value) => {
    expect(() => codec.toBytes(value)).toThrow(RangeError);
  });

  it.each(undecodable)(
    "%s gives STABLE_DECODE_FAILED for bytes it does not write",
    (_, codec, stored) => {
      expect(codeOf(() => codec.fromBytes(bytes(stored)))).toBe("STABLE_DECODE_FAILED");
    },
  );
}
