import {
  LOG_DATA_MAGIC,
  LOG_DATA_START,
  LOG_ENDS_START,
  LOG_INDEX_MAGIC,
  LOG_LENGTH_OFFSET,
  LOG_VERSION,
  LOG_VERSION_OFFSET,
} from "@stable-structures/core/layout";
import { CorruptedError, UnsupportedVersionError } from "../errors.js";
import { getU64, setMagic, setU64 } from "../io/bytes.js";
import { StagedMemory } from "../io/staged-memory.js";
import { isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import type { Memory } from "../memory/memory.js";
import { encodeReadable, type Storable } from "../storable/storable.js";
import { checkIndex, ElementIterator, type ValuesOptions } from "./element-iterator.js";
import { HeldStructure } from "./held-structure.js";
import {
  checkCodec,
  contentsOf,
  createOnRecord,
  expectKind,
  loadOnRecord,
  type OverwriteOptions,
  prepareToCreate,
} from "./opening.js";

const HOLDER = "a StableLog";
const INDEX = "the index of a StableLog";
const DATA = "the entries of a StableLog";
const END_SIZE = 8;

/** How to open a log: the codec it is written with. */
export interface LogOptions<T> {
  /** Codec of the entries. */
  value: Storable<T>;
}

/** Options of {@link StableLog.create}. */
export interface CreateLogOptions<T> extends LogOptions<T>, OverwriteOptions {}

/** How many entries there are, and where the last one ends. */
interface Extent {
  readonly length: number;
  /** Bytes of all entries. */
  readonly size: number;
}

/**
 * A list of entries of any size that only grows, byte for byte the Rust crate's `Log` (`StableLog`).
 *
 * It takes two memories: an index, which says where each entry ends, and the entries, back to back. An
 * append either happens whole or, when one of them refuses to grow, not at all. The log holds both
 * memories until {@link close}. It runs in JavaScript over any memory; layout:
 * `docs/format/other-structures.md`.
 */
export class StableLog<T> extends HeldStructure implements Iterable<T> {
  readonly #index: StagedMemory;
  readonly #data: StagedMemory;
  readonly #codec: Storable<T>;
  #length: number;
  #size: number;

  private constructor(
    memories: LogMemories,
    codec: Storable<T>,
    { length, size }: Extent,
    release: () => void,
  ) {
    super("StableLog", release);
    this.#index = memories.index;
    this.#data = memories.data;
    this.#codec = codec;
    this.#length = length;
    this.#size = size;
  }

  /**
   * Makes a new log in two memories that are empty or hold only zeroes.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), also when both are one memory.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create<T>(index: Memory, data: Memory, options: CreateLogOptions<T>): StableLog<T> {
    const { value } = checkOptions(options);
    return claimBoth(index, data, (memories, release) => {
      prepareToCreate(index, INDEX, options);
      prepareToCreate(data, DATA, options);
      createOnRecord(index, contentsOf("log-index", value), () =>
        createOnRecord(data, contentsOf("log-data", value), () => writeHeaders(memories)),
      );
      return new StableLog(memories, value, { length: 0, size: 0 }, release);
    });
  }

  /**
   * Opens the log in two memories. Writes nothing. O(1): an entry is checked when it is read.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when one of them is not what it should be, naming
   * what it is.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<T>(index: Memory, data: Memory, options: LogOptions<T>): StableLog<T> {
    const { value } = checkOptions(options);
    return claimBoth(index, data, (memories, release) => {
      expectKind(index, INDEX, "log-index");
      expectKind(data, DATA, "log-data");
      const extent = loadOnRecord(index, contentsOf("log-index", value), () =>
        loadOnRecord(data, contentsOf("log-data", value), () => readHeaders(memories)),
      );
      return new StableLog(memories, value, extent, release);
    });
  }

  /**
   * Opens the log in two memories, or makes one where both are empty or all zero.
   * @throws what {@link create} and {@link load} throw; unlike Rust, which starts a new log when the
   * entries are not there, whatever the index holds.
   */
  static init<T>(index: Memory, data: Memory, options: LogOptions<T>): StableLog<T> {
    return isBlank(structureKindOf(index)) && isBlank(structureKindOf(data))
      ? StableLog.create(index, data, options)
      : StableLog.load(index, data, options);
  }

  /** Number of entries. O(1). */
  get length(): number {
    this.#checkUsable();
    return this.#length;
  }

  /** True when there are no entries. O(1). */
  isEmpty(): boolean {
    return this.length === 0;
  }

  /** Bytes of the index memory that are in use. O(1). */
  indexSizeBytes(): number {
    return endAddress(this.length);
  }

  /** Bytes of the data memory that are in use. O(1). */
  dataSizeBytes(): number {
    return LOG_DATA_START + this.logSizeBytes();
  }

  /** Bytes of all entries. O(1). */
  logSizeBytes(): number {
    this.#checkUsable();
    return this.#size;
  }

  /** The first entry, or undefined. */
  first(): T | undefined {
    return this.get(0);
  }

  /** The last entry, or undefined. */
  last(): T | undefined {
    return this.isEmpty() ? undefined : this.get(this.#length - 1);
  }

  /**
   * The entry at `index`, or undefined behind the last one.
   * @throws RangeError when `index` is none of 0, 1, 2, ...
   * @throws CorruptedError (`STABLE_CORRUPTED`) when the index memory contradicts itself there.
   */
  get(index: number): T | undefined {
    const bytes = this.readEntry(index);
    return bytes && this.#codec.fromBytes(bytes);
  }

  /** A copy of the encoded bytes of the entry at `index`; otherwise like {@link get}. */
  readEntry(index: number): Uint8Array | undefined {
    checkIndex("index", index);
    return index < this.length ? this.#read(index) : undefined;
  }

  /**
   * Adds an entry behind the last one and returns its index.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`), with
   * nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when a memory failed while it was written.
   */
  append(value: T): number {
    const { length } = this;
    const bytes = encodeReadable(this.#codec, value);
    const size = this.#size + bytes.length;
    this.#data.write(LOG_DATA_START + this.#size, bytes);
    this.#index.write(endAddress(length), u64Bytes(size));
    this.#index.write(LOG_LENGTH_OFFSET, u64Bytes(length + 1));
    StagedMemory.commitAll(this.#data, this.#index);
    this.#length = length + 1;
    this.#size = size;
    return length;
  }

  /** Removes all entries. The memories keep their pages and their bytes. O(1). */
  clear(): void {
    this.#checkUsable();
    this.#index.write(LOG_LENGTH_OFFSET, u64Bytes(0));
    this.#index.commit();
    this.#length = 0;
    this.#size = 0;
  }

  /** The entries, or a part of them, in either direction. Lazy; may be used while the log grows. */
  values(options?: ValuesOptions): ElementIterator<T> {
    const read = (index: number) => this.#codec.fromBytes(this.#read(index));
    return new ElementIterator({ length: () => this.length, read }, options);
  }

  [Symbol.iterator](): ElementIterator<T> {
    return this.values();
  }

  /** The bytes of the entry at an index below the length. */
  #read(index: number): Uint8Array {
    const start = index === 0 ? 0 : readU64(this.#index, endAddress(index - 1));
    const end = readU64(this.#index, endAddress(index));
    if (!(start <= end && end <= this.#size)) {
      throw new CorruptedError(
        endAddress(index),
        `the end of entry ${index}, from ${start} to the ${this.#size} bytes of all entries`,
      );
    }
    return this.#data.read(LOG_DATA_START + start, end - start);
  }

  #checkUsable(): void {
    this.checkOpen();
    this.#index.checkUsable();
    this.#data.checkUsable();
  }
}

interface LogMemories {
  readonly index: StagedMemory;
  readonly data: StagedMemory;
}

function claimBoth<T>(
  index: Memory,
  data: Memory,
  open: (memories: LogMemories, release: () => void) => T,
): T {
  return claimWhile(index, HOLDER, (releaseIndex) =>
    claimWhile(data, HOLDER, (releaseData) =>
      open({ index: new StagedMemory(index, HOLDER), data: new StagedMemory(data, HOLDER) }, () => {
        releaseData();
        releaseIndex();
      }),
    ),
  );
}

/** Address, in the index memory, of the end of entry `index`; of the first free byte for the length. */
function endAddress(index: number): number {
  return LOG_ENDS_START + index * END_SIZE;
}

/** Both headers, and then the number of entries, in the crate's order. */
function writeHeaders({ index, data }: LogMemories): void {
  index.write(0, headerBytes(LOG_INDEX_MAGIC));
  data.write(0, headerBytes(LOG_DATA_MAGIC));
  StagedMemory.commitAll(index, data);
  index.write(LOG_LENGTH_OFFSET, u64Bytes(0));
  index.commit();
}

function headerBytes(magic: number): Uint8Array {
  const bytes = new Uint8Array(LOG_VERSION_OFFSET + 1);
  setMagic(bytes, 0, magic, LOG_VERSION);
  return bytes;
}

/** Checks what both headers say, against each other and against the sizes of the memories. */
function readHeaders({ index, data }: LogMemories): Extent {
  checkVersion(index, "the log's index");
  checkVersion(data, "the log's entries");
  const length = readU64(index, LOG_LENGTH_OFFSET);
  if (!(endAddress(length) <= index.sizeInBytes)) {
    throw new CorruptedError(
      LOG_LENGTH_OFFSET,
      `no more entries than the index memory's ${index.sizeInBytes} bytes can hold`,
    );
  }
  const size = length === 0 ? 0 : readU64(index, endAddress(length - 1));
  if (!(LOG_DATA_START + size <= data.sizeInBytes)) {
    throw new CorruptedError(
      endAddress(length - 1),
      `the end of the last entry, within the data memory's ${data.sizeInBytes} bytes`,
    );
  }
  return { length, size };
}

function checkVersion(memory: StagedMemory, name: string): void {
  const version = memory.read(LOG_VERSION_OFFSET, 1)[0] as number;
  if (version !== LOG_VERSION) throw new UnsupportedVersionError(name, version, [LOG_VERSION]);
}

function readU64(memory: StagedMemory, address: number): number {
  return getU64(memory.read(address, 8), 0);
}

function u64Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  setU64(bytes, 0, value);
  return bytes;
}

function checkOptions<T>(options: LogOptions<T>): LogOptions<T> {
  checkCodec("value", options?.value);
  return options;
}
