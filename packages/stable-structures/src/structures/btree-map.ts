import { JsMap } from "../engine/js/js-map.js";
import type { EncodedRange, MapCursor, MapEngine } from "../engine/map-engine.js";
import { knowsOrder } from "../engine/wasm/map-options.js";
import { WasmMap } from "../engine/wasm/wasm-map.js";
import { ForeignBytesError, StaleHandleError } from "../errors.js";
import { describeKind, isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import { type EngineHome, engineHomeOf, type Memory, zero } from "../memory/memory.js";
import { encode, type Storable, type StorableKey } from "../storable/storable.js";
import { EntryIterator, KeyIterator, type MapIterator, ValueIterator } from "./map-iterator.js";
import { decodePosition, type MapPosition } from "./map-position.js";

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
  /**
   * Go on where an iterator was when its {@link MapIterator.cursor} was taken: through what was left of
   * its range, in its direction. Takes no other option beside it. One that is none, or of other keys, is
   * refused (`STABLE_DECODE_FAILED`).
   */
  cursor?: Uint8Array;
}

/** A range of keys: from `gte` or behind `gt`, to `lte` or before `lt`; a missing end is open. */
export interface RangeOptions<K> extends IterationOptions {
  gt?: K;
  gte?: K;
  lt?: K;
  lte?: K;
}

