import { decode, encode, Token, Type } from "cborg";
import { bigIntDecoder, bigIntEncoder, bigNegIntDecoder, negativeZeroEncoder } from "cborg/taglib";
import { decodeWith } from "./storable/storable.js";
import { type PayloadFormat, plainValue } from "./upgrade/payload-format.js";
import { cborShape } from "./upgrade/payload-shape.js";

const TAG_BIGNUM = 2;
const TAG_NEGATIVE_BIGNUM = 3;
/** Says "this is CBOR" and nothing else. */
const TAG_SELF_DESCRIBED = 55799;

const ENCODERS = {
  bigint: bigIntEncoder,
  number: negativeZeroEncoder,
  Object: (value: unknown) =>
    value instanceof Float ? [new Token(Type.float, value.value)] : null,
};

/**
 * A number to be written as a float although it has no fraction: `new Float(1)`. JavaScript has one
 * kind of number and writes 1 as an integer, which serde with ciborium refuses for a field of type
 * f32 or f64 (serde_cbor takes it). Reading gives plain numbers.
 */
export class Float {
  constructor(readonly value: number) {}
}

/**
 * CBOR (RFC 8949), as serde with ciborium or serde_cbor reads and writes it.
 *
 * Structs are plain objects; maps with other keys than text are `Map`. Integers beyond 2^53 are
 * `bigint`, bytes `Uint8Array`. Object keys keep their order. A number without a fraction is written as
 * an integer unless it is a {@link Float}.
 */
export function cbor<T>(): PayloadFormat<T> {
  return {
    name: "cbor",
    shapeAt: cborShape,
    encode: (state) => encode(state, { mapSorter: () => 0, typeEncoders: ENCODERS }),
    decode: (bytes) =>
      decodeWith("CBOR", () => {
        const tags = {
          [TAG_BIGNUM]: bigIntDecoder,
          [TAG_NEGATIVE_BIGNUM]: bigNegIntDecoder,
          [TAG_SELF_DESCRIBED]: (decodeContent: () => unknown) => decodeContent(),
        };
        return plainValue(decode(bytes, { useMaps: true, tags })) as T;
      }),
  };
}
