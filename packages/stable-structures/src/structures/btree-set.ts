import type { Memory } from "../memory/memory.js";
import { unit } from "../storable/simple.js";
import type { StorableKey } from "../storable/storable.js";
import { KeyIterator, type MapIterator } from "./map-iterator.js";
import { OpenMap } from "./open-map.js";
import type { OverwriteOptions } from "./opening.js";
import type { DeleteRangeOptions, IterationOptions, RangeOptions } from "./range-options.js";
import { MergeIterator, type Wanted } from "./set-algebra.js";

const NAME = "StableBTreeSet";

/** How to open a set: the codec it is written with. */
export interface BTreeSetOptions<K> {
  /** Codec of the keys; its `compare` is the order of the set. */
  key: StorableKey<K>;
}

/** Options of {@link StableBTreeSet.create}. */
export interface CreateBTreeSetOptions<K> extends BTreeSetOptions<K>, OverwriteOptions {}

/**
 * A sorted set in stable memory, byte for byte the Rust crate's `BTreeSet` (`StableBTreeSet`): a
 * `StableBTreeMap` whose values are `unit`. Each opens what the other wrote.
 *
 * What holds for a map holds here: where the bytes are, what an operation costs, which engine runs it,
 * and that a change happens whole or, when the memory refuses to grow, not at all. The set holds its
 * memory until {@link close}.
 */
export class StableBTreeSet<K> {
  readonly #map: OpenMap<K, null>;

  private constructor(map: OpenMap<K, null>) {
    this.#map = map;
  }

  /**
   * Makes a new set in an empty memory, or in one that holds only zeroes.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create<K>(memory: Memory, options: CreateBTreeSetOptions<K>): StableBTreeSet<K> {
    return new StableBTreeSet(OpenMap.create(NAME, memory, { ...options, value: unit }));
  }

  /**
   * Opens the set in `memory`. Writes nothing.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is none, naming what there is.
   * @throws BoundMismatchError (`STABLE_BOUND_MISMATCH`) when the codec cannot be that of the set, or when
   * it is a map with values.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<K>(memory: Memory, options: BTreeSetOptions<K>): StableBTreeSet<K> {
    return new StableBTreeSet(OpenMap.load(NAME, memory, { ...options, value: unit }));
  }

  /**
   * Opens the set in `memory`, or makes one where the memory is empty or all zero.
   * @throws what {@link create} and {@link load} throw; unlike Rust, which overwrites what is no set.
   */
  static init<K>(memory: Memory, options: BTreeSetOptions<K>): StableBTreeSet<K> {
    return new StableBTreeSet(OpenMap.init(NAME, memory, { ...options, value: unit }));
  }

  /** Number of keys. O(1). */
  get length(): number {
    return this.#map.engine.length;
  }

  /** Where the tree is searched and edited: `"wasm"` or `"js"`. */
  get engine(): "js" | "wasm" {
    return this.#map.engine.kind;
  }

  /** True when there are no keys. O(1). */
  isEmpty(): boolean {
    return this.length === 0;
  }

  /** True when `key` is in the set. O(log n). */
  contains(key: K): boolean {
    return this.#map.engine.has(key);
  }

  /**
   * Inserts `key`; true when it was not there. O(log n).
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`), with
   * nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  insert(key: K): boolean {
    return this.#map.engine.insert(key, null) === undefined;
  }

  /**
   * Inserts keys one after the other, and leaves the same bytes as that; returns how many are new.
   * O(m log n), in WebAssembly one crossing for many.
   *
   * When one is refused, or `keys` throws, those before it stay inserted.
   * @throws what {@link insert} throws.
   */
  insertMany(keys: Iterable<K>): number {
    return this.#map.insertMany(withUnit(keys));
  }

  /**
   * Fills an empty set with keys that ascend; returns how many there are. O(m).
   *
   * Nodes are packed: they hold 10 keys, or as many as their bound lets fit into a node page. This is the
   * one operation whose image is not that of inserting one by one. Rust opens it like any other.
   * @throws RangeError when the set is not empty.
   * @throws NotAscendingError (`STABLE_NOT_ASCENDING`) when a key does not come behind the one before it;
   * after that, and after any other failure, the set is empty.
   */
  bulkLoad(keys: Iterable<K>): number {
    return this.#map.bulkLoad(withUnit(keys));
  }

  /** Removes `key`; true when it was there. O(log n). */
  remove(key: K): boolean {
    return this.#map.engine.remove(key) !== undefined;
  }

