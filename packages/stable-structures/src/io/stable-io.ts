import { growOrThrow, type Memory } from "../memory/memory.js";
import { PAGE_SIZE, pagesFor } from "../units.js";
import { BufferedReader } from "./buffered-reader.js";
import { BufferedWriter } from "./buffered-writer.js";
import {
  type ByteReader,
  type ByteWriter,
  positionFrom,
  type Seekable,
  type SeekOrigin,
} from "./streams.js";

/**
 * Reads and writes raw stable memory, as ic-cdk's `StableIO`.
 *
 * COMPAT: it asks for the memory's size once, when it is made, and from then on counts only its own
 * growths. Bytes that others add later cannot be read, and a later growth is too large by as much.
 */
export class StableIO implements ByteReader, ByteWriter, Seekable {
  readonly #memory: Memory;
  #offset: number;
  #capacityInPages: number;

  constructor(memory: Memory, offset = 0) {
    this.#memory = memory;
    this.#offset = offset;
    this.#capacityInPages = memory.size();
  }

  /** Position of the next read or write, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Grows the memory by `pages` pages; its previous size.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`)
   */
  grow(pages: number): number {
    const previous = growOrThrow(this.#memory, pages);
    this.#capacityInPages = previous + pages;
    return previous;
  }

  /** @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written and the offset as it was. */
  write(source: Uint8Array): number {
    const missing = pagesFor(this.#offset + source.length) - this.#capacityInPages;
    if (missing > 0) this.grow(missing);
    this.#memory.write(this.#offset, source);
    this.#offset += source.length;
    return source.length;
  }

  read(target: Uint8Array): number {
    const available = Math.max(0, this.#capacityInPages * PAGE_SIZE - this.#offset);
    const length = Math.min(target.length, available);
    if (length > 0) this.#memory.read(this.#offset, target.subarray(0, length));
    this.#offset += length;
    return length;
  }

  seek(offset: number, origin: SeekOrigin = "start"): number {
    const bases = { start: 0, current: this.#offset, end: this.#capacityInPages * PAGE_SIZE };
    this.#offset = positionFrom(bases[origin], offset);
    return this.#offset;
  }

  flush(): void {}
}

/** Writes raw stable memory from offset 0 on; ic-cdk's `StableWriter`. */
export class StableWriter implements ByteWriter, Seekable {
  readonly #io: StableIO;

  constructor(memory: Memory, offset = 0) {
    this.#io = new StableIO(memory, offset);
  }

  /** Where the next write goes, in bytes. */
  get offset(): number {
    return this.#io.offset;
  }

  /** @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written and the offset as it was. */
  write(source: Uint8Array): number {
    return this.#io.write(source);
  }

  flush(): void {}

  /**
   * Grows the memory by `pages` pages; its previous size.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`)
   */
  grow(pages: number): number {
    return this.#io.grow(pages);
  }

  seek(offset: number, origin?: SeekOrigin): number {
    return this.#io.seek(offset, origin);
  }
}

/** Reads raw stable memory from offset 0 on, to the end it had at first; ic-cdk's `StableReader`. */
export class StableReader implements ByteReader, Seekable {
  readonly #io: StableIO;

  constructor(memory: Memory, offset = 0) {
    this.#io = new StableIO(memory, offset);
  }

  /** Where the next read starts, in bytes. */
  get offset(): number {
    return this.#io.offset;
  }

  read(target: Uint8Array): number {
    return this.#io.read(target);
  }

  seek(offset: number, origin?: SeekOrigin): number {
    return this.#io.seek(offset, origin);
  }
}

/** ic-cdk's `BufferedStableWriter`: see {@link BufferedWriter}. */
export class BufferedStableWriter extends BufferedWriter<StableWriter> {
  /** `capacity` of the buffer in bytes. */
  constructor(memory: Memory, capacity: number, offset = 0) {
    super(new StableWriter(memory, offset), capacity);
  }

  /** Where the next write to the memory goes; what is buffered is not counted. */
  get offset(): number {
    return this.inner.offset;
  }
}

/** ic-cdk's `BufferedStableReader`: see {@link BufferedReader}. */
export class BufferedStableReader extends BufferedReader<StableReader> {
  /** `capacity` of the buffer in bytes. */
  constructor(memory: Memory, capacity: number, offset = 0) {
    super(new StableReader(memory, offset), capacity);
  }

  /** Where the next read of the memory starts; what was read ahead is counted. */
  get offset(): number {
    return this.inner.offset;
  }
}
