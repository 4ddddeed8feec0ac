import { type ByteArea, type DirectCodec, directOf } from "../../storable/direct.js";
import {
  checkBound,
  encode,
  isFixedSize,
  maxSizeOf,
  type Storable,
} from "../../storable/storable.js";

/** A codec as an engine uses it: straight on bytes that are there, where it can. */
export class Item<T> {
  readonly #codec: Storable<T>;
  readonly #direct: DirectCodec<T> | undefined;
  readonly #maxSize: number;
  /** Size of every encoded value; undefined when it varies. */
  readonly fixedSize: number | undefined;
  /** Values are views of the bytes, where those are final. */
  readonly givesViews: boolean;
  /** The value of `size` bytes at `offset` of `area`. */
  readonly read: (area: ByteArea, offset: number, size: number) => T;

  constructor(codec: Storable<T>) {
    this.#codec = codec;
    this.#direct = directOf(codec);
    this.givesViews = this.#direct?.givesViews ?? false;
    this.read =
      this.#direct?.read ??
      // A copy: a codec may be anybody's code, and use the engine, which then moves these bytes.
      (({ bytes }, offset, size) => codec.fromBytes(bytes.slice(offset, offset + size)));
    this.#maxSize = maxSizeOf(codec) ?? Infinity;
    this.fixedSize = isFixedSize(codec) ? this.#maxSize : undefined;
  }

  /**
   * The encoded value, unless the codec writes it directly. A codec that does not may be anybody's code,
   * and use the engine itself: call this before anything is written for an engine.
   */
  encoded(value: T): Uint8Array | undefined {
    return this.#direct === undefined ? encode(this.#codec, value) : undefined;
  }

  /** The encoded value, in any case. */
  encode(value: T): Uint8Array {
    return encode(this.#codec, value);
  }

  /**
   * Writes `value`, or what {@link encoded} made of it, at `offset` of `area`. Returns its size, -1 when
   * it does not fit before `end`.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), and what the codec throws.
   */
  write(
    value: T,
    encoded: Uint8Array | undefined,
    area: ByteArea,
    offset: number,
    end: number,
  ): number {
    if (encoded !== undefined) {
      if (encoded.length > end - offset) return -1;
      area.bytes.set(encoded, offset);
      return encoded.length;
    }
    const size = (this.#direct as DirectCodec<T>).write(value, area, offset, end);
    const { fixedSize } = this;
    if (fixedSize === undefined ? size > this.#maxSize : size !== fixedSize && size >= 0)
      checkBound(this.#codec, size);
    return size;
  }

  /** The value of bytes in an array of their own. */
  decode(bytes: Uint8Array): T {
    return this.#codec.fromBytes(bytes);
  }
}