  /**
   * Removes the keys of a range, first to last, up to `limit` of them; returns how many. Leaves the same
   * bytes as removing one by one. O(m log n).
   */
  deleteRange(range: DeleteRangeOptions<K>): number {
    return this.#map.deleteRange(range);
  }

  /** The smallest key, or undefined. O(log n). */
  first(): K | undefined {
    return this.#map.engine.first()?.[0];
  }

  /** The largest key, or undefined. O(log n). */
  last(): K | undefined {
    return this.#map.engine.last()?.[0];
  }

  /** Removes and returns the smallest key, or undefined. O(log n). */
  popFirst(): K | undefined {
    return this.#map.engine.popFirst()?.[0];
  }

  /** Removes and returns the largest key, or undefined. O(log n). */
  popLast(): K | undefined {
    return this.#map.engine.popLast()?.[0];
  }

  /** Removes all keys. The memory keeps its pages and most of its bytes. O(1). */
  clear(): void {
    this.#map.engine.clear();
  }

  /** All keys, in order. Lazy; may be used while the set changes, and then goes on behind the last key. */
  keys(options?: IterationOptions): MapIterator<K> {
    return this.range(options);
  }

  /** The keys of a range, in order. A range whose start is above its end is empty. */
  range(range: RangeOptions<K> = {}): MapIterator<K> {
    return new KeyIterator(...this.#map.cursor(range, false));
  }

  [Symbol.iterator](): MapIterator<K> {
    return this.range();
  }

  /**
   * The keys that are in this set or in `other`, in order, each once. O(n + m).
   *
   * This and the next three are lazy. They may be used while either set changes, and then go on behind the
   * last key they gave.
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  union(other: StableBTreeSet<K>): IterableIterator<K> {
    return this.#merge(other, { left: true, both: true, right: true });
  }

  /**
   * The keys that are in this set and in `other`, in order. At most O(n + m); parts of one set in which the
   * other has no key are jumped over, so that a small set costs O(log n) for each of its keys.
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  intersection(other: StableBTreeSet<K>): IterableIterator<K> {
    return this.#merge(other, { left: false, both: true, right: false });
  }

  /**
   * The keys that are in this set and not in `other`, in order. At most O(n + m); parts of `other` in which
   * this set has no key are jumped over. Not in the crate.
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  difference(other: StableBTreeSet<K>): IterableIterator<K> {
    return this.#merge(other, { left: true, both: false, right: false });
  }

  /**
   * The keys that are in one of this set and `other`, and not in both, in order. O(n + m).
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  symmetricDifference(other: StableBTreeSet<K>): IterableIterator<K> {
    return this.#merge(other, { left: true, both: false, right: true });
  }

  /**
   * True when every key is in `other`, too. Ends at the first that is not.
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  isSubset(other: StableBTreeSet<K>): boolean {
    this.#checkOther(other);
    return this.length <= other.length && isOver(this.difference(other));
  }

  /**
   * True when every key of `other` is in this set, too. Ends at the first that is not.
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  isSuperset(other: StableBTreeSet<K>): boolean {
    this.#checkOther(other);
    return other.isSubset(this);
  }

  /**
   * True when no key is in both sets. Ends at the first that is.
   * @throws TypeError unless `other` is a StableBTreeSet with the same codec object.
   */
  isDisjoint(other: StableBTreeSet<K>): boolean {
    return isOver(this.intersection(other));
  }

  /** Gives the memory back; everything else refuses from now on (`STABLE_STALE_HANDLE`). */
  close(): void {
    this.#map.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #merge(other: StableBTreeSet<K>, wanted: Wanted): IterableIterator<K> {
    this.#checkOther(other);
    return new MergeIterator(this.#map, other.#map, wanted);
  }

  #checkOther(other: unknown): asserts other is StableBTreeSet<K> {
    if (!(other instanceof StableBTreeSet)) {
      throw new TypeError(
        "the other set must be a StableBTreeSet; keys from elsewhere can go into one over a VectorMemory first",
      );
    }
    if (other.#map.key !== this.#map.key) {
      throw new TypeError(
        `the sets were opened with two codecs, ${this.#map.key.name} and ${other.#map.key.name}; ` +
          "keep one in a constant and open both sets with it",
      );
    }
  }
}

/** Keys as the entries of a map without values. */
function* withUnit<K>(keys: Iterable<K>): Generator<readonly [K, null]> {
  for (const key of keys) yield [key, null];
}

/** True when an iterator has nothing to give; ends it. */
function isOver(iterator: Iterator<unknown>): boolean {
  const { done } = iterator.next();
  iterator.return?.();
  return done === true;
}
