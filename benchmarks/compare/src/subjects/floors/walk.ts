import { text } from "stable-structures";
import type { Work } from "../session.js";
import { type Batch, type Packed, SIZES } from "./packed.js";

/**
 * The least that a walk takes from JavaScript, memory left out: batches of entries that lie one behind
 * another are copied, since a program may keep what it gets, and an iterator decodes them that does nothing
 * else.
 */
export function measureWalk<K, V>(packed: Packed<K>, numberOf: (value: V) => number): Work {
  const Walk = walkFor(packed.firstKey);
  const walk = new Walk(packed.batches) as Walk<unknown, unknown> as Walk<K, V>;
  const start = performance.now();
  const checksum = sumOf(walk, numberOf);
  const nanoseconds = (performance.now() - start) * 1e6;
  return { operations: packed.entries, checksum, nanoseconds };
}

/** What the phase `iterate` does with entries; a loop of its own, so that V8 meets one iterator in it. */
function sumOf<K, V>(walk: Walk<K, V>, numberOf: (value: V) => number): number {
  let checksum = 0;
  let previous: K | undefined;
  for (const [key, value] of walk) {
    if (key === previous) throw new Error("a key came twice");
    previous = key;
    checksum += numberOf(value);
  }
  return checksum;
}

function walkFor(key: unknown): new (batches: readonly Batch[]) => Walk<unknown, unknown> {
  switch (typeof key) {
    case "bigint":
      return BigintWalk;
    case "number":
      return NumberWalk;
    case "string":
      return TextWalk;
    default:
      return BytesWalk;
  }
}

const END = { done: true, value: undefined } as const;

/** V8 may come to believe that arrays of a literal live long; of arrays of rest parameters it does not. */
const entryOf = <K, V>(...entry: [K, V]): [K, V] => entry;

/** A walk over batches. Each kind has a `next` of its own, in which V8 can inline everything. */
abstract class Walk<K, V> implements IterableIterator<[K, V]> {
  /** The program's own copy of a batch. */
  protected buffer = new ArrayBuffer(0);
  protected view = new DataView(this.buffer);
  /** Where the next entry is in it, and where the last one ends. */
  protected offset = 0;
  protected end = 0;
  readonly #batches: readonly Batch[];
  #taken = 0;

  constructor(batches: readonly Batch[]) {
    this.#batches = batches;
  }

  abstract next(): IteratorResult<[K, V], undefined>;

  [Symbol.iterator](): this {
    return this;
  }

  /** Copies the next batch; undefined at the end. */
  protected take(): Batch | undefined {
    const batch = this.#batches[this.#taken++];
    if (batch === undefined) return undefined;
    this.buffer = new Uint8Array(batch.bytes).buffer;
    this.view = new DataView(this.buffer);
    this.offset = 0;
    this.end = batch.bytes.length;
    return batch;
  }
}

class BigintWalk extends Walk<bigint, bigint> {
  next(): IteratorResult<[bigint, bigint], undefined> {
    if (this.offset === this.end && !this.take()) return END;
    const { view, offset } = this;
    this.offset = offset + 16;
    return {
      done: false,
      value: entryOf(view.getBigUint64(offset), view.getBigUint64(offset + 8)),
    };
  }
}

class NumberWalk extends Walk<number, number> {
  next(): IteratorResult<[number, number], undefined> {
    if (this.offset === this.end && !this.take()) return END;
    const { view, offset } = this;
    this.offset = offset + 16;
    const key = view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4);
    const value = view.getUint32(offset + 8) * 2 ** 32 + view.getUint32(offset + 12);
    return { done: false, value: entryOf(key, value) };
  }
}

class BytesWalk extends Walk<Uint8Array, Uint8Array> {
  next(): IteratorResult<[Uint8Array, Uint8Array], undefined> {
    if (this.offset === this.end && !this.take()) return END;
    const { buffer, view } = this;
    const keyAt = this.offset + SIZES;
    const keySize = view.getUint32(this.offset);
    const valueSize = view.getUint32(this.offset + 4);
    this.offset = keyAt + keySize + valueSize;
    return {
      done: false,
      value: entryOf(
        new Uint8Array(buffer, keyAt, keySize),
        new Uint8Array(buffer, keyAt + keySize, valueSize),
      ),
    };
  }
}

/**
 * PERF: decoding the keys of a batch at once and cutting them out takes 40 ns a key; characters one by one
 * take 100, a TextDecoder for each key 170 (18 characters of ASCII, Node 20, 2026-11).
 */
class TextWalk extends Walk<string, Uint8Array> {
  #texts = "";
  #textAt = 0;

  next(): IteratorResult<[string, Uint8Array], undefined> {
    if (this.offset === this.end && !this.take()) return END;
    const { buffer, view } = this;
    const valueAt = this.offset + SIZES;
    const textAt = this.#textAt;
    this.#textAt += view.getUint32(this.offset);
    const valueSize = view.getUint32(this.offset + 4);
    this.offset = valueAt + valueSize;
    const key = this.#texts.substring(textAt, this.#textAt);
    return { done: false, value: entryOf(key, new Uint8Array(buffer, valueAt, valueSize)) };
  }

  protected override take(): Batch | undefined {
    const batch = super.take();
    if (batch !== undefined) this.#texts = text.fromBytes(batch.texts);
    this.#textAt = 0;
    return batch;
  }
}
