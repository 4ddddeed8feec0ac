import {
  ALLOCATED_CHUNKS_OFFSET,
  ALLOCATION_SIZE_OFFSET,
  CHUNK_HEADER_SIZE,
} from "@stable-structures/core/layout";
import {
  blob,
  boundedBlob,
  type Memory,
  MemoryManager,
  principal,
  readImage,
  StableBTreeMap,
  type Storable,
  type StorableKey,
  text,
  u64,
  u64Number,
  VectorMemory,
  WasmMemory,
} from "stable-structures";
import {
  type Floor,
  MANY,
  MOST_QUERIES,
  MOST_SLOW_ENTRIES,
  MOST_SLOW_QUERIES,
  type Phase,
  RANGE,
} from "../case.js";
import { bytesValue, type List, numberOf, type Workload } from "../streams.js";
import { CountingMemory, type Counts, countEngine } from "./counting.js";
import { Floors } from "./floors/floors.js";
import type { Session, Work } from "./session.js";

/** Which engine, and how 64-bit integers come and go. */
export interface Flavour {
  readonly engine: "wasm" | "js";
  readonly integers: "bigint" | "number";
  /** Count what is done, which takes time. */
  readonly counting: boolean;
  /** Instead of the case's; the image is then another than those of other subjects. */
  readonly bucketSizeInPages?: number;
}

/** How the values of a case look to a program. */
interface Types<K, V> {
  readonly key: StorableKey<K>;
  readonly value: Storable<V>;
  /** A key of the workload, and keys in a list that is read fast. */
  readonly keys: (keys: List<never>) => List<K>;
  /** Value number `index`, and back. */
  readonly valueAt: (index: number) => V;
  readonly numberOf: (value: V) => number;
}

const BIGINTS: Types<bigint, bigint> = {
  key: u64,
  value: u64,
  keys: (keys) => BigUint64Array.from(keys as List<number> as Float64Array, BigInt),
  valueAt: BigInt,
  numberOf: Number,
};

const NUMBERS: Types<number, number> = {
  key: u64Number,
  value: u64Number,
  keys: (keys) => keys,
  valueAt: (index) => index,
  numberOf: (value) => value,
};

/** Phases that fill a map otherwise than `insert` does. */
const FILLING: ReadonlySet<Phase> = new Set(["insert-ascending", "insert-many", "bulk-load"]);

/** Maps of this project, in memories of a manager. */
export function openOurs(work: Workload, flavour: Flavour): Session {
  const { keys, values } = work.case;
  if (keys === "u64") {
    return flavour.integers === "bigint"
      ? new OurSession(work, flavour, BIGINTS)
      : new OurSession(work, flavour, NUMBERS);
  }
  const value = values === "blob128" ? boundedBlob(128) : blob;
  const bytes = { value, valueAt: bytesValue(values), numberOf, keys: (all: List<never>) => all };
  return keys === "text"
    ? new OurSession(work, flavour, { key: text, ...bytes })
    : new OurSession(work, flavour, { key: principal, ...bytes });
}

class OurSession<K, V> implements Session {
  readonly #work: Workload;
  readonly #engine: Flavour["engine"];
  readonly #types: Types<K, V>;
  readonly #memory: Memory;
  readonly #keys: List<K>;
  readonly #queries: List<K>;
  readonly #absent: List<K>;
  readonly #ranges: { gte: K; lt: K }[];
  readonly counts: (() => Counts) | undefined;
  readonly image: (() => Promise<string>) | undefined;
  readonly #bucketSizeInPages: number;
  #manager: MemoryManager | undefined;
  #maps: StableBTreeMap<K, V>[] = [];
  #floors: Floors<K, V> | undefined;

  constructor(work: Workload, flavour: Flavour, types: Types<K, V>) {
    const { engine, counting, bucketSizeInPages } = flavour;
    this.#work = work;
    this.#bucketSizeInPages = bucketSizeInPages ?? work.case.bucketSizeInPages;
    this.image = bucketSizeInPages === undefined ? () => this.#image() : undefined;
    this.#engine = engine;
    this.#types = types;
    const convert = (keys: List<unknown>) => types.keys(keys as List<never>);
    this.#keys = convert(work.keys);
    const most = engine === "js" ? MOST_SLOW_QUERIES : Number.POSITIVE_INFINITY;
    this.#queries = convert([...part(work.queries, 0, most)]);
    this.#absent = convert([...part(work.absent, 0, most)]);
    const [starts, ends] = [convert(work.starts), convert(work.ends)];
    this.#ranges = Array.from(work.starts, (_, i) => ({ gte: starts[i] as K, lt: ends[i] as K }));
    if (engine === "wasm") {
      const memory = WasmMemory.create();
      if (counting) this.counts = countEngine(memory.core);
      this.#memory = memory;
    } else {
      const memory = new CountingMemory(new VectorMemory());
      if (counting) this.counts = () => memory.counts;
      this.#memory = counting ? memory : new VectorMemory();
    }
  }

