import { decode, encode } from "cborg";
import { bigIntDecoder, bigIntEncoder, bigNegIntDecoder, negativeZeroEncoder } from "cborg/taglib";
import { decodeWith, type PayloadFormat, structsToObjects } from "./upgrade/payload-format.js";
import { cborShape } from "./upgrade/payload-shape.js";

const TAG_BIGNUM = 2;
const TAG_NEGATIVE_BIGNUM = 3;

const ENCODERS = { bigint: bigIntEncoder, number: negativeZeroEncoder };

/**
 * CBOR (RFC 8949), as serde with ciborium or serde_cbor reads and writes it. Needs the package `cborg`.
 *
 * Structs are plain objects; maps with other keys than text are `Map`. Integers beyond 2^53 are
 * `bigint`, bytes `Uint8Array`. Object keys keep their order.
 */
export function cbor<T>(): PayloadFormat<T> {
  return {
    name: "cbor",
    shapeAt: cborShape,
    encode: (state) => encode(state, { mapSorter: () => 0, typeEncoders: ENCODERS }),
    decode: (bytes) =>
      decodeWith("CBOR", () => {
        const tags = { [TAG_BIGNUM]: bigIntDecoder, [TAG_NEGATIVE_BIGNUM]: bigNegIntDecoder };
        return structsToObjects(decode(bytes, { useMaps: true, tags })) as T;
      }),
  };
}
