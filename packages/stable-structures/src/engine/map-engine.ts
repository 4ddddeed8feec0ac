import type { Storable, StorableKey } from "../storable/storable.js";

/** The codecs of a map, as far as an engine needs them. */
export interface MapCodecs<K = unknown, V = unknown> {
  readonly key: StorableKey<K>;
  readonly value: Storable<V>;
}

/** Encoded bytes of a key and its value. */
export interface EncodedEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** One end of a range of encoded keys. */
export interface EncodedBound {
  readonly key: Uint8Array;
  readonly inclusive: boolean;
}

/** A range of encoded keys; an end that is missing is open. */
export interface EncodedRange {
  readonly lower?: EncodedBound | undefined;
  readonly upper?: EncodedBound | undefined;
}

/**
 * Steps through the entries of a range. It survives changes of the map: after one it goes on behind
 * the last key it gave.
 */
export interface MapCursor<K, V> {
  /** Moves to the next entry; false at the end. @throws when the map can no longer be used. */
  next(): boolean;
  /** Key of the current entry. */
  key(): K;
  /** Value of the current entry; only when values were asked for. */
  value(): V;
  /** The part of the range that is left. */
  rest(): EncodedRange;
  /** Lets go of buffers; `rest` says what was left, and the others are not called any more. */
  close(): void;
}

/** What a cursor is asked for. */
export interface CursorOptions {
  /** From the last entry to the first. */
  readonly reverse: boolean;
  /** Values are wanted, and not only keys. */
  readonly values: boolean;
}

/**
 * A B-tree of typed entries: the seam between maps and sets and what does the work.
 *
 * A refused operation has changed nothing. A value that is taken out is decoded before the operation is
 * made, so that bytes which do not decode are not lost.
 */
export interface MapEngine<K, V> {
  /** `"wasm"` when the tree is searched and edited in WebAssembly. */
  readonly kind: "js" | "wasm";
  /** Number of entries. */
  readonly length: number;
  /** Another number after every change of the map. @throws when the map can no longer be used. */
  readonly changes: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  /** Returns the value that was replaced. */
  insert(key: K, value: V): V | undefined;
  /** Returns the value that was removed. */
  remove(key: K): V | undefined;
  first(): [K, V] | undefined;
  last(): [K, V] | undefined;
  popFirst(): [K, V] | undefined;
  popLast(): [K, V] | undefined;
  clear(): void;
  cursor(range: EncodedRange, options: CursorOptions): MapCursor<K, V>;
  /** The values of keys, in their order. */
  getMany(keys: Iterable<K>): (V | undefined)[];
  /** Inserts entries one after the other; values they replace are not decoded. */
  insertMany(entries: Iterable<readonly [K, V]>): void;
  /** Removes up to `limit` entries of a range, the first ones; how many. Their values are not decoded. */
  removeRange(range: EncodedRange, limit: number): number;
  /**
   * Appends entries to an empty map, packing its nodes. When an entry does not come behind the one before
   * it, or anything else fails, the map is empty again.
   */
  bulkLoad(entries: Iterable<readonly [K, V]>): void;
  /** Ends the engine and its cursors: they refuse from now on. */
  close(): void;
}
