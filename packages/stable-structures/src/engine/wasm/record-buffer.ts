import { SCRATCH } from "@stable-structures/core/layout";
import { setU32 } from "../../io/bytes.js";
import type { ByteArea } from "../../storable/direct.js";
import { type BufferPool, LARGE_BUFFER, SMALL_BUFFER } from "./buffer.js";
import type { Item } from "./item.js";
import type { MapCalls } from "./map-calls.js";

/** Items one behind the other, each behind its size, unless all of its kind have the same. */
export function recordOf(
  items: readonly (readonly [Pick<Item<unknown>, "fixedSize">, Uint8Array])[],
): Uint8Array {
  const parts = items.map(([{ fixedSize }, bytes]) => {
    const prefix = new Uint8Array(fixedSize === undefined ? 4 : 0);
    if (prefix.length > 0) setU32(prefix, 0, bytes.length);
    return [prefix, bytes] as const;
  });
  const record = new Uint8Array(parts.flat().reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of parts.flat()) {
    record.set(bytes, at);
    at += bytes.length;
  }
  return record;
}

/**
 * Keys or entries for one call, in bytes of its own until the call is made: whoever gives them may use
 * the engine in between. Each item stands behind its size, unless all have the same.
 */
export class RecordBuffer {
  readonly #pool: BufferPool;
  #area: ByteArea;
  #count = 0;
  #start = 0;
  #end = 0;

  constructor(pool: BufferPool) {
    this.#pool = pool;
    this.#area = pool.take(SMALL_BUFFER);
  }

  /** Number of keys or entries in it. */
  get count(): number {
    return this.#count;
  }

  /** Adds a key; false, with nothing added, when there is no room. */
  addKey<K>(item: Item<K>, key: K): boolean {
    const end = this.#append(item, key, item.encoded(key), this.#end);
    return this.#take(end);
  }

  /** Adds an entry; false, with nothing added, when there is no room. */
  addEntry<K, V>(keys: Item<K>, key: K, values: Item<V>, value: V): boolean {
    const encodedKey = keys.encoded(key);
    const encodedValue = values.encoded(value);
    const behindKey = this.#append(keys, key, encodedKey, this.#end);
    return this.#take(behindKey < 0 ? -1 : this.#append(values, value, encodedValue, behindKey));
  }

  /** Copies the records to where the engine reads them; a pointer to the first. */
  place({ core }: MapCalls): number {
    core.bytes.set(this.#area.bytes.subarray(this.#start, this.#end), SCRATCH);
    return SCRATCH;
  }

  /** The bytes of the first key; only where there are no values. */
  firstKey({ fixedSize }: Item<unknown>): Uint8Array {
    const { bytes, view } = this.#area;
    const start = fixedSize === undefined ? this.#start + 4 : this.#start;
    const size = fixedSize ?? view.getUint32(this.#start, true);
    return bytes.subarray(start, start + size);
  }

  /** Drops the first `count` keys. */
  dropKeys({ fixedSize }: Item<unknown>, count: number): void {
    this.#count -= count;
    if (fixedSize !== undefined) this.#start += count * fixedSize;
    else
      for (let i = 0; i < count; i++)
        this.#start += 4 + this.#area.view.getUint32(this.#start, true);
  }

  /** Empties the buffer, and makes it larger for what is still to come. */
  clear(): void {
    this.#count = 0;
    this.#start = 0;
    this.#end = 0;
    if (this.#area.bytes.length >= LARGE_BUFFER) return;
    this.#area = this.#pool.take(LARGE_BUFFER);
  }

  /** Gives the bytes back; the buffer is not used any more. */
  close(): void {
    this.#pool.giveBack(this.#area);
  }

  #take(end: number): boolean {
    if (end < 0) return false;
    this.#end = end;
    this.#count++;
    return true;
  }

  /** Appends one item at `start`; where it ends, -1 when there is no room. */
  #append<T>(item: Item<T>, value: T, encoded: Uint8Array | undefined, start: number): number {
    const prefix = item.fixedSize === undefined ? 4 : 0;
    const { length } = this.#area.bytes;
    const size = item.write(value, encoded, this.#area, start + prefix, length);
    if (size < 0 || start + prefix > length) return -1;
    if (prefix > 0) this.#area.view.setUint32(start, size, true);
    return start + prefix + size;
  }
}
