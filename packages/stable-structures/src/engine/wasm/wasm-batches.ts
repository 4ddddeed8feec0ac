import { E_LARGE, E_NOT_ASCENDING, MISSING, RESULT_COUNT } from "@stable-structures/core/layout";
import { NotAscendingError } from "../../errors.js";
import { finalCopyOf } from "./buffer.js";
import type { Item } from "./item.js";
import type { MapCalls } from "./map-calls.js";
import { RecordBuffer, recordOf } from "./record-buffer.js";

/** How items of a kind are collected: false when one does not fit, what is done with many, with one. */
interface Collecting<T> {
  readonly add: (item: T) => boolean;
  readonly flush: () => void;
  readonly single: (item: T) => void;
}

/** What the map does with one key or entry, for those that are too large for a batch. */
interface OneByOne<K, V> {
  get(key: K): V | undefined;
  getEncoded(key: Uint8Array): V | undefined;
  insert(key: K, value: V): void;
  clear(): void;
}

/** Operations on many entries of a map: one crossing for as many as fit the engine's scratch region. */
export class WasmBatches<K, V> {
  readonly #calls: MapCalls;
  readonly #keys: Item<K>;
  readonly #values: Item<V>;
  readonly #one: OneByOne<K, V>;

  constructor(calls: MapCalls, keys: Item<K>, values: Item<V>, one: OneByOne<K, V>) {
    this.#calls = calls;
    this.#keys = keys;
    this.#values = values;
    this.#one = one;
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    const values: (V | undefined)[] = [];
    const buffer = new RecordBuffer(this.#calls.buffers);
    const flush = () => this.#getBatch(buffer, values);
    try {
      this.#collect(keys, buffer, {
        add: (key) => buffer.addKey(this.#keys, key),
        flush,
        single: (key) => values.push(this.#one.get(key)),
      });
      this.#calls.begin();
    } finally {
      this.#calls.letGo(flush);
      buffer.close();
    }
    return values;
  }

  insertMany(entries: Iterable<readonly [K, V]>): void {
    const buffer = new RecordBuffer(this.#calls.buffers);
    const flush = () => this.#flush(buffer, "mapInsertMany");
    try {
      this.#collect(entries, buffer, {
        add: ([key, value]) => buffer.addEntry(this.#keys, key, this.#values, value),
        flush,
        single: ([key, value]) => this.#one.insert(key, value),
      });
    } finally {
      try {
        this.#calls.begin();
      } finally {
        this.#calls.letGo(flush);
        buffer.close();
      }
    }
  }

  bulkLoad(entries: Iterable<readonly [K, V]>): void {
    const buffer = new RecordBuffer(this.#calls.buffers);
    let loaded = 0;
    const flush = () => {
      loaded += this.#flush(buffer, "mapAppend", loaded);
    };
    try {
      this.#collect(entries, buffer, {
        add: ([key, value]) => buffer.addEntry(this.#keys, key, this.#values, value),
        flush,
        single: ([key, value]) => this.#appendLarge(key, value, loaded++),
      });
      this.#calls.check(this.#calls.changing().core.mapFinish(this.#calls.home));
    } catch (error) {
      this.#calls.letGo(flush);
      this.#one.clear();
      throw error;
    } finally {
      buffer.close();
    }
  }

  /**
   * Collects items, and holds them back until no more fit or until somebody uses the map; those that are
   * too large to be collected are dealt with one by one.
   */
  #collect<T>(
    items: Iterable<T>,
    buffer: RecordBuffer,
    { add, flush, single }: Collecting<T>,
  ): void {
    for (const item of items) {
      if (!add(item)) {
        this.#calls.begin();
        if (!add(item)) {
          single(item);
          continue;
        }
      }
      if (buffer.count === 1) this.#calls.hold(flush);
    }
  }

  /** Looks the keys in the buffer up, appends their values, and empties it. */
  #getBatch(buffer: RecordBuffer, values: (V | undefined)[]): void {
    const calls = this.#calls;
    while (buffer.count > 0) {
      const status = calls.exports.mapGetMany(calls.home, buffer.place(calls), buffer.count);
      if (status === E_LARGE) {
        const key = buffer.firstKey(this.#keys);
        values.push(this.#one.getEncoded(key));
        buffer.dropKeys(this.#keys, 1);
      } else {
        calls.check(status);
        const count = calls.result(RESULT_COUNT);
        this.#takeValues(calls.output(), count, values);
        buffer.dropKeys(this.#keys, count);
      }
    }
    buffer.clear();
  }

  /** Appends `count` values that stand behind their sizes in what the engine put out. */
  #takeValues(output: Uint8Array, count: number, values: (V | undefined)[]): void {
    // A copy: a decoder may use the engine, which then writes over it.
    const { area, start } = finalCopyOf(output);
    let at = start;
    for (let i = 0; i < count; i++) {
      const size = area.view.getUint32(at, true);
      at += 4;
      if (size === MISSING) values.push(undefined);
      else {
        values.push(this.#values.read(area, at, size));
        at += size;
      }
    }
  }

  /** Hands the entries in the buffer to the engine, and empties it; how many they were. */
  #flush(buffer: RecordBuffer, call: "mapInsertMany" | "mapAppend", before = 0): number {
    const { count } = buffer;
    if (count === 0) return 0;
    const calls = this.#calls.changing();
    const status = calls.core[call](calls.home, buffer.place(calls), count);
    buffer.clear();
    if (status === E_NOT_ASCENDING)
      throw new NotAscendingError(before + calls.result(RESULT_COUNT));
    calls.check(status);
    return count;
  }

  /** Appends one entry that is too large for the buffer. */
  #appendLarge(key: K, value: V, index: number): void {
    const record = recordOf([
      [this.#keys, this.#keys.encode(key)],
      [this.#values, this.#values.encode(value)],
    ]);
    const calls = this.#calls.changing();
    const status = calls.core.mapAppend(calls.home, calls.place(record), 1);
    if (status === E_NOT_ASCENDING) throw new NotAscendingError(index);
    calls.check(status);
  }
}
