import { DecodeError } from "../errors.js";
import { type DirectCodec, throughTwin, withDirect } from "./direct.js";
import { checkLength, fixed, type StorableKey, type StorablePartialOrd, upTo } from "./storable.js";

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
export const unit: StorableKey<null> = /* @__PURE__ */ nothing();

function nothing(): StorableKey<null> {
  const codec: StorableKey<null> = {
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
  const write = (value: null) => (value === null ? 0 : codec.toBytes(value).length);
  return withDirect(codec, { write, read: () => null, decodes: "all" });
}

/** Rust's `f32`: IEEE 754, big-endian. Not a key: floats have no total order in Rust. */
export const f32: StorablePartialOrd<number> = /* @__PURE__ */ float("f32", 4);

/** Rust's `f64`: IEEE 754, big-endian. Not a key: floats have no total order in Rust. */
export const f64: StorablePartialOrd<number> = /* @__PURE__ */ float("f64", 8);

function float(name: string, size: 4 | 8): StorablePartialOrd<number> {
  const twin: DirectCodec<number> = {
    write(value, { view }, offset, end) {
      if (typeof value !== "number")
        throw new TypeError(`${name} takes a number, got ${typeof value}`);
      if (offset + size > end) return -1;
      if (size === 4) view.setFloat32(offset, value);
      else view.setFloat64(offset, value);
      return size;
    },
    read: ({ view }, offset) => (size === 4 ? view.getFloat32(offset) : view.getFloat64(offset)),
    decodes: "all",
  };
  const codec: StorablePartialOrd<number> = {
    name,
    bound: fixed(size),
    // Of two infinities the difference is NaN, and they are equal: neither is less.
    partialCompare: (a, b) => a - b,
    ...throughTwin(name, size, twin),
  };
  withDirect(codec, twin);
  return codec;
}
