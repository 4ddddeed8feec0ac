import { DecodeError } from "../errors.js";
import { viewOf } from "../io/bytes.js";
import { checkLength, fixed, type Storable, type StorableKey, upTo } from "./storable.js";

/** Rust's `bool`: one byte, 0 or 1. */
export const bool: StorableKey<boolean> = {
  name: "bool",
  bound: fixed(1),
  byteOrdered: true,
  compare: (a, b) => Number(a) - Number(b),
  toBytes(value) {
    if (typeof value !== "boolean")
      throw new TypeError(`bool takes a boolean, got ${typeof value}`);
    return Uint8Array.of(value ? 1 : 0);
  },
  fromBytes(bytes) {
    checkLength("bool", bytes, 1);
    if ((bytes[0] as number) > 1) throw new DecodeError("bool", `the byte ${bytes[0]}`);
    return bytes[0] === 1;
  },
};

/**
 * Rust's `()`: no bytes, written and read as `null`.
 *
 * COMPAT: its bound is "at most 0 bytes", not "always 0 bytes", so a length of 0 is stored with it.
 */
export const unit: StorableKey<null> = {
  name: "unit",
  bound: upTo(0),
  byteOrdered: true,
  compare: () => 0,
  toBytes(value) {
    if (value !== null) throw new TypeError(`unit takes null, got ${typeof value}`);
    return new Uint8Array(0);
  },
  fromBytes(bytes) {
    checkLength("unit", bytes, 0);
    return null;
  },
};

/** Rust's `f32`: IEEE 754, big-endian. Not a key: floats have no total order in Rust. */
export const f32: Storable<number> = {
  name: "f32",
  bound: fixed(4),
  toBytes(value) {
    checkFloat("f32", value);
    const bytes = new Uint8Array(4);
    viewOf(bytes).setFloat32(0, value);
    return bytes;
  },
  fromBytes(bytes) {
    checkLength("f32", bytes, 4);
    return viewOf(bytes).getFloat32(0);
  },
};

/** Rust's `f64`: IEEE 754, big-endian. Not a key: floats have no total order in Rust. */
export const f64: Storable<number> = {
  name: "f64",
  bound: fixed(8),
  toBytes(value) {
    checkFloat("f64", value);
    const bytes = new Uint8Array(8);
    viewOf(bytes).setFloat64(0, value);
    return bytes;
  },
  fromBytes(bytes) {
    checkLength("f64", bytes, 8);
    return viewOf(bytes).getFloat64(0);
  },
};

function checkFloat(name: string, value: unknown): void {
  if (typeof value !== "number") throw new TypeError(`${name} takes a number, got ${typeof value}`);
}
