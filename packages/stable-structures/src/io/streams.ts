import { OutOfBoundsError } from "../errors.js";

/** Takes bytes in order: what a serializer writes to. */
export interface ByteWriter {
  /** Writes all of `source`, here or into a buffer, and returns its length. */
  write(source: Uint8Array): number;
  /** Passes on what is still buffered. */
  flush(): void;
}

/** Gives bytes in order: what a deserializer reads from. */
export interface ByteReader {
  /** Fills `target` as far as there are bytes; how many it wrote, 0 at the end. */
  read(target: Uint8Array): number;
}

/** Where {@link Seekable.seek} counts from. */
export type SeekOrigin = "start" | "current" | "end";

/** A stream whose position can be moved. */
export interface Seekable {
  /**
   * Moves to `offset` bytes from `origin`, also past the end, and returns the new position.
   * @throws RangeError when that lies before the start.
   */
  seek(offset: number, origin?: SeekOrigin): number;
}

/**
 * Fills all of `target`.
 * @throws OutOfBoundsError (`STABLE_OUT_OF_BOUNDS`) when the stream ends before; what was read is gone.
 */
export function readExact(reader: ByteReader, target: Uint8Array): void {
  for (let done = 0; done < target.length; ) {
    const count = reader.read(target.subarray(done));
    if (count === 0) throw new OutOfBoundsError(done, target.length - done, done);
    done += count;
  }
}

/** The position `offset` bytes behind `base`. @throws RangeError before the start. */
export function positionFrom(base: number, offset: number): number {
  const position = base + offset;
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw new RangeError(`cannot move to position ${position}`);
}
