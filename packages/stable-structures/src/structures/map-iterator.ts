import type { MapCursor } from "../engine/map-engine.js";
import { encodePosition } from "./map-position.js";

/** Iterates over a part of a map or set, lazily. It may be used while that changes. */
export interface MapIterator<T> extends IterableIterator<T> {
  /**
   * The part of the range that is left, as bytes: `range({ cursor })` goes on there, in another program
   * as well, and after any change.
   */
  cursor(): Uint8Array;
}

/**
 * PERF: V8 may come to believe that the arrays of a literal live long, when it collects garbage at the
 * wrong moment, and makes all of them where collecting is dear: 250 ns more an entry (Node 20, 2026-11).
 * About the array of rest parameters it believes nothing.
 */
const entryOf = <K, V>(...entry: [K, V]): [K, V] => entry;

/**
 * An iterator over a cursor. Classes and not generators, which cost about 12 ns more an entry.
 *
 * PERF: each kind of iterator has a `next` of its own. One for all, which is told what to read, takes
 * 15 ns more an entry, because nothing in it can be inlined. And each has one literal for every result,
 * which V8 then need not make where a loop only looks into it. With another for the end it has to: 46
 * and not 38 ns an entry of two numbers (Node 20, 2026-11).
 */
abstract class CursorIterator<K, V, T> implements MapIterator<T> {
  protected readonly source: MapCursor<K, V>;
  readonly #reverse: boolean;
  #isDone = false;

  constructor(source: MapCursor<K, V>, reverse: boolean) {
    this.source = source;
    this.#reverse = reverse;
  }

  abstract next(): Step<T>;

  return(): Step<T> {
    this.#end();
    return { done: true, value: undefined };
  }

  cursor(): Uint8Array {
    return encodePosition({ range: this.source.rest(), reverse: this.#reverse });
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Goes to the next entry; true at the end. */
  protected isAtEnd(): boolean {
    if (!this.#isDone && this.source.next()) return false;
    this.#end();
    return true;
  }

  #end(): void {
    this.#isDone = true;
    this.source.close();
  }
}

type Step<T> = IteratorResult<T, undefined>;

/** Gives keys with their values. */
export class EntryIterator<K, V> extends CursorIterator<K, V, [K, V]> {
  next(): Step<[K, V]> {
    const { source } = this;
    const done = this.isAtEnd();
    return { done, value: done ? undefined : entryOf(source.key(), source.value()) } as Step<
      [K, V]
    >;
  }
}

/** Gives keys. */
export class KeyIterator<K, V> extends CursorIterator<K, V, K> {
  next(): Step<K> {
    const done = this.isAtEnd();
    return { done, value: done ? undefined : this.source.key() } as Step<K>;
  }
}

/** Gives values. */
export class ValueIterator<K, V> extends CursorIterator<K, V, V> {
  next(): Step<V> {
    const done = this.isAtEnd();
    return { done, value: done ? undefined : this.source.value() } as Step<V>;
  }
}
