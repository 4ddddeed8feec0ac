import {
  CELL_LENGTH_OFFSET,
  CELL_MAGIC,
  CELL_VALUE_OFFSET,
  CELL_VERSION,
  CELL_VERSION_OFFSET,
} from "@stable-structures/core/layout";
import { CorruptedError, UnsupportedVersionError, ValueTooLargeError } from "../errors.js";
import { getU32, setMagic, setU32 } from "../io/bytes.js";
import { StagedMemory } from "../io/staged-memory.js";
import { isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import type { Memory } from "../memory/memory.js";
import { encodeReadable, type Storable } from "../storable/storable.js";
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

const HOLDER = "a StableCell";
/** The length of a value is a u32. */
const MOST_BYTES = 0xffff_ffff;

/** How to open a cell: the codec it is written with. */
export interface CellOptions<T> {
  /** Codec of the value. */
  value: Storable<T>;
}

/** Options of {@link StableCell.init}. */
export interface InitCellOptions<T> extends CellOptions<T> {
  /** The value of a new cell. */
  initial: T;
}

/** Options of {@link StableCell.create}. */
export interface CreateCellOptions<T> extends InitCellOptions<T>, OverwriteOptions {}

/**
 * A single value in stable memory, byte for byte the Rust crate's `Cell` (`StableCell`).
 *
 * A change either happens whole or, when the memory refuses to grow, not at all. The cell holds its memory
 * until {@link close}. It runs in JavaScript over any memory; layout: `docs/format/other-structures.md`.
 */
export class StableCell<T> extends HeldStructure {
  readonly #memory: StagedMemory;
  readonly #codec: Storable<T>;
  /** Bytes of the value. */
  #size: number;

  private constructor(memory: StagedMemory, codec: Storable<T>, size: number, release: () => void) {
    super("StableCell", release);
    this.#memory = memory;
    this.#codec = codec;
    this.#size = size;
  }

  /**
   * Makes a new cell in an empty memory, or in one that holds only zeroes.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), MemoryInUseError (`STABLE_MEMORY_IN_USE`),
   * GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create<T>(memory: Memory, options: CreateCellOptions<T>): StableCell<T> {
    const { value, initial } = checkOptions(options);
    const bytes = encodeValue(value, initial);
    return claimWhile(memory, HOLDER, (release) => {
      prepareToCreate(memory, HOLDER, options);
      return createOnRecord(memory, contentsOf("cell", value), () => {
        const staged = new StagedMemory(memory, HOLDER);
        write(staged, bytes);
        return new StableCell(staged, value, bytes.length, release);
      });
    });
  }

  /**
   * Opens the cell in `memory`. Writes nothing.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no cell, naming what there is.
   * @throws DecodeError (`STABLE_DECODE_FAILED`) when the codec does not read the value.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<T>(memory: Memory, options: CellOptions<T>): StableCell<T> {
    const { value } = checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      expectKind(memory, HOLDER, "cell");
      return loadOnRecord(memory, contentsOf("cell", value), () => {
        const staged = new StagedMemory(memory, HOLDER);
        const cell = new StableCell(staged, value, readSize(staged), release);
        cell.get();
        return cell;
      });
    });
  }

  /**
   * Opens the cell in `memory`, or makes one with the value `initial` where the memory is empty or all zero.
   * @throws what {@link create} and {@link load} throw; unlike Rust, which overwrites what is no cell.
   */
  static init<T>(memory: Memory, options: InitCellOptions<T>): StableCell<T> {
    return isBlank(structureKindOf(memory))
      ? StableCell.create(memory, options)
      : StableCell.load(memory, options);
  }

  /**
   * The value, decoded anew each time: what a caller does to an object it was given is not in the cell.
   */
  get(): T {
    this.checkOpen();
    this.#memory.checkUsable();
    return this.#codec.fromBytes(this.#memory.read(CELL_VALUE_OFFSET, this.#size));
  }

  /**
   * Replaces the value and returns the one before.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`), with
   * nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  set(value: T): T {
    const before = this.get();
    const bytes = encodeValue(this.#codec, value);
    write(this.#memory, bytes);
    this.#size = bytes.length;
    return before;
  }
}

function encodeValue<T>(codec: Storable<T>, value: T): Uint8Array {
  const bytes = encodeReadable(codec, value);
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new ValueTooLargeError(
    bytes.length,
    MOST_BYTES,
    `a cell holds at most ${MOST_BYTES} bytes, got ${bytes.length}`,
  );
}

/** Writes header and value; what a longer value left behind them stays. */
function write(memory: StagedMemory, value: Uint8Array): void {
  const header = new Uint8Array(CELL_VALUE_OFFSET);
  setMagic(header, 0, CELL_MAGIC, CELL_VERSION);
  setU32(header, CELL_LENGTH_OFFSET, value.length);
  memory.write(0, header);
  memory.write(CELL_VALUE_OFFSET, value);
  memory.commit();
}

/** Bytes of the value that the header says. */
function readSize(memory: StagedMemory): number {
  const bytes = memory.read(0, CELL_VALUE_OFFSET);
  const version = bytes[CELL_VERSION_OFFSET] as number;
  if (version !== CELL_VERSION)
    throw new UnsupportedVersionError("the cell", version, [CELL_VERSION]);
  const size = getU32(bytes, CELL_LENGTH_OFFSET);
  if (CELL_VALUE_OFFSET + size > memory.sizeInBytes) {
    throw new CorruptedError(
      CELL_LENGTH_OFFSET,
      `no more bytes than the memory's ${memory.sizeInBytes} can hold`,
    );
  }
  return size;
}

function checkOptions<O extends CellOptions<unknown>>(options: O): O {
  checkCodec("value", options?.value);
  return options;
}
