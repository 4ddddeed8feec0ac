import { isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import type { Memory } from "../memory/memory.js";
import {
  compareEncoded,
  encode,
  type StorableKey,
  type StorablePartialOrd,
} from "../storable/storable.js";
import { ElementIterator, type ValuesOptions } from "./element-iterator.js";
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

const HOLDER = "a StableMinHeap";

/** A codec that knows an order, if only a partial one. */
type Ordered<T> = StorableKey<T> | StorablePartialOrd<T>;

/** How to open a heap: the codec it is written with. */
export interface MinHeapOptions<T> {
  /**
   * Codec of the elements; its order is that of the heap. It has a bound, which the image records and
   * which can never change.
   */
  value: StorableKey<T> | StorablePartialOrd<T>;
}

/** Options of {@link StableMinHeap.create}. */
export interface CreateMinHeapOptions<T> extends MinHeapOptions<T>, OverwriteOptions {}

/**
 * A binary heap in stable memory, smallest element first, byte for byte the Rust crate's `MinHeap`
 * (`StableMinHeap`).
 *
 * Elements lie in slots, as those of a `StableVec` do. A change either happens whole or, when the memory
 * refuses to grow, not at all. The heap holds its memory until {@link close}. It runs in JavaScript over
 * any memory; layout: `docs/format/other-structures.md`.
 */
export class StableMinHeap<T> extends HeldStructure implements Iterable<T> {
  readonly #slots: Slots;
  readonly #codec: Ordered<T>;
  readonly #isLess: (a: Uint8Array, b: Uint8Array) => boolean;

  private constructor(slots: Slots, codec: Ordered<T>, release: () => void) {
    super("StableMinHeap", release);
    this.#slots = slots;
    this.#codec = codec;
    this.#isLess = lessOf(codec);
  }

  /**
   * Makes a new heap in an empty memory, or in one that holds only zeroes.
   * @throws TypeError when the codec has no bound or no order.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create<T>(memory: Memory, options: CreateMinHeapOptions<T>): StableMinHeap<T> {
    const { value } = checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      prepareToCreate(memory, HOLDER, options);
      return createOnRecord(
        memory,
        contentsOf("min-heap", value),
        () => new StableMinHeap(Slots.create(memory, "min-heap", value), value, release),
      );
    });
  }

  /**
   * Opens the heap in `memory`. Writes nothing. O(1): that the elements are in heap order is not checked.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no heap, naming what there is.
   * @throws BoundMismatchError (`STABLE_BOUND_MISMATCH`) when the codec's bound is not the heap's.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<T>(memory: Memory, options: MinHeapOptions<T>): StableMinHeap<T> {
    const { value } = checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      expectKind(memory, HOLDER, "min-heap");
      return loadOnRecord(
        memory,
        contentsOf("min-heap", value),
        () => new StableMinHeap(Slots.load(memory, "min-heap", value), value, release),
      );
    });
  }

  /**
   * Opens the heap in `memory`, or makes one where the memory is empty or all zero.
   * @throws what {@link create} and {@link load} throw.
   */
  static init<T>(memory: Memory, options: MinHeapOptions<T>): StableMinHeap<T> {
    return isBlank(structureKindOf(memory))
      ? StableMinHeap.create(memory, options)
      : StableMinHeap.load(memory, options);
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

  /** The smallest element, or undefined. O(1). */
  peek(): T | undefined {
    return this.length === 0 ? undefined : this.#read(0);
  }

  /**
   * Adds an element. O(log n).
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`), with
   * nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  push(value: T): void {
    const { length } = this;
    const element = encode(this.#codec, value);
    const moved = this.#bubbleUp(length, element);
    this.#slots.put(length, element);
    this.#slots.resize(length + 1);
    this.#place(length, moved, element);
    this.#slots.commit();
  }

  /**
   * Removes and returns the smallest element, or undefined. O(log n).
   * @throws DecodeError (`STABLE_DECODE_FAILED`) with nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  pop(): T | undefined {
    const { length } = this;
    if (length === 0) return undefined;
    const smallest = this.#read(0);
    const left = length - 1;
    if (left > 0) {
      const last = this.#slots.read(left);
      const moved = this.#bubbleDown(left, last);
      this.#slots.resize(left);
      this.#slots.put(0, last);
      this.#place(0, moved, last);
    } else {
      this.#slots.resize(0);
    }
    this.#slots.commit();
    return smallest;
  }

  /** Removes all elements. The memory keeps its pages and their bytes. O(1). */
  clear(): void {
    this.checkOpen();
    this.#slots.resize(0);
    this.#slots.commit();
  }

  /** The elements in the order of their slots, of which only the first is sure to be the smallest. */
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

  /** The elements that `element`, coming from the slot at `index`, passes on its way up. */
  #bubbleUp(index: number, element: Uint8Array): Move[] {
    const moved: Move[] = [];
    for (let i = index; i > 0; ) {
      i = Math.floor((i - 1) / 2);
      const parent = this.#slots.read(i);
      if (!this.#isLess(element, parent)) break;
      moved.push({ from: i, element: parent });
    }
    return moved;
  }

  /** The elements that `element` passes on its way down from the top of the first `length` slots. */
  #bubbleDown(length: number, element: Uint8Array): Move[] {
    const moved: Move[] = [];
    for (let i = 0; 2 * i + 1 < length; ) {
      const child = this.#smallerChild(i, length);
      if (!this.#isLess(child.element, element)) break;
      moved.push(child);
      i = child.from;
    }
    return moved;
  }

  #smallerChild(index: number, length: number): Move {
    const left = { from: 2 * index + 1, element: this.#slots.read(2 * index + 1) };
    if (left.from + 1 === length) return left;
    const right = { from: left.from + 1, element: this.#slots.read(left.from + 1) };
    // COMPAT: of two that are equal it is the right one.
    return this.#isLess(left.element, right.element) ? left : right;
  }

  /** Stages the moves from `start` on, each into the slot of the one before, and `element` behind them. */
  #place(start: number, moved: readonly Move[], element: Uint8Array): void {
    let free = start;
    for (const { from, element: passed } of moved) {
      this.#slots.put(free, passed);
      free = from;
    }
    if (moved.length > 0) this.#slots.put(free, element);
  }
}

/** An element on its way into another slot. */
interface Move {
  readonly from: number;
  readonly element: Uint8Array;
}

/** Whether one encoded element is less than another, as Rust's `partial_cmp` says. */
function lessOf<T>(codec: Ordered<T>): (a: Uint8Array, b: Uint8Array) => boolean {
  if ("compare" in codec) {
    const compare = compareEncoded(codec);
    return (a, b) => compare(a, b) < 0;
  }
  return (a, b) => codec.partialCompare(codec.fromBytes(a), codec.fromBytes(b)) < 0;
}

function checkOptions<T>(options: MinHeapOptions<T>): MinHeapOptions<T> {
  const codec: Partial<StorableKey<T> & StorablePartialOrd<T>> | undefined = options?.value;
  checkCodec("value", codec);
  if (typeof codec?.compare !== "function" && typeof codec?.partialCompare !== "function")
    throw new TypeError(`options.value cannot be ${codec?.name}: it has no order`);
  return options;
}
