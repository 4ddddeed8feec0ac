import { DecodeError } from "../errors.js";
import { compareLengthFirst } from "../io/bytes.js";
import { directBytes, withDirect } from "./direct.js";
import { checkBytes, decodeWith, type StorableKey, upTo } from "./storable.js";

const MAX_PRINCIPAL_SIZE = 29;

/**
 * Rust's `Principal` as its raw bytes: 0 to 29 of them, shorter ones first. The order is not that of
 * the bytes. {@link principalOf} takes principal objects instead.
 */
export const principal: StorableKey<Uint8Array> = /* @__PURE__ */ principalBytes();

function principalBytes(): StorableKey<Uint8Array> {
  const codec: StorableKey<Uint8Array> = {
    name: "principal",
    bound: upTo(MAX_PRINCIPAL_SIZE),
    byteOrdered: false,
    encodedOrder: "length-first",
    // COMPAT: Rust derives the order from `{ len, bytes }`, so a shorter principal sorts first.
    compare: compareLengthFirst,
    toBytes(value) {
      checkBytes("principal", value);
      return value;
    },
    fromBytes(bytes) {
      if (bytes.length > MAX_PRINCIPAL_SIZE)
        throw new DecodeError("principal", `${bytes.length} bytes`);
      return new Uint8Array(bytes);
    },
  };
  return withDirect(codec, directBytes(codec));
}

/** What a principal object must offer; that of `@icp-sdk/core/principal` does. */
export interface PrincipalLike {
  toUint8Array(): Uint8Array;
}

/**
 * Rust's `Principal` as objects of a class of your choice, so that this library needs none:
 * `principalOf(Principal)` with `Principal` of `@icp-sdk/core/principal`.
 */
export function principalOf<P extends PrincipalLike>(type: {
  fromUint8Array(bytes: Uint8Array): P;
}): StorableKey<P> {
  return {
    ...principal,
    compare: (a, b) => compareLengthFirst(a.toUint8Array(), b.toUint8Array()),
    toBytes(value) {
      if (typeof value?.toUint8Array !== "function") {
        throw new TypeError(`principal takes a Principal, got ${typeof value}`);
      }
      return value.toUint8Array();
    },
    fromBytes: (bytes) =>
      decodeWith("principal", () => type.fromUint8Array(principal.fromBytes(bytes))),
  };
}
