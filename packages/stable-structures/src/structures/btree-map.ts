import { BTree } from "../engine/js/btree.js";
import type { EncodedEntry, EncodedRange, MapCursor, MapEngine } from "../engine/map-engine.js";
import { ForeignBytesError, StaleHandleError } from "../errors.js";
import { describeKind, isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import { type Memory, zero } from "../memory/memory.js";
import { encode, type Storable, type StorableKey } from "../storable/storable.js";
import { MapIterator } from "./map-iterator.js";

const HOLDER = "a StableBTreeMap";

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
}

/** Options of {@link StableBTreeMap.create}. */
export interface CreateBTreeMapOptions<K, V> extends BTreeMapOptions<K, V> {
  /** Create even where the memory holds something, which is lost. Other bytes stay, as in Rust. */
  overwrite?: boolean;
  /** With `overwrite`: also write zeroes over the whole memory first. */
  zero?: boolean;
}

/** Options of the iterators. */
export interface IterationOptions {
  /** From the last entry to the first. */
  reverse?: boolean;
}

/** A range of keys: from `gte` or behind `gt`, to `lte` or before `lt`; a missing end is open. */
export interface RangeOptions<K> extends IterationOptions {
  gt?: K;
  gte?: K;
  lt?: K;
  lte?: K;
}

/**
 * A sorted map in stable memory, byte for byte the Rust crate's `BTreeMap` (`StableBTreeMap`).
 *
 * Encoded keys and values live in the memory, nothing on the heap. Lookups, insertions and removals
 * read and write O(log n) nodes. A change either happens whole or, when the memory refuses to grow,
 * not at all. The map holds its memory until {@link close}.
 */
