import type { ByteReader, Seekable, SeekOrigin } from "./streams.js";

/** 8 KiB, as in Rust. */
const DEFAULT_CAPACITY = 8192;

/**
 * Reads ahead into a buffer; as Rust's `BufReader`, on which the crate's and ic-cdk's buffered readers
 * are built. Bytes that change in the memory after they were read ahead are not seen.
 */
export class BufferedReader<R extends ByteReader = ByteReader> implements ByteReader {
  /** The reader behind the buffer. */
  readonly inner: R;
  readonly #buffer: Uint8Array;
  #start = 0;
  #end = 0;

  /** `capacity` in bytes; 0 passes every read on. */
  constructor(inner: R, capacity = DEFAULT_CAPACITY) {
    this.inner = inner;
    this.#buffer = new Uint8Array(capacity);
  }

  /** Gives what is buffered, or else reads once: fewer bytes than asked for do not mean the end. */
  read(target: Uint8Array): number {
    if (this.#start === this.#end) {
      if (target.length >= this.#buffer.length) return this.inner.read(target);
      this.#start = 0;
      this.#end = 0; // so that nothing is read again should the next line throw
      this.#end = this.inner.read(this.#buffer);
    }
    const length = Math.min(target.length, this.#end - this.#start);
    target.set(this.#buffer.subarray(this.#start, this.#start + length));
    this.#start += length;
    return length;
  }

  /** Forgets what is buffered and moves the reader behind. Only over a reader that can seek. */
  seek(this: BufferedReader<R & Seekable>, offset: number, origin: SeekOrigin = "start"): number {
    // The reader behind stands where the buffer ends.
    const ahead = origin === "current" ? this.#end - this.#start : 0;
    const position = this.inner.seek(offset - ahead, origin);
    this.#start = 0;
    this.#end = 0;
    return position;
  }
}
