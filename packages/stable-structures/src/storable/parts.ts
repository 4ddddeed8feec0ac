import { DecodeError } from "../errors.js";
import { joinBytes } from "../io/bytes.js";
import { checkBound, hasOneSize, maxSizeOf, type Storable, upTo } from "./storable.js";

// COMPAT: lengths inside keys and values are big-endian, those of nodes little-endian.

/** Bytes in which the crate writes a length of at most `maxSize`. */
export function widthOf(maxSize: number): 1 | 2 | 4 {
  if (maxSize <= 0xff) return 1;
  return maxSize <= 0xffff ? 2 : 4;
}

/** Writes a length in `width` bytes. */
export function writeLength(
  target: Uint8Array,
  offset: number,
  width: number,
  length: number,
): void {
  let rest = length;
  for (let i = offset + width - 1; i >= offset; i--, rest >>>= 8) target[i] = rest;
}

/** A length in bytes of its own. */
export function lengthField(width: number, length: number): Uint8Array {
  const field = new Uint8Array(width);
  writeLength(field, 0, width, length);
  return field;
}

/** The length in `width` bytes at `offset`. */
export function readLength(bytes: Uint8Array, offset: number, width: number): number {
  return bytes.subarray(offset, offset + width).reduce((length, byte) => length * 256 + byte, 0);
}

/** How a member of something larger is written and read. */
export interface Part<T> {
  /** Most bytes it takes, `Infinity` without a bound. */
  readonly maxSize: number;
  /** True when it always takes so many. */
  readonly oneSize: boolean;
  /** @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), and what the codec throws. */
  write(value: T): Uint8Array;
  /** @throws DecodeError (`STABLE_DECODE_FAILED`), and what the codec throws. */
  read(reader: PartReader): T;
}

/** The bytes of `codec`, behind their length unless all its values have the same. */
export function sizedPart<T>(codec: Storable<T>): Part<T> {
  const oneSize = hasOneSize(codec);
  const most = maxSizeOf(codec) ?? Infinity;
  const width = oneSize ? 0 : widthOf(most);
  return {
    maxSize: width + most,
    oneSize,
    write(value) {
      const bytes = encodePart(codec, value);
      return width === 0 ? bytes : joinBytes([lengthField(width, bytes.length), bytes]);
    },
    read(reader) {
      const length = width === 0 ? most : reader.takeLength(width);
      if (length > most) reader.fail(`a ${codec.name} of ${length} bytes`);
      return codec.fromBytes(reader.take(length));
    },
  };
}

const MAX_LENGTH = 0xffff_ffff;

/**
 * Encodes a member and holds it to its bound, where the `None` of an option may be as short as it is.
 * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), and what the codec throws.
 */
export function encodePart<T>(codec: Storable<T>, value: T): Uint8Array {
  const bytes = codec.toBytes(value);
  const bound = hasOneSize(codec) ? codec.bound : upTo(maxSizeOf(codec) ?? MAX_LENGTH);
  checkBound({ name: codec.name, bound }, bytes.length);
  return bytes;
}

/** Takes the bytes of a stored value apart, front to back. */
export class PartReader {
  readonly #name: string;
  readonly #bytes: Uint8Array;
  #offset = 0;

  /** Of the bytes of a codec called `name`. */
  constructor(name: string, bytes: Uint8Array) {
    this.#name = name;
    this.#bytes = bytes;
  }

  /** Number of bytes taken. */
  get offset(): number {
    return this.#offset;
  }

  /** The bytes that are left; takes none of them. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#offset);
  }

  /** The next `length` bytes. @throws DecodeError (`STABLE_DECODE_FAILED`) when there are fewer. */
  take(length: number): Uint8Array {
    const { rest } = this;
    if (length > rest.length) this.fail(`${length} bytes wanted and ${rest.length} left`);
    this.#offset += length;
    return rest.subarray(0, length);
  }

  /** The length in the next `width` bytes. */
  takeLength(width: number): number {
    return readLength(this.take(width), 0, width);
  }

  /** @throws DecodeError (`STABLE_DECODE_FAILED`) when bytes are left. */
  end(): void {
    const { length } = this.rest;
    if (length > 0) this.fail(`${length} bytes too many`);
  }

  /** @throws DecodeError (`STABLE_DECODE_FAILED`) */
  fail(reason: string): never {
    throw new DecodeError(this.#name, reason);
  }
}