  reset(): void {
    for (const map of this.#maps) map.close();
    this.#manager?.close();
    const { maps } = this.#work.case;
    const bucketSizeInPages = this.#bucketSizeInPages;
    const options = { bucketSizeInPages, overwrite: true, zero: true };
    const manager = MemoryManager.create(this.#memory, options);
    this.#manager = manager;
    this.#maps = Array.from({ length: maps }, (_, id) =>
      StableBTreeMap.create(manager.get(id), this.#types),
    );
    const { engine } = this.#map;
    if (engine !== this.#engine) throw new Error(`the map runs in ${engine}`);
  }

  run(phase: Phase): Work | undefined {
    const isOne = this.#maps.length === 1;
    const isU64 = this.#work.case.keys === "u64";
    if (this.#engine === "js" && FILLING.has(phase) && this.#keys.length > MOST_SLOW_ENTRIES)
      return undefined;
    switch (phase) {
      case "insert":
        return isOne ? this.#insert(this.#map) : this.#insertInTurn();
      case "get":
        return isOne ? this.#get(this.#map) : this.#getFromBoth();
      case "get-absent":
        return this.#getAbsent(this.#map);
      case "iterate":
        return this.#iterate();
      case "range":
        return this.#range(this.#map);
      case "remove":
        return isOne ? this.#remove(this.#map) : this.#removeFromBoth();
      case "get-many":
        return isOne ? this.#getMany(this.#map) : undefined;
      case "insert-many":
        return isOne ? this.#insertMany(this.#map) : undefined;
      case "insert-ascending":
        return isU64 ? this.#insertAscending(this.#map) : undefined;
      case "bulk-load":
        return isU64 && isOne ? this.#bulkLoad(this.#map) : undefined;
      case "floor":
      case "floor-change":
      case "floor-iterate":
        return isOne ? this.#floor(phase) : undefined;
    }
  }

  async #image(): Promise<string> {
    const image = readImage(this.#memory) as Uint8Array<ArrayBuffer>;
    const digest = await crypto.subtle.digest("SHA-256", image);
    const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
    return `sha256 ${hash.join("")} pages ${this.#memory.size()}`;
  }

  bytes(): number {
    return this.#maps.reduce((sum, _, id) => sum + this.#chunkBytes(id), 0);
  }

  get #map(): StableBTreeMap<K, V> {
    return this.#maps[0] as StableBTreeMap<K, V>;
  }

  /** Bytes of the chunks in which the nodes of a map are. */
  #chunkBytes(id: number): number {
    const header = new Uint8Array(100);
    (this.#manager as MemoryManager).get(id).read(0, header);
    const view = new DataView(header.buffer);
    const size = Number(view.getBigUint64(ALLOCATION_SIZE_OFFSET, true)) + CHUNK_HEADER_SIZE;
    return Number(view.getBigUint64(ALLOCATED_CHUNKS_OFFSET, true)) * size;
  }

  #all(): Work {
    const checksum = this.#maps.reduce((sum, map) => sum + map.length, 0);
    return { operations: this.#keys.length, checksum };
  }

  #insert(map: StableBTreeMap<K, V>): Work {
    const keys = this.#keys;
    const { valueAt } = this.#types;
    for (let i = 0; i < keys.length; i++) map.insert(keys[i] as K, valueAt(i));
    return this.#all();
  }

  #insertInTurn(): Work {
    const keys = this.#keys;
    const { valueAt } = this.#types;
    for (let i = 0; i < keys.length; i++)
      (this.#maps[i & 1] as StableBTreeMap<K, V>).insert(keys[i] as K, valueAt(i));
    return this.#all();
  }

  #get(map: StableBTreeMap<K, V>): Work {
    const queries = this.#queries;
    const { numberOf } = this.#types;
    const operations = Math.min(queries.length, MOST_QUERIES);
    let checksum = 0;
    for (let i = 0; i < operations; i++) checksum += numberOf(map.get(queries[i] as K) as V);
    return { operations, checksum };
  }

  #getFromBoth(): Work {
    const queries = this.#queries;
    const [first, second] = this.#maps as [StableBTreeMap<K, V>, StableBTreeMap<K, V>];
    const operations = Math.min(queries.length, MOST_QUERIES);
    let checksum = 0;
    for (let i = 0; i < operations; i++) {
      const key = queries[i] as K;
      checksum += this.#types.numberOf((first.get(key) ?? second.get(key)) as V);
    }
    return { operations, checksum };
  }

