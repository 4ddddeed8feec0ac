import type { MapCursor } from "../engine/map-engine.js";

/**
 * A lazy iterator over a cursor. A class and not a generator, which costs about 12 ns more an entry.
 */
export class MapIterator<T> implements IterableIterator<T> {
  readonly #cursor: MapCursor;
  readonly #decode: (cursor: MapCursor) => T;
  readonly #checkOpen: () => void;
  #done = false;

  constructor(cursor: MapCursor, decode: (cursor: MapCursor) => T, checkOpen: () => void) {
    this.#cursor = cursor;
    this.#decode = decode;
    this.#checkOpen = checkOpen;
  }

  next(): IteratorResult<T, undefined> {
    if (!this.#done) {
      this.#checkOpen();
      if (this.#cursor.next()) return { done: false, value: this.#decode(this.#cursor) };
      this.#done = true;
    }
    return { done: true, value: undefined };
  }

  return(): IteratorResult<T, undefined> {
    this.#done = true;
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
