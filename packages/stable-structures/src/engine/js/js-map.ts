import { NotAscendingError, StaleHandleError } from "../../errors.js";
import type { Memory } from "../../memory/memory.js";
import { encode } from "../../storable/storable.js";
import type {
  CursorOptions,
  EncodedEntry,
  EncodedRange,
  MapCodecs,
  MapCursor,
  MapEngine,
} from "../map-engine.js";
import type { MapOptions } from "../map-shape.js";
import { BTree } from "./btree.js";
import type { TreeCursor } from "./cursor.js";

/** A map whose tree runs in plain JavaScript: over any memory, with any order of keys. */
export class JsMap<K, V> implements MapEngine<K, V> {
  readonly kind = "js";
  readonly #codecs: MapCodecs<K, V>;
  readonly #tree: BTree;
  readonly #toValue = (bytes: Uint8Array): V => this.#codecs.value.fromBytes(bytes);
  readonly #toEntry = ({ key, value }: EncodedEntry): [K, V] => [
    this.#codecs.key.fromBytes(key),
    this.#codecs.value.fromBytes(value),
  ];
  #closed = false;

  private constructor(tree: BTree, codecs: MapCodecs<K, V>) {
    this.#tree = tree;
    this.#codecs = codecs;
  }

  /** Makes an empty map, see {@link BTree.create}. */
  static create<K, V>(memory: Memory, options: MapOptions<K, V>): JsMap<K, V> {
    return new JsMap(BTree.create(memory, options), options);
  }

  /** Opens a map, see {@link BTree.load}. */
  static load<K, V>(memory: Memory, options: MapOptions<K, V>): JsMap<K, V> {
    return new JsMap(BTree.load(memory, options), options);
  }

  get length(): number {
    return this.#tree.length;
  }

  get changes(): number {
    return this.#tree.changes;
  }

  get(key: K): V | undefined {
    const value = this.#tree.get(this.#encodeKey(key));
    return value && this.#toValue(value);
  }

  has(key: K): boolean {
    return this.#tree.has(this.#encodeKey(key));
  }

  insert(key: K, value: V): V | undefined {
    return this.#tree.insert(
      this.#encodeKey(key),
      encode(this.#codecs.value, value),
      this.#toValue,
    );
  }

  remove(key: K): V | undefined {
    return this.#tree.remove(this.#encodeKey(key), this.#toValue);
  }

  first(): [K, V] | undefined {
    const entry = this.#tree.first();
    return entry && this.#toEntry(entry);
  }

  last(): [K, V] | undefined {
    const entry = this.#tree.last();
    return entry && this.#toEntry(entry);
  }

  popFirst(): [K, V] | undefined {
    return this.#tree.popFirst(this.#toEntry);
  }

  popLast(): [K, V] | undefined {
    return this.#tree.popLast(this.#toEntry);
  }

  clear(): void {
    this.#tree.clear();
  }

  cursor(range: EncodedRange, { reverse }: CursorOptions): MapCursor<K, V> {
    return new JsCursor(this.#tree.cursor(range, reverse), this.#codecs, () => this.#checkOpen());
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    return Array.from(keys, (key) => {
      this.#checkOpen();
      return this.get(key);
    });
  }

  insertMany(entries: Iterable<readonly [K, V]>): void {
    for (const [key, value] of entries) {
      this.#checkOpen();
      this.#tree.insert(this.#encodeKey(key), encode(this.#codecs.value, value), () => undefined);
    }
  }

  removeRange(range: EncodedRange, limit: number): number {
    const cursor = this.#tree.cursor(range, false);
    let removed = 0;
    while (removed < limit && cursor.next()) {
      this.#tree.remove(cursor.key, () => undefined);
      removed++;
    }
    return removed;
  }

  bulkLoad(entries: Iterable<readonly [K, V]>): void {
    let index = 0;
    try {
      for (const [key, value] of entries) {
        this.#checkOpen();
        this.#tree.append({ key: this.#encodeKey(key), value: encode(this.#codecs.value, value) });
        index++;
      }
      this.#tree.finishAppending();
    } catch (error) {
      this.#checkOpen();
      this.#tree.clear();
      throw error instanceof NotAscendingError ? new NotAscendingError(index) : error;
    }
  }

  close(): void {
    this.#closed = true;
  }

  #encodeKey(key: K): Uint8Array {
    return encode(this.#codecs.key, key);
  }

  #checkOpen(): void {
    if (this.#closed) throw new StaleHandleError("the map or set of this iterator");
  }
}

class JsCursor<K, V> implements MapCursor<K, V> {
  readonly #cursor: TreeCursor;
  readonly #codecs: MapCodecs<K, V>;
  readonly #checkOpen: () => void;

  constructor(cursor: TreeCursor, codecs: MapCodecs<K, V>, checkOpen: () => void) {
    this.#cursor = cursor;
    this.#codecs = codecs;
    this.#checkOpen = checkOpen;
  }

  next(): boolean {
    this.#checkOpen();
    return this.#cursor.next();
  }

  key(): K {
    return this.#codecs.key.fromBytes(this.#cursor.key);
  }

  value(): V {
    return this.#codecs.value.fromBytes(this.#cursor.value);
  }

  rest(): EncodedRange {
    return this.#cursor.rest;
  }

  close(): void {
    // It holds one entry, and no buffer.
  }
}
