import { isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import type { Memory } from "../memory/memory.js";
import { encode, type Storable } from "../storable/storable.js";
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
import { Slots } from "./slots.js";

const HOLDER = "a StableVec";

/** How to open a vector: the codec it is written with. */
export interface VecOptions<T> {
  /** Codec of the elements. It has a bound, which the image records and which can never change. */
  value: Storable<T>;
}

/** Options of {@link StableVec.create}. */
export interface CreateVecOptions<T> extends VecOptions<T>, OverwriteOptions {}

/**
 * A growable array in stable memory, byte for byte the Rust crate's `Vec` (`StableVec`).
 *
 * Each element has a slot as large as the largest, so every access is O(1). A change either happens whole
 * or, when the memory refuses to grow, not at all. The vector holds its memory until {@link close}. It
 * runs in JavaScript over any memory; layout: `docs/format/other-structures.md`.
 */
export class StableVec<T> extends HeldStructure implements Iterable<T> {
  readonly #slots: Slots;
  readonly #codec: Storable<T>;

  private constructor(slots: Slots, codec: Storable<T>, release: () => void) {
    super("StableVec", release);
    this.#slots = slots;
    this.#codec = codec;
  }

  /**
   * Makes a new vector in an empty memory, or in one that holds only zeroes.
   * @throws TypeError when the codec has no bound.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create<T>(memory: Memory, options: CreateVecOptions<T>): StableVec<T> {
    const { value } = checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      prepareToCreate(memory, HOLDER, options);
      return createOnRecord(
        memory,
        contentsOf("vec", value),
        () => new StableVec(Slots.create(memory, "vec", value), value, release),
      );
    });
  }

  /**
   * Opens the vector in `memory`. Writes nothing. O(1).
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no vector, naming what there is.
   * @throws BoundMismatchError (`STABLE_BOUND_MISMATCH`) when the codec's bound is not the vector's.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<T>(memory: Memory, options: VecOptions<T>): StableVec<T> {
    const { value } = checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      expectKind(memory, HOLDER, "vec");
      return loadOnRecord(
        memory,
        contentsOf("vec", value),
        () => new StableVec(Slots.load(memory, "vec", value), value, release),
      );
    });
  }

  /**
   * Opens the vector in `memory`, or makes one where the memory is empty or all zero.
   * @throws what {@link create} and {@link load} throw.
   */
  static init<T>(memory: Memory, options: VecOptions<T>): StableVec<T> {
    return isBlank(structureKindOf(memory))
      ? StableVec.create(memory, options)
      : StableVec.load(memory, options);
  }

  /** Number of elements. O(1). */
  get length(): number {
    this.checkOpen();
    return this.#slots.length;
  }

  /** True when there are no elements. O(1). */
  isEmpty(): boolean {
    return this.length === 0;
  }

  /**
   * The element at `index`, or undefined behind the last one. O(1).
   * @throws RangeError when `index` is none of 0, 1, 2, ...
   */
  get(index: number): T | undefined {
    checkIndex("index", index);
    return index < this.length ? this.#read(index) : undefined;
  }

  /**
   * Replaces the element at `index`. O(1).
   * @throws RangeError when there is no element at `index`; `push` adds one.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`): the
   * last element grows the memory when it needs more than before; with nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  set(index: number, value: T): void {
    checkIndex("index", index);
    const { length } = this;
    if (index >= length)
      throw new RangeError(`there is no element ${index} in a vector of ${length}; push adds one`);
    this.#slots.put(index, encode(this.#codec, value));
    this.#slots.commit();
  }

  /**
   * Adds an element behind the last one. O(1).
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`), with
   * nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  push(value: T): void {
    const { length } = this;
    this.#slots.put(length, encode(this.#codec, value));
    this.#slots.resize(length + 1);
    this.#slots.commit();
  }

  /**
   * Removes and returns the last element, or undefined. Its bytes stay in the memory. O(1).
   * @throws DecodeError (`STABLE_DECODE_FAILED`) with nothing changed.
   */
  pop(): T | undefined {
    const { length } = this;
    if (length === 0) return undefined;
    const value = this.#read(length - 1);
    this.#slots.resize(length - 1);
    this.#slots.commit();
    return value;
  }

  /** Removes all elements. The memory keeps its pages and their bytes. O(1). */
  clear(): void {
    this.checkOpen();
    this.#slots.resize(0);
    this.#slots.commit();
  }

  /** The elements, or a part of them, in either direction. Lazy; may be used while the vector changes. */
  values(options?: ValuesOptions): ElementIterator<T> {
    return new ElementIterator(
      { length: () => this.length, read: (index) => this.#read(index) },
      options,
    );
  }

  [Symbol.iterator](): ElementIterator<T> {
    return this.values();
  }

  #read(index: number): T {
    return this.#codec.fromBytes(this.#slots.read(index));
  }
}

function checkOptions<T>(options: VecOptions<T>): VecOptions<T> {
  checkCodec("value", options?.value);
  return options;
}