/** Options of {@link StableBTreeMap.deleteRange}. */
export interface DeleteRangeOptions<K> extends Omit<RangeOptions<K>, "reverse" | "cursor"> {
  /** Most entries to remove; all of the range unless given. */
  limit?: number;
}

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
  readonly #engine: MapEngine<K, V>;
  readonly #key: StorableKey<K>;
  readonly #release: () => void;
  #closed = false;

  private constructor(engine: MapEngine<K, V>, key: StorableKey<K>, release: () => void) {
    this.#engine = engine;
    this.#key = key;
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
      const home = homeFor(memory, options);
      const engine = home ? WasmMap.create(home, options) : JsMap.create(memory, options);
      return new StableBTreeMap(engine, options.key, release);
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
      const home = homeFor(memory, options);
      const checked = JsMap.load(memory, options);
      const engine = home ? WasmMap.load(home, options) : checked;
      return new StableBTreeMap(engine, options.key, release);
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

  /** Where the tree is searched and edited: `"wasm"` or `"js"`. */
  get engine(): "js" | "wasm" {
    return this.#open().kind;
  }

  /** True when there are no entries. O(1). */
  isEmpty(): boolean {
    return this.length === 0;
  }

  /** The value of `key`, or undefined. O(log n). */
  get(key: K): V | undefined {
    return this.#open().get(key);
  }

  /** True when `key` has a value. O(log n). */
  containsKey(key: K): boolean {
    return this.#open().has(key);
  }

  /**
   * The values of `keys`, in their order; undefined for a key that has none. O(m log n), and faster than
   * as many calls of {@link get}: in WebAssembly one crossing serves many keys, which are searched for
   * together.
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    return this.#open().getMany(keys);
  }

  /**
   * Sets the value of `key` and returns the one it had, or undefined. O(log n).
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`), GrowFailedError (`STABLE_GROW_FAILED`),
   * DecodeError (`STABLE_DECODE_FAILED`) for the value it had; with nothing changed.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed while it was written.
   */
  insert(key: K, value: V): V | undefined {
    return this.#open().insert(key, value);
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
    const engine = this.#open();
    const before = engine.length;
    engine.insertMany(entries);
    return engine.length - before;
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
    const engine = this.#open();
    if (engine.length > 0) {
      throw new RangeError(
        `bulkLoad needs an empty map and this one has ${engine.length} entries; use insertMany`,
      );
    }
    engine.bulkLoad(entries);
    return engine.length;
  }

  /** Removes `key` and returns its value, or undefined. O(log n). */
  remove(key: K): V | undefined {
    return this.#open().remove(key);
  }

  /**
   * Removes the entries of a range, first to last, up to `limit` of them; returns how many. Leaves the
   * same bytes as removing one by one. Their values are not decoded. O(m log n).
   */
  deleteRange(range: DeleteRangeOptions<K>): number {
    const { limit = Number.MAX_SAFE_INTEGER, ...ends } = range;
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw new RangeError(`limit is a whole number of entries, got ${limit}`);
    return this.#open().removeRange(this.#position(ends).range, limit);
  }

  /** The entry with the smallest key, or undefined. O(log n). */
  firstKeyValue(): [K, V] | undefined {
    return this.#open().first();
  }

  /** The entry with the largest key, or undefined. O(log n). */
  lastKeyValue(): [K, V] | undefined {
    return this.#open().last();
  }

  /** Removes and returns the entry with the smallest key, or undefined. O(log n). */
  popFirst(): [K, V] | undefined {
    return this.#open().popFirst();
  }

  /** Removes and returns the entry with the largest key, or undefined. O(log n). */
  popLast(): [K, V] | undefined {
    return this.#open().popLast();
  }

  /**
   * Removes all entries; Rust's `clear_new`. The memory keeps its pages and most of its bytes. O(1).
   */
  clear(): void {
    this.#open().clear();
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
    return new EntryIterator(...this.#cursor(range, true));
  }

  /** The keys of a range, in order. Reads no values. */
  keysRange(range: RangeOptions<K> = {}): MapIterator<K> {
    return new KeyIterator(...this.#cursor(range, false));
  }

  /** The values of a range of keys, in the order of the keys. */
  valuesRange(range: RangeOptions<K> = {}): MapIterator<V> {
    return new ValueIterator(...this.#cursor(range, true));
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.range();
  }

  /** Gives the memory back; everything else refuses from now on (`STABLE_STALE_HANDLE`). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#engine.close();
    } finally {
      this.#release();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): MapEngine<K, V> {
    if (this.#closed) throw new StaleHandleError("this StableBTreeMap");
    return this.#engine;
  }

  #cursor(options: RangeOptions<K>, values: boolean): [cursor: MapCursor<K, V>, reverse: boolean] {
    const { range, reverse } = this.#position(options);
    return [this.#open().cursor(range, { reverse, values }), reverse];
  }

  /** Where to go, and which way. */
  #position(options: RangeOptions<K>): MapPosition {
    checkRangeOptions(options);
    const { cursor, reverse = false } = options;
    if (cursor !== undefined) return this.#checked(decodePosition(cursor));
    return { range: this.#encodeRange(options), reverse };
  }

  /** A position from outside may have been taken from a map of other keys. */
  #checked(position: MapPosition): MapPosition {
    for (const bound of [position.range.lower, position.range.upper])
      if (bound !== undefined) encode(this.#key, this.#key.fromBytes(bound.key));
    return position;
  }

  #encodeRange({ gt, gte, lt, lte }: RangeOptions<K>): EncodedRange {
    const bound = (key: K | undefined, inclusive: boolean) =>
      // A copy: the caller may change the bytes while the iterator runs.
      key === undefined ? undefined : { key: new Uint8Array(encode(this.#key, key)), inclusive };
    return {
      lower: bound(gte, true) ?? bound(gt, false),
      upper: bound(lte, true) ?? bound(lt, false),
    };
  }
}

/** Where an engine can run the tree of a map; undefined where only JavaScript can. */
function homeFor<K>(
  memory: Memory,
  { key }: { readonly key: StorableKey<K> },
): EngineHome | undefined {
  return knowsOrder(key) ? engineHomeOf(memory) : undefined;
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

const RANGE_OPTIONS = ["gt", "gte", "lt", "lte", "reverse", "cursor"];

/** A misspelt bound would otherwise widen a range to all entries. */
function checkRangeOptions(range: RangeOptions<unknown>): void {
  if (typeof range !== "object" || range === null) {
    throw new TypeError("a range is an object such as { gte: first, lt: end }");
  }
  for (const name of Object.keys(range)) {
    if (!RANGE_OPTIONS.includes(name)) {
      throw new TypeError(`a range has ${RANGE_OPTIONS.join(", ")}, not ${name}`);
    }
  }
  const { gt, gte, lt, lte, cursor } = range;
  if (gt !== undefined && gte !== undefined) throw new TypeError("a range has gt or gte, not both");
  if (lt !== undefined && lte !== undefined) throw new TypeError("a range has lt or lte, not both");
  if (cursor === undefined) return;
  if (!(cursor instanceof Uint8Array))
    throw new TypeError("a cursor is the bytes of an iterator's");
  if (Object.keys(range).length > 1)
    throw new TypeError("a cursor takes no other option beside it");
}