  #getAbsent(map: StableBTreeMap<K, V>): Work {
    const absent = this.#absent;
    let checksum = 0;
    for (let i = 0; i < absent.length; i++) {
      if (map.get(absent[i] as K) === undefined) checksum++;
    }
    return { operations: absent.length, checksum };
  }

  #getMany(map: StableBTreeMap<K, V>): Work {
    const operations = Math.min(this.#queries.length, MOST_QUERIES);
    const { numberOf } = this.#types;
    let checksum = 0;
    for (let i = 0; i < operations; i += MANY)
      for (const value of map.getMany(part(this.#queries, i, Math.min(i + MANY, operations))))
        checksum += numberOf(value as V);
    return { operations, checksum };
  }

  #iterate(): Work {
    const { numberOf } = this.#types;
    let checksum = 0;
    for (const map of this.#maps) {
      let previous: K | undefined;
      for (const [key, value] of map) {
        if (key === previous) throw new Error("a key came twice");
        previous = key;
        checksum += numberOf(value);
      }
    }
    return { operations: this.#keys.length, checksum };
  }

  #range(map: StableBTreeMap<K, V>): Work {
    const { numberOf } = this.#types;
    let checksum = 0;
    for (const range of this.#ranges)
      for (const [, value] of map.range(range)) checksum += numberOf(value);
    return { operations: this.#ranges.length * RANGE, checksum };
  }

  #remove(map: StableBTreeMap<K, V>): Work {
    const queries = this.#queries;
    let checksum = 0;
    for (let i = 0; i < queries.length; i++) {
      if (map.remove(queries[i] as K) !== undefined) checksum++;
    }
    return { operations: queries.length, checksum };
  }

  #removeFromBoth(): Work {
    const queries = this.#queries;
    const [first, second] = this.#maps as [StableBTreeMap<K, V>, StableBTreeMap<K, V>];
    let checksum = 0;
    for (let i = 0; i < queries.length; i++) {
      const key = queries[i] as K;
      if ((first.remove(key) ?? second.remove(key)) !== undefined) checksum++;
    }
    return { operations: queries.length, checksum };
  }

  #insertAscending(map: StableBTreeMap<K, V>): Work {
    const operations = this.#keys.length;
    const { valueAt } = this.#types;
    // A key is a number, or a bigint, as a value is.
    for (let i = 0; i < operations; i++) map.insert(valueAt(i) as unknown as K, valueAt(i));
    return { operations, checksum: map.length };
  }

  #insertMany(map: StableBTreeMap<K, V>): Work {
    map.insertMany(entriesOf(this.#keys, this.#types.valueAt));
    return this.#all();
  }

  #bulkLoad(map: StableBTreeMap<K, V>): Work {
    const sorted = (this.#keys as unknown as Float64Array).slice().sort() as unknown as List<K>;
    const start = performance.now();
    map.bulkLoad(entriesOf(sorted, this.#types.valueAt));
    return { ...this.#all(), nanoseconds: (performance.now() - start) * 1e6 };
  }

  #floor(floor: Floor): Work | undefined {
    if (this.#engine !== "wasm") return undefined;
    this.#floors ??= new Floors(this.#memory as WasmMemory, this.#types);
    return this.#floors.measure(floor, this.#map, this.#queries);
  }
}

function* part<T>(list: List<T>, from: number, to: number): Generator<T> {
  for (let i = from; i < Math.min(to, list.length); i++) yield list[i] as T;
}

function* entriesOf<K, V>(keys: List<K>, valueAt: (index: number) => V): Generator<[K, V]> {
  for (let i = 0; i < keys.length; i++) yield [keys[i] as K, valueAt(i)];
}
