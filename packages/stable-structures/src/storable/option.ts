import { DecodeError } from "../errors.js";
import { joinBytes } from "../io/bytes.js";
import {
  isFixedSize,
  isKey,
  maxSizeOf,
  type Storable,
  type StorableKey,
  sumBound,
} from "./storable.js";

const NONE = 0;
const SOME = 1;

/**
 * Rust's `Option<T>`; `None` is null. The bytes of the value and a 1, or a single 0.
 *
 * COMPAT: the crate calls the option of a type of fixed size fixed as well, and so refuses to store its
 * `None`, which is shorter: `STABLE_VALUE_TOO_LARGE`, here as there. In a `struct` and in a `composite`
 * it can be null.
 *
 * As a key null comes first. The order is that of the bytes where `T` has a fixed size and is ordered by
 * its bytes; other maps run in JavaScript.
 * @throws TypeError when null is a value of `codec`: it could not be told from `None`.
 */
export function option<T>(codec: StorableKey<T>): StorableKey<T | null>;
export function option<T>(codec: Storable<T>): Storable<T | null>;
export function option<T>(codec: Storable<T>): Storable<T | null> {
  const name = `Option<${codec.name}>`;
  if (takesNull(codec)) {
    throw new TypeError(`${name} could not tell None from the null of ${codec.name}`);
  }
  const base: Storable<T | null> = {
    name,
    bound: boundOf(name, codec),
    toBytes: (value) =>
      value === null ? Uint8Array.of(NONE) : joinBytes([codec.toBytes(value), Uint8Array.of(SOME)]),
    fromBytes(bytes) {
      const last = bytes.length - 1;
      const mark = bytes[last];
      if (mark === SOME) return codec.fromBytes(bytes.subarray(0, last));
      if (mark === NONE && last === 0) return null;
      throw new DecodeError(name, `${bytes.length} bytes that end in ${mark}`);
    },
  };
  return isKey(codec) ? { ...base, ...orderOf(codec) } : base;
}

function boundOf(name: string, codec: Storable<unknown>) {
  const bound = sumBound(name, (maxSizeOf(codec) ?? Infinity) + 1, isFixedSize(codec));
  return bound !== "unbounded" && bound.fixedSize ? { ...bound, shortNone: true as const } : bound;
}

function orderOf<T>(codec: StorableKey<T>) {
  return {
    // The one byte of None is below every Some, or begins it: nothing is shorter than a fixed size.
    byteOrdered: codec.byteOrdered && isFixedSize(codec),
    compare(a: T | null, b: T | null): number {
      if (a === null || b === null) return Number(a !== null) - Number(b !== null);
      return codec.compare(a, b);
    },
  };
}

function takesNull(codec: Storable<unknown>): boolean {
  try {
    codec.toBytes(null);
    return true;
  } catch {
    return false;
  }
}
