import type { Memory } from "../memory/memory.js";
import type { Storable, StorableKey } from "../storable/storable.js";
import { EntryIterator, KeyIterator, type MapIterator, ValueIterator } from "./map-iterator.js";
import { OpenMap } from "./open-map.js";
import type { OverwriteOptions } from "./opening.js";
import type { DeleteRangeOptions, IterationOptions, RangeOptions } from "./range-options.js";

const NAME = "StableBTreeMap";

/** How to open a map: the codecs it is written with. */
export interface BTreeMapOptions<K, V> {
  /** Codec of the keys; its `compare` is the order of the map. */
  key: StorableKey<K>;
  /** Codec of the values. */
  value: Storable<V>;
  /**
   * 1: lay out a new map, and all new nodes, as crates before 0.6 did. Only for reproducing old
   * images; a map of version 1 opens without it, and its new nodes are then of version 2.
   */
  layoutVersion?: 1 | 2;
  /**
   * Bytes of a node page, from 128 to 2^32 - 1: what a new map gets instead of the crate's choice, 1024
   * for unbounded codecs. Small entries take less room in smaller pages; `statisticsOf` of
   * `stable-structures/check` says how much. Rust opens such a map like any other. An existing map must
   * have this size.
   */
  nodePageSize?: number;
}

/** Options of {@link StableBTreeMap.create}. */
export interface CreateBTreeMapOptions<K, V> extends BTreeMapOptions<K, V>, OverwriteOptions {}

/**
 * A sorted map in stable memory, byte for byte the Rust crate's `BTreeMap` (`StableBTreeMap`).
 *
 * Encoded keys and values live in the memory, nothing on the heap. Lookups, insertions and removals
 * read and write O(log n) nodes. A change either happens whole or, when the memory refuses to grow,
 * not at all. The map holds its memory until {@link close}.
 *
 * In a `WasmMemory`, and in the memories of a manager on one, the tree is searched and edited in
 * WebAssembly. Everywhere else, and for keys whose order only their codec knows (one that is neither
 * `byteOrdered` nor has an `encodedOrder`), it runs in JavaScript; {@link engine} says which.
 */
export class StableBTreeMap<K, V> {
  readonly #map: OpenMap<K, V>;

  private constructor(map: OpenMap<K, V>) {
    this.#map = map;
  }

  /**
   * Makes a new map in an empty memory, or in one that holds only zeroes.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), GrowFailedError (`STABLE_GROW_FAILED`)
   * @throws RangeError when `nodePageSize` is below 128 or above 2^32 - 1, or beside `layoutVersion: 1`.
   */
  static create<K, V>(memory: Memory, options: CreateBTreeMapOptions<K, V>): StableBTreeMap<K, V> {
    return new StableBTreeMap(OpenMap.create(NAME, memory, options));
  }

  /**
   * Opens the map in `memory`. Writes nothing.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no map, naming what there is.
   * @throws BoundMismatchError (`STABLE_BOUND_MISMATCH`) when the codecs cannot be those of the map.
   * @throws NodePageSizeMismatchError (`STABLE_NODE_PAGE_SIZE_MISMATCH`) when `nodePageSize` is not the map's.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<K, V>(memory: Memory, options: BTreeMapOptions<K, V>): StableBTreeMap<K, V> {
    return new StableBTreeMap(OpenMap.load(NAME, memory, options));
  }

  /**
   * Opens the map in `memory`, or makes one where the memory is empty or all zero.
   * @throws what {@link create} and {@link load} throw; unlike Rust, which overwrites what is no map.
   */
  static init<K, V>(memory: Memory, options: BTreeMapOptions<K, V>): StableBTreeMap<K, V> {
    return new StableBTreeMap(OpenMap.init(NAME, memory, options));
  }

  /** Number of entries. O(1). */
  get length(): number {
    return this.#map.engine.length;
  }

  /** Where the tree is searched and edited: `"wasm"` or `"js"`. */
  get engine(): "js" | "wasm" {
    return this.#map.engine.kind;
  }

  /** True when there are no entries. O(1). */
  isEmpty(): boolean {
    return this.length === 0;
  }

  /** The value of `key`, or undefined. O(log n). */
  get(key: K): V | undefined {
    return this.#map.engine.get(key);
  }

