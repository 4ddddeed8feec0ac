import { NODE_CAPACITY, NODE_MINIMUM, NODE_VERSION_1 } from "@stable-structures/core/layout";
import type { EncodedEntry } from "../map-engine.js";
import type { NodeBytes } from "./node-bytes.js";

/** A value that is still in the image. */
export interface StoredValue {
  readonly offset: number;
  readonly length: number;
}

/** A B-tree node, decoded. Keys are read with the node; values when they are asked for. */
export class Node {
  keys: Uint8Array[] = [];
  /** Addresses of the children; empty in a leaf. */
  children: number[] = [];
  #values: (Uint8Array | StoredValue)[] = [];
  readonly #stored: NodeBytes | undefined;
  #overflows: readonly number[] | undefined;

  /** `stored` is where a node of the image is read from; a new node has none. */
  constructor(
    readonly address: number,
    readonly version: number,
    readonly isLeaf: boolean,
    stored?: NodeBytes,
  ) {
    this.#stored = stored;
  }

  get isFull(): boolean {
    return this.keys.length >= NODE_CAPACITY;
  }

  /** True when an entry can be taken away and the node still holds enough. */
  get canSpare(): boolean {
    return this.keys.length >= NODE_MINIMUM;
  }

  /** Addresses of the overflow pages the node has in the image. A version 1 node has none. */
  get overflows(): readonly number[] {
    const stored = this.version === NODE_VERSION_1 ? undefined : this.#stored;
    this.#overflows ??= stored?.overflows() ?? [];
    return this.#overflows;
  }

  set overflows(pages: readonly number[]) {
    this.#overflows = pages;
  }

  /** Appends an entry while the node is read. */
  addStored(key: Uint8Array, value: StoredValue): void {
    this.keys.push(key);
    this.#values.push(value);
  }

  /** The child at `index`. */
  child(index: number): number {
    return this.children[index] as number;
  }

  key(index: number): Uint8Array {
    return this.keys[index] as Uint8Array;
  }

  value(index: number): Uint8Array {
    const value = this.#values[index] as Uint8Array | StoredValue;
    if (value instanceof Uint8Array) return value;
    const bytes = (this.#stored as NodeBytes).read(value.offset, value.length);
    this.#values[index] = bytes;
    return bytes;
  }

  /** Length of the value at `index`, without reading it. */
  valueLength(index: number): number {
    return (this.#values[index] as { length: number }).length;
  }

  /** All values. */
  values(): Uint8Array[] {
    return this.keys.map((_, index) => this.value(index));
  }

  entry(index: number): EncodedEntry {
    return { key: this.key(index), value: this.value(index) };
  }

  insertEntry(index: number, { key, value }: EncodedEntry): void {
    this.keys.splice(index, 0, key);
    this.#values.splice(index, 0, value);
  }

  /** Puts `entry` in the place of the one at `index`, which it returns. */
  replaceEntry(index: number, entry: EncodedEntry): EncodedEntry {
    const old = this.entry(index);
    this.keys[index] = entry.key;
    this.#values[index] = entry.value;
    return old;
  }

  /** Takes `count` entries out, from `index` on. */
  removeEntries(index: number, count: number): EncodedEntry[] {
    const removed = Array.from({ length: count }, (_, i) => this.entry(index + i));
    this.keys.splice(index, count);
    this.#values.splice(index, count);
    return removed;
  }

  removeEntry(index: number): EncodedEntry {
    return this.removeEntries(index, 1)[0] as EncodedEntry;
  }

  popFirst(): EncodedEntry {
    return this.removeEntry(0);
  }

  popLast(): EncodedEntry {
    return this.removeEntry(this.keys.length - 1);
  }
}
