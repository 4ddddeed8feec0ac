import { DecodeError, ValueTooLargeError } from "../errors.js";
import { compareBytes, compareLengthFirst } from "../io/bytes.js";

/** How long the encoded bytes of a codec can be. */
export type Bound =
  | "unbounded"
  | {
      /** Most bytes of an encoded value. */
      readonly maxSize: number;
      /** True when every value that can be stored has exactly `maxSize` bytes. */
      readonly fixedSize: boolean;
      /**
       * COMPAT: True for the crate's `Option` of a type of fixed size: its bound says fixed, its `None` is
       * shorter, and so can be encoded but not stored.
       */
      readonly shortNone?: true;
    };

/** Turns values into the bytes that the Rust crate's `Storable` writes for the same type, and back. */
export interface Storable<T> {
  /** Name for messages: the Rust type. */
  readonly name: string;
  readonly bound: Bound;
  /**
   * The encoded value. May be a view of the caller's own bytes: it is copied before it is kept.
   * @throws TypeError or RangeError when `value` is not a `T`.
   */
  toBytes(value: T): Uint8Array;
  /**
   * The decoded value. `bytes` may be reused after the call, so what is kept of it must be copied.
   * @throws DecodeError (`STABLE_DECODE_FAILED`) when no `T` encodes to `bytes`.
   */
  fromBytes(bytes: Uint8Array): T;
}

/** One member of an encoded pair: bytes of its slot, of its length behind both slots, and its order. */
export interface PairMember {
  readonly size: number;
  readonly lengthBytes: number;
  readonly order: "bytes" | "length-first";
}

/** An order of encoded keys that is not that of their bytes, and that can be told without decoding. */
export type EncodedOrder =
  | "length-first"
  | { readonly pair: readonly [PairMember, PairMember] }
  | { readonly reversed: StorableKey<unknown> };

/** A codec whose values can be keys: it knows Rust's order of the type. */
export interface StorableKey<T> extends Storable<T> {
  /** Negative, zero or positive, as Rust's `Ord` of the same type. */
  compare(a: T, b: T): number;
  /** True when comparing encoded bytes gives the same order as `compare`. */
  readonly byteOrdered: boolean;
  /**
   * How encoded keys compare when not by their bytes: `"length-first"` where a shorter one sorts first
   * and then bytes decide, the members of a pair, or the codec whose order is turned round. Keys with none
   * are compared by `compare`. The WebAssembly engine knows the first two.
   */
  readonly encodedOrder?: EncodedOrder;
}

/** A codec whose values Rust orders only in part: `f32` and `f64`. */
export interface StorablePartialOrd<T> extends Storable<T> {
  /** Negative, zero or positive, as Rust's `PartialOrd` of the same type; NaN where that has no answer. */
  partialCompare(a: T, b: T): number;
}

/** The type of a codec's values: `type User = ValueOf<typeof user>`. */
export type ValueOf<C> = C extends { fromBytes(bytes: Uint8Array): infer T } ? T : never;

/** True for a codec that has an order. */
export function isKey<T>(codec: Storable<T>): codec is StorableKey<T> {
  return "compare" in codec;
}

/** The longest encoding of a bounded codec, or undefined. */
export function maxSizeOf({ bound }: Storable<unknown>): number | undefined {
  return bound === "unbounded" ? undefined : bound.maxSize;
}

/** True when every encoding has the same length. */
export function isFixedSize({ bound }: Storable<unknown>): boolean {
  return bound !== "unbounded" && bound.fixedSize;
}

/** What tells codecs apart: what they write, and how much. */
export type DescribedCodec = Pick<Storable<unknown>, "name" | "bound">;

/** What a codec writes, in words that stay the same: its name and its bound, such as `u64 (8 bytes)`. */
export function describeCodec({ name, bound }: DescribedCodec): string {
  if (bound === "unbounded") return name;
  return `${name} (${bound.fixedSize ? "" : "up to "}${bound.maxSize} bytes)`;
}

