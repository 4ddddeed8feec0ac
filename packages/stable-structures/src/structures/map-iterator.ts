import type { MapCursor } from "../engine/map-engine.js";
import { encodePosition } from "./map-position.js";

/** Iterates over a part of a map, lazily. It may be used while the map changes. */
export interface MapIterator<T> extends IterableIterator<T> {
  /**
   * The part of the range that is left, as bytes: `map.range({ cursor })` goes on there, in another
   * program as well, and after any change of the map.
   */
  cursor(): Uint8Array;
}

/** An iterator over a cursor. A class and not a generator, which costs about 12 ns more an entry. */
export class CursorIterator<K, V, T> implements MapIterator<T> {
  readonly #cursor: MapCursor<K, V>;
  readonly #reverse: boolean;
  readonly #read: (cursor: MapCursor<K, V>) => T;
  #done = false;

  constructor(cursor: MapCursor<K, V>, reverse: boolean, read: (cursor: MapCursor<K, V>) => T) {
    this.#cursor = cursor;
    this.#reverse = reverse;
    this.#read = read;
  }

  next(): IteratorResult<T, undefined> {
    if (!this.#done) {
      if (this.#cursor.next()) return { done: false, value: this.#read(this.#cursor) };
      this.#done = true;
    }
    return { done: true, value: undefined };
  }

  return(): IteratorResult<T, undefined> {
    this.#done = true;
    return { done: true, value: undefined };
  }

  cursor(): Uint8Array {
    return encodePosition({ range: this.#cursor.rest(), reverse: this.#reverse });
  }

  [Symbol.iterator](): this {
    return this;
  }
}