  /** True when `key` has a value. O(log n). */
  containsKey(key: K): boolean {
    return this.#map.engine.has(key);
  }

  /**
   * The values of `keys`, in their order; undefined for a key that has none. O(m log n). In WebAssembly one
   * crossing serves many keys, which are searched for together: that is faster than as many calls of
   * {@link get} where a map is much larger than the processor's caches.
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    return this.#map.engine.getMany(keys);
  }

  /**
   * Sets the value of `key` and returns the one it had, or undefined. O(log n).
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`),
   * DecodeError (`STABLE_DECODE_FAILED`) for the value it had; with nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  insert(key: K, value: V): V | undefined {
    return this.#map.engine.insert(key, value);
  }

  /**
   * Inserts entries one after the other, and leaves the same bytes as that; returns how many keys are
   * new. Values that are replaced are not decoded. O(m log n), in WebAssembly one crossing for many.
   *
   * When one is refused, or `entries` throws, those before it stay inserted. `entries` may read and change
   * the map, and finds inserted what it gave before; each such use costs a crossing of its own.
   * @throws what {@link insert} throws.
   */
  insertMany(entries: Iterable<readonly [K, V]>): number {
    return this.#map.insertMany(entries);
  }

  /**
   * Fills an empty map with entries whose keys ascend; returns how many there are. O(m).
   *
   * Nodes are packed: they hold 10 entries, or as many as their bounds let fit into a node page. This is
   * the one operation whose image is not that of inserting one by one. Rust opens it like any other.
   * @throws RangeError when the map is not empty.
   * @throws NotAscendingError (`STABLE_NOT_ASCENDING`) when an entry does not come behind the one before
   * it; after that, and after any other failure, the map is empty.
   */
  bulkLoad(entries: Iterable<readonly [K, V]>): number {
    return this.#map.bulkLoad(entries);
  }

  /** Removes `key` and returns its value, or undefined. O(log n). */
  remove(key: K): V | undefined {
    return this.#map.engine.remove(key);
  }

  /**
   * Removes the entries of a range, first to last, up to `limit` of them; returns how many. Leaves the
   * same bytes as removing one by one. Their values are not decoded. O(m log n).
   */
  deleteRange(range: DeleteRangeOptions<K>): number {
    return this.#map.deleteRange(range);
  }

  /** The entry with the smallest key, or undefined. O(log n). */
  firstKeyValue(): [K, V] | undefined {
    return this.#map.engine.first();
  }

  /** The entry with the largest key, or undefined. O(log n). */
  lastKeyValue(): [K, V] | undefined {
    return this.#map.engine.last();
  }

  /** Removes and returns the entry with the smallest key, or undefined. O(log n). */
  popFirst(): [K, V] | undefined {
    return this.#map.engine.popFirst();
  }

  /** Removes and returns the entry with the largest key, or undefined. O(log n). */
  popLast(): [K, V] | undefined {
    return this.#map.engine.popLast();
  }

  /**
   * Removes all entries; Rust's `clear_new`. The memory keeps its pages and most of its bytes. O(1).
   */
  clear(): void {
    this.#map.engine.clear();
  }

  /** All entries, by key. Lazy; may be used while the map changes, and then goes on behind the last key. */
  entries(options?: IterationOptions): MapIterator<[K, V]> {
    return this.range(options);
  }

  /** All keys, in order. Reads no values. */
  keys(options?: IterationOptions): MapIterator<K> {
    return this.keysRange(options);
  }

  /** All values, in the order of their keys. */
  values(options?: IterationOptions): MapIterator<V> {
    return this.valuesRange(options);
  }

  /** The entries of a range of keys, in order. A range whose start is above its end is empty. */
  range(range: RangeOptions<K> = {}): MapIterator<[K, V]> {
    return new EntryIterator(...this.#map.cursor(range, true));
  }

  /** The keys of a range, in order. Reads no values. */
  keysRange(range: RangeOptions<K> = {}): MapIterator<K> {
    return new KeyIterator(...this.#map.cursor(range, false));
  }

  /** The values of a range of keys, in the order of the keys. */
  valuesRange(range: RangeOptions<K> = {}): MapIterator<V> {
    return new ValueIterator(...this.#map.cursor(range, true));
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.range();
  }

  /** Gives the memory back; everything else refuses from now on (`STABLE_STALE_HANDLE`). */
  close(): void {
    this.#map.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