export class StableBTreeMap<K, V> {
  readonly #engine: MapEngine;
  readonly #key: StorableKey<K>;
  readonly #value: Storable<V>;
  readonly #release: () => void;
  readonly #toValue = (bytes: Uint8Array): V => this.#value.fromBytes(bytes);
  readonly #toEntry = ({ key, value }: EncodedEntry): [K, V] => [
    this.#key.fromBytes(key),
    this.#value.fromBytes(value),
  ];
  #closed = false;

  private constructor(
    engine: MapEngine,
    { key, value }: BTreeMapOptions<K, V>,
    release: () => void,
  ) {
    this.#engine = engine;
    this.#key = key;
    this.#value = value;
    this.#release = release;
  }

  /**
   * Makes a new map in an empty memory, or in one that holds only zeroes.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create<K, V>(memory: Memory, options: CreateBTreeMapOptions<K, V>): StableBTreeMap<K, V> {
    checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      const kind = structureKindOf(memory);
      if (!isBlank(kind) && !options.overwrite)
        throw new ForeignBytesError("create", HOLDER, describeKind(kind));
      if (options.overwrite && options.zero) zero(memory);
      return new StableBTreeMap(BTree.create(memory, options), options, release);
    });
  }

  /**
   * Opens the map in `memory`. Writes nothing.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no map, naming what there is.
   * @throws BoundMismatchError (`STABLE_BOUND_MISMATCH`) when the codecs cannot be those of the map.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load<K, V>(memory: Memory, options: BTreeMapOptions<K, V>): StableBTreeMap<K, V> {
    checkOptions(options);
    return claimWhile(memory, HOLDER, (release) => {
      const kind = structureKindOf(memory);
      if (kind !== "btree-map") throw new ForeignBytesError("open", HOLDER, describeKind(kind));
      return new StableBTreeMap(BTree.load(memory, options), options, release);
    });
  }

  /**
   * Opens the map in `memory`, or makes one where the memory is empty or all zero.
   * @throws what {@link create} and {@link load} throw; unlike Rust, which overwrites what is no map.
   */
  static init<K, V>(memory: Memory, options: BTreeMapOptions<K, V>): StableBTreeMap<K, V> {
    return isBlank(structureKindOf(memory))
      ? StableBTreeMap.create(memory, options)
      : StableBTreeMap.load(memory, options);
  }

  /** Number of entries. O(1). */
  get length(): number {
    return this.#open().length;
  }

  /** True when there are no entries. O(1). */
  isEmpty(): boolean {
    return this.length === 0;
  }

  /** The value of `key`, or undefined. O(log n). */
  get(key: K): V | undefined {
    const value = this.#open().get(encode(this.#key, key));
    return value && this.#toValue(value);
  }

  /** True when `key` has a value. O(log n). */
  containsKey(key: K): boolean {
    return this.#open().has(encode(this.#key, key));
  }

  /**
   * Sets the value of `key` and returns the one it had, or undefined. O(log n).
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`),
   * DecodeError (`STABLE_DECODE_FAILED`) for the value it had; with nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  insert(key: K, value: V): V | undefined {
    const engine = this.#open();
    return engine.insert(encode(this.#key, key), encode(this.#value, value), this.#toValue);
  }

  /** Removes `key` and returns its value, or undefined. O(log n). */
  remove(key: K): V | undefined {
    return this.#open().remove(encode(this.#key, key), this.#toValue);
  }

  /** The entry with the smallest key, or undefined. O(log n). */
  firstKeyValue(): [K, V] | undefined {
    const entry = this.#open().first();
    return entry && this.#toEntry(entry);
  }

  /** The entry with the largest key, or undefined. O(log n). */
  lastKeyValue(): [K, V] | undefined {
    const entry = this.#open().last();
    return entry && this.#toEntry(entry);
  }

  /** Removes and returns the entry with the smallest key, or undefined. O(log n). */
  popFirst(): [K, V] | undefined {
    return this.#open().popFirst(this.#toEntry);
  }

  /** Removes and returns the entry with the largest key, or undefined. O(log n). */
  popLast(): [K, V] | undefined {
    return this.#open().popLast(this.#toEntry);
  }

  /**
   * Removes all entries; Rust's `clear_new`. The memory keeps its pages and most of its bytes. O(1).
   */
  clear(): void {
    this.#open().clear();
  }

  /** All entries, by key. Lazy; may be used while the map changes, and then goes on behind the last key. */
  entries(options?: IterationOptions): IterableIterator<[K, V]> {
    return this.range(options);
  }

  /** All keys, in order. Reads no values. */
  keys(options?: IterationOptions): IterableIterator<K> {
    return this.keysRange(options);
  }

  /** All values, in the order of their keys. */
  values(options?: IterationOptions): IterableIterator<V> {
    return this.valuesRange(options);
  }

  /** The entries of a range of keys, in order. A range whose start is above its end is empty. */
  range(range?: RangeOptions<K>): IterableIterator<[K, V]> {
    return this.#iterate(range, (cursor) => [
      this.#key.fromBytes(cursor.key),
      this.#value.fromBytes(cursor.value),
    ]);
  }

  /** The keys of a range, in order. Reads no values. */
  keysRange(range?: RangeOptions<K>): IterableIterator<K> {
    return this.#iterate(range, (cursor) => this.#key.fromBytes(cursor.key));
  }

  /** The values of a range of keys, in the order of the keys. */
  valuesRange(range?: RangeOptions<K>): IterableIterator<V> {
    return this.#iterate(range, (cursor) => this.#value.fromBytes(cursor.value));
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.range();
  }

  /** Gives the memory back; everything else refuses from now on (`STABLE_STALE_HANDLE`). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): MapEngine {
    if (this.#closed) throw new StaleHandleError("this StableBTreeMap");
    return this.#engine;
  }

  #iterate<T>(range: RangeOptions<K> = {}, decode: (cursor: MapCursor) => T): IterableIterator<T> {
    const cursor = this.#open().cursor(this.#encodeRange(range), range.reverse ?? false);
    return new MapIterator(cursor, decode, () => this.#open());
  }

  #encodeRange(range: RangeOptions<K>): EncodedRange {
    checkRangeOptions(range);
    const { gt, gte, lt, lte } = range;
    if (gt !== undefined && gte !== undefined)
      throw new TypeError("a range has gt or gte, not both");
    if (lt !== undefined && lte !== undefined)
      throw new TypeError("a range has lt or lte, not both");
    const bound = (key: K | undefined, inclusive: boolean) =>
      // A copy: the caller may change the bytes while the iterator runs.
      key === undefined ? undefined : { key: new Uint8Array(encode(this.#key, key)), inclusive };
    return {
      lower: bound(gte, true) ?? bound(gt, false),
      upper: bound(lte, true) ?? bound(lt, false),
    };
  }
}

/** Programs in plain JavaScript get told here what TypeScript tells the others. */
function checkOptions<K, V>(options: Partial<BTreeMapOptions<K, V>> | undefined): void {
  const { key, value, layoutVersion = 2 } = options ?? {};
  for (const [name, codec] of Object.entries({ key, value })) {
    if (typeof codec?.fromBytes !== "function" || typeof codec.toBytes !== "function") {
      throw new TypeError(`options.${name} must be a codec, such as u64 or text`);
    }
  }
  if (typeof key?.compare !== "function") {
    throw new TypeError(`options.key cannot be ${key?.name}: it has no order`);
  }
  if (layoutVersion !== 1 && layoutVersion !== 2) {
    throw new RangeError(`layoutVersion is 1 or 2, got ${String(layoutVersion)}`);
  }
}

const RANGE_OPTIONS = ["gt", "gte", "lt", "lte", "reverse"];

/** A misspelt bound would otherwise widen a range to all entries. */
function checkRangeOptions(range: unknown): void {
  if (typeof range !== "object" || range === null) {
    throw new TypeError("a range is an object such as { gte: first, lt: end }");
  }
  for (const name of Object.keys(range)) {
    if (!RANGE_OPTIONS.includes(name)) {
      throw new TypeError(`a range has ${RANGE_OPTIONS.join(", ")}, not ${name}`);
    }
  }
}
