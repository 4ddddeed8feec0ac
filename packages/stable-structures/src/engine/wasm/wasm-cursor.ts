import {
  E_LARGE,
  FLAG_END_INCLUSIVE,
  FLAG_HAS_END,
  FLAG_HAS_START,
  FLAG_REVERSE,
  FLAG_START_INCLUSIVE,
  FLAG_VALUES,
  OUTPUT_SIZE,
  RESULT_COUNT,
} from "@stable-structures/core/layout";
import { areaOf, type ByteArea } from "../../storable/direct.js";
import type { CursorOptions, EncodedBound, EncodedRange, MapCursor } from "../map-engine.js";
import { finalCopyOf, LARGE_BUFFER, SMALL_BUFFER } from "./buffer.js";
import type { Item } from "./item.js";
import type { MapCalls } from "./map-calls.js";
import { recordOf } from "./record-buffer.js";

/** Range flags of a call, for a range that goes from `start` to `end`. */
export function flagsOf(start: EncodedBound | undefined, end: EncodedBound | undefined): number {
  return (
    (start ? FLAG_HAS_START : 0) |
    (start?.inclusive ? FLAG_START_INCLUSIVE : 0) |
    (end ? FLAG_HAS_END : 0) |
    (end?.inclusive ? FLAG_END_INCLUSIVE : 0)
  );
}

/**
 * Walks a range in batches: one call fills a buffer with entries, which are then read from there. After a
 * change of the map what is left in the buffer is dropped, and the next batch begins behind the last key
 * that was given.
 */
export class WasmCursor<K, V> implements MapCursor<K, V> {
  readonly #calls: MapCalls;
  readonly #keys: Item<K>;
  readonly #values: Item<V>;
  readonly #flags: number;
  /** Bytes of every entry; 0 when they vary. */
  readonly #stride: number;
  /** Bytes of the size before a value. */
  readonly #valueHead: number;
  /** Keys or values are views of a batch, which then belongs to whoever has them. */
  readonly #givesViews: boolean;
  readonly #end: EncodedBound | undefined;
  #start: EncodedBound | undefined;
  #buffer: ByteArea = NO_BUFFER;
  /** The same batch for whoever gets views of it, and may write to them; it begins at `#givenAt`. */
  #given: ByteArea = NO_BUFFER;
  #givenAt = 0;
  /** Where the key of the current entry is in `#given`, and of the last one a stride away; -1 = none. */
  #at = -1;
  #last = -1;
  /** Where the next entry begins, where that is not a stride away, and how many there are from there on. */
  #next = 0;
  #left = 0;
  #hasMore = true;
  /**
   * Bytes to ask for.
   *
   * PERF: a first batch is small for those who want a few entries. Who says where a range begins and ends
   * wants more, and takes 5 % less time for 100 entries of 160 bytes (Node 20, 2026-11).
   */
  #batch: number;
  #changes: number;
  // The current entry: sizes of its key and value, and how far the value is behind the start of the key.
  #keySize: number;
  #valueSize: number;
  #valueOffset: number;

  constructor(
    calls: MapCalls,
    keys: Item<K>,
    values: Item<V>,
    { lower, upper }: EncodedRange,
    { reverse, values: wantsValues }: CursorOptions,
  ) {
    this.#calls = calls;
    this.#keys = keys;
    this.#values = values;
    this.#flags = (reverse ? FLAG_REVERSE : 0) | (wantsValues ? FLAG_VALUES : 0);
    this.#keySize = keys.fixedSize ?? 0;
    this.#valueSize = values.fixedSize ?? 0;
    this.#valueHead = values.fixedSize === undefined ? 4 : 0;
    this.#valueOffset = this.#keySize + this.#valueHead;
    const isFixed =
      keys.fixedSize !== undefined && (!wantsValues || values.fixedSize !== undefined);
    this.#stride = isFixed ? this.#keySize + (wantsValues ? this.#valueSize : 0) : 0;
    this.#givesViews = keys.givesViews || (wantsValues && values.givesViews);
    this.#start = reverse ? upper : lower;
    this.#end = reverse ? lower : upper;
    this.#batch = lower && upper ? 2 * SMALL_BUFFER : SMALL_BUFFER;
    this.#changes = calls.changes;
  }

  /**
   * PERF: V8 inlines about 900 bytecodes into a loop, and a walk is one. So what most steps do is small
   * here, and in `key` and `value`; with all of a step in one function a walk over numbers took a fifth
   * longer (Node 20, 2026-11).
   */
  next(): boolean {
    if (this.#at < this.#last && this.#changes === this.#calls.changes) {
      this.#at += this.#stride;
      return true;
    }
    return this.#step();
  }

  key(): K {
    return this.#keys.read(this.#given, this.#at, this.#keySize);
  }

  value(): V {
    return this.#values.read(this.#given, this.#at + this.#valueOffset, this.#valueSize);
  }

