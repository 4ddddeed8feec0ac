import { ValueTooLargeError } from "../errors.js";
import { viewOf } from "../io/bytes.js";
import { withDirect } from "./direct.js";
import { checkLength, fixed, type StorableKey } from "./storable.js";

// COMPAT: integers inside keys and values are big-endian; headers and lengths are little-endian.

const HIGH_WORD = 0x1_0000_0000;
/** High words below this are those of numbers up to 2^53 - 1. */
const SAFE_HIGH_WORD = 0x20_0000;
const MASK_64 = 0xffff_ffff_ffff_ffffn;

/** An unsigned integer of 1, 2 or 4 bytes as a `number`. */
function small(name: string, size: 1 | 2 | 4): StorableKey<number> {
  const maximum = 256 ** size - 1;
  const codec: StorableKey<number> = {
    name,
    bound: fixed(size),
    byteOrdered: true,
    compare: (a, b) => a - b,
    toBytes(value) {
      checkNumber(name, value, maximum);
      const bytes = new Uint8Array(size);
      let rest = value;
      for (let i = size - 1; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
      return bytes;
    },
    fromBytes(bytes) {
      checkLength(name, bytes, size);
      return bytes.reduce((value, byte) => value * 256 + byte, 0);
    },
  };
  return withDirect(codec, {
    write(value, { view }, offset, end) {
      checkNumber(name, value, maximum);
      if (offset + size > end) return -1;
      if (size === 4) view.setUint32(offset, value);
      else if (size === 2) view.setUint16(offset, value);
      else view.setUint8(offset, value);
      return size;
    },
    read({ view }, offset) {
      if (size === 4) return view.getUint32(offset);
      return size === 2 ? view.getUint16(offset) : view.getUint8(offset);
    },
    decodes: "all",
  });
}

/** An unsigned integer of 8 or 16 bytes as a `bigint`. */
function big(name: string, size: 8 | 16): StorableKey<bigint> {
  const bits = size * 8;
  const maximum = 2n ** BigInt(bits) - 1n;
  const check = (value: unknown) => {
    if (typeof value !== "bigint") {
      throw new TypeError(
        `${name} takes a bigint, got ${typeof value} (${name}Number takes numbers)`,
      );
    }
    if (value < 0n || value > maximum)
      throw new RangeError(`${name} takes 0 to 2^${bits} - 1, got ${value}`);
  };
  const codec: StorableKey<bigint> = {
    name,
    bound: fixed(size),
    byteOrdered: true,
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    toBytes(value) {
      check(value);
      const bytes = new Uint8Array(size);
      const view = viewOf(bytes);
      for (let i = size - 8, rest = value; i >= 0; i -= 8, rest >>= 64n)
        view.setBigUint64(i, rest & MASK_64);
      return bytes;
    },
    fromBytes(bytes) {
      checkLength(name, bytes, size);
      const view = viewOf(bytes);
      const low = view.getBigUint64(size - 8);
      return size === 8 ? low : (view.getBigUint64(0) << 64n) | low;
    },
  };
  return withDirect(codec, {
    write(value, { view }, offset, end) {
      check(value);
      if (offset + size > end) return -1;
      if (size === 16) view.setBigUint64(offset, value >> 64n);
      view.setBigUint64(offset + size - 8, size === 16 ? value & MASK_64 : value);
      return size;
    },
    read({ view }, offset) {
      const low = view.getBigUint64(offset + size - 8);
      return size === 8 ? low : (view.getBigUint64(offset) << 64n) | low;
    },
    decodes: "all",
  });
}

/** The same bytes as {@link big}, as a `number` of at most 2^53 - 1. */
function bigAsNumber(name: string, size: 8 | 16): StorableKey<number> {
  const codec: StorableKey<number> = {
    name,
    bound: fixed(size),
    byteOrdered: true,
    compare: (a, b) => a - b,
    toBytes(value) {
      checkNumber(`${name} as a number`, value, Number.MAX_SAFE_INTEGER);
      const bytes = new Uint8Array(size);
      setWord(bytes, size - 4, value >>> 0);
      setWord(bytes, size - 8, Math.floor(value / HIGH_WORD));
      return bytes;
    },
    fromBytes(bytes) {
      checkLength(name, bytes, size);
      let value = 0;
      for (let i = 0; i < size; i += 4) value = value * HIGH_WORD + getWord(bytes, i);
      if (value <= Number.MAX_SAFE_INTEGER) return value;
      throw new ValueTooLargeError(
        value,
        Number.MAX_SAFE_INTEGER,
        `a stored ${name} is above 2^53 - 1 and does not fit a number; use the codec ${name}`,
      );
    },
  };
  return withDirect(codec, {
    write(value, { view }, offset, end) {
      if (!Number.isSafeInteger(value) || value < 0) codec.toBytes(value); // says what is wrong
      if (offset + size > end) return -1;
      if (size === 16) {
        view.setUint32(offset, 0);
        view.setUint32(offset + 4, 0);
      }
      // PERF: DataView keeps the lower 32 bits of what it is given, so no remainder is taken.
      view.setUint32(offset + size - 8, value / HIGH_WORD);
      view.setUint32(offset + size - 4, value);
      return size;
    },
    read({ bytes, view }, offset) {
      const high = view.getUint32(offset + size - 8);
      const isSafe =
        high < SAFE_HIGH_WORD &&
        (size === 8 || (view.getUint32(offset) === 0 && view.getUint32(offset + 4) === 0));
      if (!isSafe) return codec.fromBytes(bytes.subarray(offset, offset + size)); // says what is wrong
      return high * HIGH_WORD + view.getUint32(offset + size - 4);
    },
    decodes: "safe-integers",
  });
}

/** A big-endian u32. */
function getWord(bytes: Uint8Array, offset: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | (bytes[offset + i] as number);
  return word >>> 0;
}

/** Writes a big-endian u32. */
function setWord(bytes: Uint8Array, offset: number, word: number): void {
  for (let i = 0; i < 4; i++) bytes[offset + i] = word >>> (24 - i * 8);
}

function checkNumber(name: string, value: unknown, maximum: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} takes a number, got ${typeof value}`);
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    throw new RangeError(`${name} takes a whole number from 0 to ${maximum}, got ${value}`);
  }
}

/** Rust's `u8`: one byte. */
export const u8: StorableKey<number> = /* @__PURE__ */ small("u8", 1);
/** Rust's `u16`: two bytes, big-endian. */
export const u16: StorableKey<number> = /* @__PURE__ */ small("u16", 2);
/** Rust's `u32`: four bytes, big-endian. */
export const u32: StorableKey<number> = /* @__PURE__ */ small("u32", 4);
/** Rust's `u64` as a `bigint`: eight bytes, big-endian. */
export const u64: StorableKey<bigint> = /* @__PURE__ */ big("u64", 8);
/** Rust's `u128` as a `bigint`: 16 bytes, big-endian. */
export const u128: StorableKey<bigint> = /* @__PURE__ */ big("u128", 16);
/**
 * Rust's `u64` as a `number`; refuses to write or read above 2^53 - 1 (`RangeError`,
 * `STABLE_VALUE_TOO_LARGE`) instead of rounding.
 */
export const u64Number: StorableKey<number> = /* @__PURE__ */ bigAsNumber("u64", 8);
/** Rust's `u128` as a `number`; refuses to write or read above 2^53 - 1. */
export const u128Number: StorableKey<number> = /* @__PURE__ */ bigAsNumber("u128", 16);
