import { DecodeError } from "../errors.js";
import { compareBytes } from "../io/bytes.js";
import { directBytes, withDirect } from "./direct.js";
import { type Bound, checkBytes, checkLength, fixed, type StorableKey, upTo } from "./storable.js";

function bytesCodec(
  name: string,
  bound: Bound,
  check: (bytes: Uint8Array) => void = () => {},
): StorableKey<Uint8Array> {
  const codec: StorableKey<Uint8Array> = {
    name,
    bound,
    byteOrdered: true,
    compare: compareBytes,
    toBytes(value) {
      checkBytes(name, value);
      return value;
    },
    fromBytes(bytes) {
      check(bytes);
      return new Uint8Array(bytes);
    },
  };
  return withDirect(codec, directBytes(codec));
}

/**
 * Rust's `Vec<u8>`: any bytes, unbounded. What a map gives belongs to the caller, but may share its
 * ArrayBuffer, mostly 64 KiB, with others: `slice()` it before it is sent to a worker, which gets all of
 * that buffer, or to keep few of many.
 */
export const blob: StorableKey<Uint8Array> = /* @__PURE__ */ bytesCodec("blob", "unbounded");

/** Rust's `[u8; N]`: exactly `size` bytes, which may share a buffer as those of {@link blob} do. */
export function fixedBlob(size: number): StorableKey<Uint8Array> {
  checkSize(size);
  const name = `fixedBlob(${size})`;
  return bytesCodec(name, fixed(size), (bytes) => checkLength(name, bytes, size));
}

/** Rust's `Blob<N>`: at most `maxSize` bytes, which may share a buffer as those of {@link blob} do. */
export function boundedBlob(maxSize: number): StorableKey<Uint8Array> {
  checkSize(maxSize);
  const name = `boundedBlob(${maxSize})`;
  return bytesCodec(name, upTo(maxSize), (bytes) => {
    if (bytes.length > maxSize) throw new DecodeError(name, `${bytes.length} bytes`);
  });
}

function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 0 || size > 0xffff_ffff) {
    throw new RangeError(`a size in bytes is a whole number from 0 to 2^32 - 1, got ${size}`);
  }
}