  rest(): EncodedRange {
    const start = this.#goOn();
    const isReverse = (this.#flags & FLAG_REVERSE) !== 0;
    return isReverse ? { lower: this.#end, upper: start } : { lower: start, upper: this.#end };
  }

  close(): void {
    this.#start = this.#goOn();
    this.#forget();
    this.#calls.buffers.giveBack(this.#buffer);
    this.#buffer = NO_BUFFER;
    this.#given = NO_BUFFER;
  }

  /** Where to go on: behind the last key that was given. */
  #goOn(): EncodedBound | undefined {
    if (this.#at < 0) return this.#start;
    const at = this.#at - this.#givenAt;
    return { key: this.#buffer.bytes.slice(at, at + this.#keySize), inclusive: false };
  }

  /** There is no current entry. */
  #forget(): void {
    this.#at = -1;
    this.#last = -1;
  }

  /** Goes to the next entry where it is not simply a stride away; false at the end of the range. */
  #step(): boolean {
    if (this.#changes !== this.#calls.changes) this.#drop();
    if (this.#left === 0 && !this.#fill()) return false;
    if (this.#stride === 0) this.#stepOfAnySize();
    else this.#beginStrides();
    return true;
  }

  /** Goes to the first of the entries that are left, from where the others are strides away. */
  #beginStrides(): void {
    this.#at = this.#next;
    this.#last = this.#next + (this.#left - 1) * this.#stride;
    this.#left = 0;
  }

  #stepOfAnySize(): void {
    this.#left--;
    this.#keySize = this.#takeSize(this.#keys);
    this.#at = this.#next;
    this.#next += this.#keySize;
    if ((this.#flags & FLAG_VALUES) === 0) return;
    this.#valueOffset = this.#keySize + this.#valueHead;
    this.#valueSize = this.#takeSize(this.#values);
    this.#next += this.#valueSize;
  }

  /** Size of the next item, and behind it when it stands there. */
  #takeSize({ fixedSize }: Item<K> | Item<V>): number {
    if (fixedSize !== undefined) return fixedSize;
    const size = this.#buffer.view.getUint32(this.#next - this.#givenAt, true);
    this.#next += 4;
    return size;
  }

  /**
   * Forgets the rest of the batch, which may not be what the map holds any more. No entry is a stride away
   * then, until `#fill` has brought others.
   */
  #drop(): void {
    this.#calls.begin();
    this.#changes = this.#calls.changes;
    this.#left = 0;
    this.#last = this.#at;
    this.#hasMore ||= this.#at >= 0;
  }

  /** Fetches the next batch; false at the end of the range. */
  #fill(): boolean {
    if (!this.#hasMore) return false;
    this.#start = this.#goOn();
    this.#forget();
    let result = this.#walk(this.#batch);
    if (result === E_LARGE) result = this.#walk(OUTPUT_SIZE);
    if (result === E_LARGE) return this.#fillWithLarge();
    this.#hasMore = this.#calls.check(result) > 0;
    this.#keep(this.#calls.output());
    this.#left = this.#calls.result(RESULT_COUNT);
    this.#batch = Math.min(BATCH_GROWTH * this.#batch, LARGE_BUFFER);
    return this.#left > 0;
  }

  #walk(bytes: number): number {
    const start = this.#start?.key ?? NO_KEY;
    const end = this.#end?.key ?? NO_KEY;
    const at = this.#calls.place(start, end);
    return this.#calls.exports.mapWalk(
      this.#calls.home,
      this.#flags | flagsOf(this.#start, this.#end),
      at,
      start.length,
      at + start.length,
      end.length,
      bytes,
    );
  }

  /** A batch of one entry that is too large for the engine's output. */
  #fillWithLarge(): boolean {
    const key = this.#calls.pieces(true);
    const value = (this.#flags & FLAG_VALUES) === 0 ? NO_KEY : this.#calls.pieces(false);
    const record = recordOf([
      [this.#keys, key],
      [this.#values, value],
    ]);
    this.#keep(record);
    this.#left = 1;
    this.#hasMore = true;
    return true;
  }

  /** Takes a copy of a batch, and one to give away if there are views of it. */
  #keep(batch: Uint8Array): void {
    if (this.#buffer.bytes.length < batch.length) {
      this.#calls.buffers.giveBack(this.#buffer);
      this.#buffer = this.#calls.buffers.take(batch.length);
    }
    this.#buffer.bytes.set(batch);
    this.#given = this.#buffer;
    if (this.#givesViews) {
      const { area, start } = finalCopyOf(batch);
      this.#given = area;
      this.#givenAt = start;
    }
    this.#next = this.#givenAt;
  }
}

/** How many times as large the next batch is: who leaves early has not paid for many entries. */
const BATCH_GROWTH = 8;
const NO_KEY = /* @__PURE__ */ new Uint8Array(0);
const NO_BUFFER: ByteArea = /* @__PURE__ */ areaOf(0);
