import {
  E_ASK,
  E_LARGE,
  MAP_VERSION_1,
  MAP_VERSION_2,
  NODE_PAGE_SIZE_MARKER,
  NODE_VERSION_1,
  NODE_VERSION_2,
  OUTPUT,
  RESULT_COUNT,
  RESULT_KEY_POINTER,
  RESULT_KEY_SIZE,
  RESULT_VALUE_POINTER,
  RESULT_VALUE_SIZE,
  SCRATCH,
  SCRATCH_SIZE,
} from "@stable-structures/core/layout";
import type { EngineHome } from "../../memory/memory.js";
import type {
  CursorOptions,
  EncodedRange,
  MapCodecs,
  MapCursor,
  MapEngine,
} from "../map-engine.js";
import { type MapOptions, shapeFor } from "../map-shape.js";
import { Item } from "./item.js";
import { isStatus, MapCalls } from "./map-calls.js";
import { writeMapOptions } from "./map-options.js";
import { WasmBatches } from "./wasm-batches.js";
import { flagsOf, WasmCursor } from "./wasm-cursor.js";

const SCRATCH_END = SCRATCH + SCRATCH_SIZE;
/** Entries that one call removes, so that none takes long. */
const REMOVAL_BATCH = 4096;
const NO_KEY = /* @__PURE__ */ new Uint8Array(0);

/**
 * A map whose tree is searched and edited in WebAssembly, in place in the engine's linear memory: one
 * crossing for an operation, or for a batch of entries. Keys and values are encoded straight into the
 * engine's scratch region, and decoded from where they lie.
 */
export class WasmMap<K, V> implements MapEngine<K, V> {
  readonly kind = "wasm";
  readonly #calls: MapCalls;
  readonly #keys: Item<K>;
  readonly #values: Item<V>;
  readonly #batches: WasmBatches<K, V>;
  #placedSize = 0;

