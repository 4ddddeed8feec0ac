import {
  type StableBTreeMap,
  type Storable,
  type StorableKey,
  text,
  u64,
  u64Number,
} from "stable-structures";

/**
 * Entries one behind another, in order. Integers have nothing between them, others have both their sizes
 * before them.
 */
export interface Batch {
  readonly bytes: Uint8Array;
  /** Keys that are text; the entries have only their sizes. So one call decodes them all. */
  readonly texts: Uint8Array;
}

/** All entries of a map. */
export interface Packed<K> {
  readonly entries: number;
  readonly firstKey: K | undefined;
  readonly batches: readonly Batch[];
}

interface Codecs<K, V> {
  readonly key: StorableKey<K>;
  readonly value: Storable<V>;
}

/** Most bytes of a batch. */
const BATCH_SIZE = 65_536;

/** Both sizes of an entry. */
export const SIZES = 8;

/** Packs the entries of a map. */
export function packedOf<K, V>(map: StableBTreeMap<K, V>, { key, value }: Codecs<K, V>): Packed<K> {
  const isText = (key as unknown) === text;
  const isInteger = ([u64, u64Number] as unknown[]).includes(key);
  const batches: Batch[] = [];
  const batch = new Section();
  const texts = new Section();
  const flush = () => batches.push({ bytes: batch.flush(), texts: texts.flush() });
  for (const [k, v] of map) {
    const [keyBytes, valueBytes] = [key.toBytes(k), value.toBytes(v)];
    const size = (isInteger ? 0 : SIZES) + keyBytes.length + valueBytes.length;
    if (batch.length + texts.length + size > BATCH_SIZE) flush();
    if (!isInteger) batch.addSizes(keyBytes.length, valueBytes.length);
    (isText ? texts : batch).add(keyBytes);
    batch.add(valueBytes);
  }
  flush();
  return { entries: map.length, firstKey: map.firstKeyValue()?.[0], batches };
}

/** Bytes that become more. */
class Section {
  readonly #bytes = new Uint8Array(BATCH_SIZE);
  readonly #view = new DataView(this.#bytes.buffer);
  length = 0;

  add(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  addSizes(key: number, value: number): void {
    this.#view.setUint32(this.length, key);
    this.#view.setUint32(this.length + 4, value);
    this.length += SIZES;
  }

  /** A copy of all of them; there are none afterwards. */
  flush(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.length);
    this.length = 0;
    return bytes;
  }
}