/** True when every value, `None` of an option too, has the same length. */
export function hasOneSize({ bound }: Storable<unknown>): boolean {
  return bound !== "unbounded" && bound.fixedSize && !bound.shortNone;
}

/** The order of encoded keys, without decoding where bytes may be compared. */
export function compareEncoded<T>(codec: StorableKey<T>): (a: Uint8Array, b: Uint8Array) => number {
  if (codec.byteOrdered) return compareBytes;
  const { encodedOrder } = codec;
  if (encodedOrder === "length-first") return compareLengthFirst;
  if (encodedOrder !== undefined && "reversed" in encodedOrder) {
    const forward = compareEncoded(encodedOrder.reversed);
    return (a, b) => forward(b, a);
  }
  return (a, b) => codec.compare(codec.fromBytes(a), codec.fromBytes(b));
}

/**
 * Encodes `value` and holds the codec to its bound, as the crate does before it stores anything.
 * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`)
 */
export function encode<T>(codec: Storable<T>, value: T): Uint8Array {
  const bytes = codec.toBytes(value);
  checkBound(codec, bytes.length);
  return bytes;
}

/**
 * Encodes `value` for a cell or a log.
 *
 * COMPAT: the crate holds these to no bound. Where the encoder of a type contradicts its own bound, as
 * that of an `Option` of fixed size does for `None`, they still store it. So what does not keep to the
 * bound is taken when the codec reads it back.
 * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`)
 */
export function encodeReadable<T>(codec: Storable<T>, value: T): Uint8Array {
  const bytes = codec.toBytes(value);
  try {
    checkBound(codec, bytes.length);
  } catch (refusal) {
    if (!isReadable(codec, bytes)) throw refusal;
  }
  return bytes;
}

function isReadable(codec: Storable<unknown>, bytes: Uint8Array): boolean {
  try {
    codec.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}

/** @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`) unless the codec's bound allows `length` bytes. */
export function checkBound(
  { name, bound }: Pick<Storable<unknown>, "name" | "bound">,
  length: number,
): void {
  if (bound === "unbounded") return;
  if (bound.fixedSize ? length === bound.maxSize : length <= bound.maxSize) return;
  const wanted = bound.fixedSize ? `exactly ${bound.maxSize}` : `at most ${bound.maxSize}`;
  throw new ValueTooLargeError(
    length,
    bound.maxSize,
    `${name} takes ${wanted} bytes, got ${length}`,
  );
}

/** @throws DecodeError (`STABLE_DECODE_FAILED`) unless `bytes` has `length` bytes. */
export function checkLength(codec: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new DecodeError(codec, `${bytes.length} bytes instead of ${length}`);
  }
}

/** @throws TypeError unless `value` is a Uint8Array. */
export function checkBytes(codec: string, value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(
      `${codec} takes a Uint8Array, got ${value === null ? "null" : typeof value}`,
    );
  }
}

/** The bound of `size` bytes, always. */
export function fixed(size: number): Bound {
  return { maxSize: size, fixedSize: true };
}

/** The bound of at most `size` bytes. */
export function upTo(size: number): Bound {
  return { maxSize: size, fixedSize: false };
}

/**
 * The bound of something made of members, whose sizes were added up to `maxSize`.
 * @throws RangeError when no u32 can say it, as the crate does not compile then.
 */
export function sumBound(name: string, maxSize: number, fixedSize: boolean): Bound {
  if (maxSize === Number.POSITIVE_INFINITY) return "unbounded";
  if (maxSize > 0xffff_ffff)
    throw new RangeError(`${name} could take ${maxSize} bytes, and 2^32 - 1 is the most`);
  return { maxSize, fixedSize };
}

/** Runs a decoder that is not ours and gives its errors a code. */
export function decodeWith<T>(codec: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause;
    throw new DecodeError(codec, (cause as Error).message, { cause });
  }
}