  private constructor(calls: MapCalls, { key, value }: MapCodecs<K, V>) {
    this.#calls = calls;
    this.#keys = new Item(key);
    this.#values = new Item(value);
    this.#batches = new WasmBatches(calls, this.#keys, this.#values, {
      get: (key) => this.get(key),
      getEncoded: (key) => this.#getAt(calls.place(key), key.length),
      insert: (key, value) => calls.check(this.#insert(key, value, true)),
      clear: () => this.clear(),
    });
  }

  /**
   * Writes an empty map over the start of the memory. Other bytes stay as they are.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written.
   */
  static create<K, V>(home: EngineHome, options: MapOptions<K, V>): WasmMap<K, V> {
    const calls = new MapCalls(home);
    const shape = shapeFor(options);
    writeMapOptions(calls.core.view, options, nodeVersionOf(options));
    calls.check(
      shape.version === 1
        ? calls.core.mapCreate(calls.home, MAP_VERSION_1, shape.maxKeySize, shape.maxValueSize)
        : calls.core.mapCreate(
            calls.home,
            MAP_VERSION_2,
            shape.nodePageSize,
            NODE_PAGE_SIZE_MARKER,
          ),
    );
    return new WasmMap(calls, options);
  }

  /**
   * Opens the map in a memory. Writes nothing. Whether these are the codecs of the map is not checked
   * here: the JavaScript engine can say what is wrong, where a status can only say that something is.
   */
  static load<K, V>(home: EngineHome, options: MapOptions<K, V>): WasmMap<K, V> {
    const calls = new MapCalls(home);
    writeMapOptions(calls.core.view, options, nodeVersionOf(options));
    calls.check(calls.exports.mapOpen(calls.home));
    return new WasmMap(calls, options);
  }

  get length(): number {
    this.#calls.begin();
    return this.#calls.check(this.#calls.exports.mapLength(this.#calls.home));
  }

  get changes(): number {
    this.#calls.begin();
    return this.#calls.changes;
  }

  get(key: K): V | undefined {
    this.#calls.begin();
    return this.#getAt(this.#place(key), this.#placedSize);
  }

  has(key: K): boolean {
    const calls = this.#calls;
    calls.begin();
    const at = this.#place(key);
    return calls.check(calls.exports.mapHas(calls.home, at, this.#placedSize)) === 1;
  }

  insert(key: K, value: V): V | undefined {
    const result = this.#insert(key, value, false);
    if (result === 0) return undefined;
    if (result !== E_ASK) return this.#valueAt(this.#calls.check(result));
    // The value that is replaced is decoded first, so that one which does not decode stays.
    const old = this.get(key);
    this.#calls.check(this.#insert(key, value, true));
    return old;
  }

  remove(key: K): V | undefined {
    const result = this.#remove(key, false);
    if (result === 0) return undefined;
    if (result !== E_ASK) return this.#valueAt(this.#calls.check(result));
    const old = this.get(key);
    this.#calls.check(this.#remove(key, true));
    return old;
  }

  first(): [K, V] | undefined {
    return this.#end(false);
  }

  last(): [K, V] | undefined {
    return this.#end(true);
  }

  popFirst(): [K, V] | undefined {
    return this.#pop(false);
  }

  popLast(): [K, V] | undefined {
    return this.#pop(true);
  }

  clear(): void {
    const calls = this.#calls.changing();
    calls.check(calls.exports.mapClear(calls.home));
  }

  cursor(range: EncodedRange, options: CursorOptions): MapCursor<K, V> {
    return new WasmCursor(this.#calls, this.#keys, this.#values, range, options);
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    return this.#batches.getMany(keys);
  }

  insertMany(entries: Iterable<readonly [K, V]>): void {
    this.#batches.insertMany(entries);
  }

  bulkLoad(entries: Iterable<readonly [K, V]>): void {
    this.#batches.bulkLoad(entries);
  }

  removeRange({ lower, upper }: EncodedRange, limit: number): number {
    let removed = 0;
    for (let hasMore = true; hasMore && removed < limit; ) {
      const calls = this.#calls.changing();
      const start = lower?.key ?? NO_KEY;
      const end = upper?.key ?? NO_KEY;
      const at = calls.place(start, end);
      const most = Math.min(REMOVAL_BATCH, limit - removed);
      const result = calls.core.mapRemoveRange(
        calls.home,
        flagsOf(lower, upper),
        at,
        start.length,
        at + start.length,
        end.length,
        most,
      );
      if (result === E_LARGE) {
        this.#removeLarge(calls.pieces(true));
        removed++;
        continue;
      }
      hasMore = calls.check(result) > 0;
      removed += calls.result(RESULT_COUNT);
    }
    return removed;
  }

  close(): void {
    this.#calls.close();
  }

  /** Puts a key where the engine reads it: a pointer to it; `#placedSize` has its size. */
  #place(key: K): number {
    const encoded = this.#keys.encoded(key);
    this.#placedSize = this.#keys.write(key, encoded, this.#calls.core, SCRATCH, SCRATCH_END);
    if (this.#placedSize >= 0) return SCRATCH;
    const bytes = encoded ?? this.#keys.encode(key);
    this.#placedSize = bytes.length;
    return this.#calls.place(bytes);
  }

  #getAt(key: number, size: number): V | undefined {
    const { exports, home } = this.#calls;
    const result = exports.mapGet(home, key, size);
    if (result === 0) return undefined;
    return isStatus(result) ? this.#getLarge(result) : this.#valueAt(result);
  }

  #valueAt(pointer: number): V {
    const { core } = this.#calls;
    const { fixedSize } = this.#values;
    const size = fixedSize ?? this.#calls.result(RESULT_VALUE_SIZE);
    return this.#values.read(core, pointer >>> 0, size);
  }

  /** A value that must be read in pieces, unless the status says something else. */
  #getLarge(status: number): V {
    if (status !== E_LARGE) throw this.#calls.failure(status);
    return this.#values.decode(this.#calls.pieces(false));
  }

  #insert(key: K, value: V, force: boolean): number {
    const calls = this.#calls.changing();
    const { core, home } = calls;
    const encodedKey = this.#keys.encoded(key);
    const encodedValue = this.#values.encoded(value);
    const keySize = this.#keys.write(key, encodedKey, core, SCRATCH, SCRATCH_END);
    const at = SCRATCH + keySize;
    const size = keySize < 0 ? -1 : this.#values.write(value, encodedValue, core, at, SCRATCH_END);
    if (size >= 0) return core.mapInsert(home, SCRATCH, keySize, at, size, force);
    const bytes = encodedKey ?? this.#keys.encode(key);
    const valueBytes = encodedValue ?? this.#values.encode(value);
    const start = calls.place(bytes, valueBytes);
    const valueAt = start + bytes.length;
    return core.mapInsert(home, start, bytes.length, valueAt, valueBytes.length, force);
  }

  #remove(key: K, force: boolean): number {
    const calls = this.#calls.changing();
    const at = this.#place(key);
    return calls.core.mapRemove(calls.home, at, this.#placedSize, force);
  }

  #removeLarge(key: Uint8Array): void {
    const calls = this.#calls.changing();
    calls.check(calls.core.mapRemove(calls.home, calls.place(key), key.length, true));
  }

  #end(last: boolean): [K, V] | undefined {
    const calls = this.#calls;
    calls.begin();
    const result = calls.exports.mapEnd(calls.home, last);
    if (result === E_LARGE) {
      const key = calls.pieces(true);
      return [this.#keys.decode(key), this.#values.decode(calls.pieces(false))];
    }
    if (calls.check(result) === 0) return undefined;
    return this.#entryAt(calls.result(RESULT_KEY_POINTER), calls.result(RESULT_VALUE_POINTER));
  }

  #entryAt(key: number, value: number): [K, V] {
    const { core } = this.#calls;
    const keySize = this.#calls.result(RESULT_KEY_SIZE);
    const valueSize = this.#calls.result(RESULT_VALUE_SIZE);
    return [this.#keys.read(core, key, keySize), this.#values.read(core, value, valueSize)];
  }

  #pop(last: boolean): [K, V] | undefined {
    const calls = this.#calls.changing();
    const result = calls.core.mapPop(calls.home, last, false);
    if (result === E_ASK) {
      const entry = this.#end(last);
      calls.check(calls.core.mapPop(calls.home, last, true));
      return entry;
    }
    if (calls.check(result) === 0) return undefined;
    return this.#entryAt(OUTPUT, OUTPUT + calls.result(RESULT_KEY_SIZE));
  }
}

function nodeVersionOf({ layoutVersion }: MapOptions): number {
  return layoutVersion === 1 ? NODE_VERSION_1 : NODE_VERSION_2;
}
