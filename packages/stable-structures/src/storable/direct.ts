import { copyOfBytes, viewOf } from "../io/bytes.js";
import { checkLength, type Storable, type StorableKey } from "./storable.js";

/** Bytes and a DataView of the same memory: what direct codecs write to and read from. */
export interface ByteArea {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /**
   * The buffer that begins with these bytes.
   *
   * PERF: to ask `bytes` for it takes 20 ns, as long as making a view of it (Node 20, 2026-11).
   */
  readonly buffer: ArrayBufferLike;
  /** They will never change: a value may be a view of them. */
  readonly isFinal?: boolean;
}

/** New bytes, zeros. */
export function areaOf(size: number): ByteArea {
  const bytes = new Uint8Array(size);
  return { bytes, view: viewOf(bytes), buffer: bytes.buffer };
}

/**
 * How one of our own codecs works straight on an engine's memory, where `toBytes` and `fromBytes` would
 * make an array. The bytes, and the errors, are the same.
 */
export interface DirectCodec<T> {
  /** Writes `value` at `offset`; its number of bytes, or -1 when they may not all lie before `end`. */
  write(value: T, area: ByteArea, offset: number, end: number): number;
  /** The value of `length` bytes at `offset`; the length is one that the codec's bound allows. */
  readonly read: (area: ByteArea, offset: number, length: number) => T;
  /** Values are views of the bytes, where those are final. */
  readonly givesViews?: boolean;
  /**
   * Which bytes can be decoded, of those with a right length: all; integers up to 2^53 - 1; at least all
   * ASCII. Without it an engine asks the codec before it lets go of them.
   */
  readonly decodes?: "all" | "safe-integers" | "ascii";
}

const direct: unique symbol = Symbol("direct");

interface HasDirect<T> {
  readonly [direct]?: DirectCodec<T>;
}

/**
 * Gives a codec its direct twin. It is not enumerable, so that a codec which spreads this one and has
 * `toBytes` and `fromBytes` of its own does not inherit what contradicts them.
 */
export function withDirect<T>(codec: StorableKey<T>, twin: DirectCodec<T>): StorableKey<T>;
export function withDirect<T>(codec: Storable<T>, twin: DirectCodec<T>): Storable<T>;
export function withDirect<T>(codec: Storable<T>, twin: DirectCodec<T>): Storable<T> {
  return Object.defineProperty(codec, direct, { value: twin });
}

/** The direct twin of a codec, if it has one. */
export function directOf<T>(codec: Storable<T>): DirectCodec<T> | undefined {
  return (codec as HasDirect<T>)[direct];
}

/**
 * `toBytes` and `fromBytes` of a codec for values of `size` bytes, 16 at most, by its direct twin.
 *
 * PERF: by way of bytes that are always the same: to make a DataView of a new array takes 500 ns, because
 * V8 has to move the array out of its heap (Node 20, 2026-11).
 */
export function throughTwin<T>(
  name: string,
  size: number,
  twin: DirectCodec<T>,
): Pick<Storable<T>, "toBytes" | "fromBytes"> {
  return {
    toBytes(value) {
      twin.write(value, passage, 0, size);
      return passage.bytes.slice(0, size);
    },
    fromBytes(bytes) {
      checkLength(name, bytes, size);
      passage.bytes.set(bytes);
      return twin.read(passage, 0, size);
    },
  };
}

const passage = /* @__PURE__ */ areaOf(16);

/** The direct twin of a codec whose values are their own bytes. */
export function directBytes(codec: Storable<Uint8Array>): DirectCodec<Uint8Array> {
  return {
    write(value, { bytes }, offset, end) {
      const { length } = codec.toBytes(value);
      if (offset + length > end) return -1;
      bytes.set(value, offset);
      return length;
    },
    // PERF: `subarray` takes twice as long as this constructor (Node 20, 2026-11).
    read({ buffer, isFinal }, offset, length) {
      const bytes = new Uint8Array(buffer, offset, length);
      return isFinal ? bytes : copyOfBytes(bytes);
    },
    givesViews: true,
    decodes: "all",
  };
}
