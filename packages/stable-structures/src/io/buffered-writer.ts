import type { ByteWriter, Seekable, SeekOrigin } from "./streams.js";

/** 8 KiB, as in Rust. */
const DEFAULT_CAPACITY = 8192;

/**
 * Gathers small writes and passes them on when its buffer is full, on `flush`, on `seek` and on
 * `close`; as Rust's `BufWriter`, on which the crate's and ic-cdk's buffered writers are built.
 *
 * What is still in the buffer is not in the memory: end with `flush`, which tells when the memory
 * refuses. Rust's destructor, and `Symbol.dispose` here, flush as well but swallow that error.
 */
export class BufferedWriter<W extends ByteWriter = ByteWriter> implements ByteWriter {
  /** The writer behind the buffer. */
  readonly inner: W;
  readonly #buffer: Uint8Array;
  #filled = 0;

  /** `capacity` in bytes; 0 passes every write on at once. */
  constructor(inner: W, capacity = DEFAULT_CAPACITY) {
    this.inner = inner;
    this.#buffer = new Uint8Array(capacity);
  }

  /** Bytes that wait in the buffer. */
  get buffered(): number {
    return this.#filled;
  }

  /**
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) when the bytes that waited could not be written;
   * they go on waiting, and `source` was not taken.
   */
  write(source: Uint8Array): number {
    const capacity = this.#buffer.length;
    if (source.length > capacity - this.#filled) this.#drain();
    if (source.length >= capacity) return this.inner.write(source);
    this.#buffer.set(source, this.#filled);
    this.#filled += source.length;
    return source.length;
  }

  /** Writes what waits. @throws GrowFailedError (`STABLE_GROW_FAILED`); the bytes go on waiting. */
  flush(): void {
    this.#drain();
    this.inner.flush();
  }

  /** Writes what waits and moves the writer behind. Only over a writer that can seek. */
  seek(this: BufferedWriter<W & Seekable>, offset: number, origin?: SeekOrigin): number {
    this.#drain();
    return this.inner.seek(offset, origin);
  }

  [Symbol.dispose](): void {
    try {
      this.#drain();
    } catch {
      // COMPAT: a destructor in Rust has nobody to tell.
    }
  }

  #drain(): void {
    if (this.#filled === 0) return;
    this.inner.write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
