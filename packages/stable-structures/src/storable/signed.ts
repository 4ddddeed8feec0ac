import { ValueTooLargeError } from "../errors.js";
import { type DirectCodec, directOf, withDirect } from "./direct.js";
import { u8, u16, u32, u64, u128 } from "./integers.js";
import type { StorableKey } from "./storable.js";

// The crate has no signed integers. These are unsigned ones whose zero lies in the middle, which is two's
// complement with the sign bit flipped: the order of the numbers is that of the bytes.

/** A codec of other values with the bytes of `codec`; ascending values have ascending bytes. */
function shifted<T, U>(
  name: string,
  codec: StorableKey<U>,
  { to, from }: { to: (value: T) => U; from: (stored: U) => T },
  order: (a: T, b: T) => number,
): StorableKey<T> {
  const { write, read } = directOf(codec) as DirectCodec<U>;
  const twin: StorableKey<T> = {
    name,
    bound: codec.bound,
    byteOrdered: true,
    compare: order,
    toBytes: (value) => codec.toBytes(to(value)),
    fromBytes: (bytes) => from(codec.fromBytes(bytes)),
  };
  return withDirect(twin, {
    write: (value, area, offset, end) => write(to(value), area, offset, end),
    read: (area, offset, length) => from(read(area, offset, length)),
  });
}

const byDifference = (a: number, b: number) => a - b;
const byComparison = <T extends number | bigint>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);

function small(name: string, codec: StorableKey<number>, bits: 8 | 16 | 32): StorableKey<number> {
  const half = 2 ** (bits - 1);
  const to = (value: number) => {
    if (typeof value !== "number")
      throw new TypeError(`${name} takes a number, got ${typeof value}`);
    if (!Number.isInteger(value) || value < -half || value >= half) {
      throw new RangeError(
        `${name} takes a whole number from ${-half} to ${half - 1}, got ${value}`,
      );
    }
    return value + half;
  };
  return shifted(name, codec, { to, from: (stored) => stored - half }, byDifference);
}

function big(name: string, codec: StorableKey<bigint>, bits: 64 | 128): StorableKey<bigint> {
  const half = 1n << BigInt(bits - 1);
  const to = (value: bigint) => {
    if (typeof value !== "bigint")
      throw new TypeError(`${name} takes a bigint, got ${typeof value}`);
    if (value < -half || value >= half)
      throw new RangeError(`${name} takes -2^${bits - 1} to 2^${bits - 1} - 1, got ${value}`);
    return value + half;
  };
  return shifted(name, codec, { to, from: (stored) => stored - half }, byComparison);
}

/**
 * Rust's `i8`, for which the crate has no `Storable`: one byte, the sign bit flipped, so that the bytes
 * have the order of the numbers. The newtype that reads it is in docs/format/own-layouts.md.
 */
export const i8: StorableKey<number> = /* @__PURE__ */ small("i8", u8, 8);
/** Rust's `i16` in two bytes, big-endian, the sign bit flipped; ours alone, like {@link i8}. */
export const i16: StorableKey<number> = /* @__PURE__ */ small("i16", u16, 16);
/** Rust's `i32` in four bytes, big-endian, the sign bit flipped; ours alone, like {@link i8}. */
export const i32: StorableKey<number> = /* @__PURE__ */ small("i32", u32, 32);
/** Rust's `i64` as a `bigint` in eight bytes, big-endian, the sign bit flipped; ours alone, like {@link i8}. */
export const i64: StorableKey<bigint> = /* @__PURE__ */ big("i64", u64, 64);
/** Rust's `i128` as a `bigint` in 16 bytes, big-endian, the sign bit flipped; ours alone, like {@link i8}. */
export const i128: StorableKey<bigint> = /* @__PURE__ */ big("i128", u128, 128);
/**
 * The bytes of {@link i64} as a `number`; refuses to write or read outside of -(2^53 - 1) to 2^53 - 1
 * (`RangeError`, `STABLE_VALUE_TOO_LARGE`) instead of rounding.
 */
export const i64Number: StorableKey<number> = /* @__PURE__ */ i64AsNumber();

function i64AsNumber(): StorableKey<number> {
  const to = (value: number) => {
    if (typeof value !== "number")
      throw new TypeError(`i64 as a number takes a number, got ${typeof value}`);
    if (!Number.isSafeInteger(value))
      throw new RangeError(`i64 as a number takes whole numbers up to 2^53 - 1, got ${value}`);
    return BigInt(value);
  };
  const from = (stored: bigint) => {
    const value = Number(stored);
    if (Number.isSafeInteger(value)) return value;
    throw new ValueTooLargeError(
      stored,
      Number.MAX_SAFE_INTEGER,
      "a stored i64 is beyond 2^53 - 1 and does not fit a number; use the codec i64",
    );
  };
  return shifted("i64", i64, { to, from }, byDifference);
}
