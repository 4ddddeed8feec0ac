import { MIN_NODE_PAGE_SIZE } from "@stable-structures/core/layout";
import { JsMap } from "../engine/js/js-map.js";
import type { MapCursor, MapEngine } from "../engine/map-engine.js";
import type { MapOptions } from "../engine/map-shape.js";
import { knowsOrder } from "../engine/wasm/map-options.js";
import { WasmMap } from "../engine/wasm/wasm-map.js";
import { StaleHandleError } from "../errors.js";
import { isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import type { Contents } from "../memory/contents.js";
import { type EngineHome, engineHomeOf, type Memory } from "../memory/memory.js";
import type { StorableKey } from "../storable/storable.js";
import {
  checkCodec,
  contentsOf,
  createOnRecord,
  expectKind,
  loadOnRecord,
  type OverwriteOptions,
  prepareToCreate,
} from "./opening.js";
import { type DeleteRangeOptions, positionOf, type RangeOptions } from "./range-options.js";

/** The header stores it as a u32. */
const MAX_NODE_PAGE_SIZE = 0xffff_ffff;

/**
 * An engine that runs a B-tree, and the memory it has claimed until {@link close}: what a map and a set
 * are made of. `name` is the structure's, for errors.
 */
export class OpenMap<K, V> {
  readonly key: StorableKey<K>;
  readonly #name: string;
  readonly #engine: MapEngine<K, V>;
  readonly #release: () => void;
  #closed = false;

  private constructor(
    name: string,
    key: StorableKey<K>,
    engine: MapEngine<K, V>,
    release: () => void,
  ) {
    this.#name = name;
    this.key = key;
    this.#engine = engine;
    this.#release = release;
  }

  /** @throws see `StableBTreeMap.create` */
  static create<K, V>(
    name: string,
    memory: Memory,
    options: MapOptions<K, V> & OverwriteOptions,
  ): OpenMap<K, V> {
    checkOptions(options);
    return claimWhile(memory, `a ${name}`, (release) => {
      prepareToCreate(memory, `a ${name}`, options);
      const home = homeFor(memory, options);
      const engine = createOnRecord(memory, contentsOfMap(options), () =>
        home ? WasmMap.create(home, options) : JsMap.create(memory, options),
      );
      return new OpenMap(name, options.key, engine, release);
    });
  }

  /** @throws see `StableBTreeMap.load` */
  static load<K, V>(name: string, memory: Memory, options: MapOptions<K, V>): OpenMap<K, V> {
    checkOptions(options);
    return claimWhile(memory, `a ${name}`, (release) => {
      expectKind(memory, `a ${name}`, "btree-map");
      const home = homeFor(memory, options);
      const engine = loadOnRecord(memory, contentsOfMap(options), () => {
        const checked = JsMap.load(memory, options);
        return home ? WasmMap.load(home, options) : checked;
      });
      return new OpenMap(name, options.key, engine, release);
    });
  }

  /** @throws see `StableBTreeMap.init` */
  static init<K, V>(name: string, memory: Memory, options: MapOptions<K, V>): OpenMap<K, V> {
    return isBlank(structureKindOf(memory))
      ? OpenMap.create(name, memory, options)
      : OpenMap.load(name, memory, options);
  }

  /** @throws StaleHandleError (`STABLE_STALE_HANDLE`) after {@link close}. */
  get engine(): MapEngine<K, V> {
    if (this.#closed) throw new StaleHandleError(`this ${this.#name}`);
    return this.#engine;
  }

  /** Inserts entries; how many keys are new. */
  insertMany(entries: Iterable<readonly [K, V]>): number {
    const { engine } = this;
    const before = engine.length;
    engine.insertMany(entries);
    return engine.length - before;
  }

  /** Fills an empty tree with ascending entries; how many there are. */
  bulkLoad(entries: Iterable<readonly [K, V]>): number {
    const { engine } = this;
    if (engine.length > 0) {
      throw new RangeError(
        `bulkLoad needs an empty ${this.#name} and this one has length ${engine.length}; use insertMany`,
      );
    }
    engine.bulkLoad(entries);
    return engine.length;
  }

  /** Removes the entries of a range; how many. */
  deleteRange({ limit = Number.MAX_SAFE_INTEGER, ...range }: DeleteRangeOptions<K>): number {
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw new RangeError(`limit is a whole number of entries, got ${limit}`);
    return this.engine.removeRange(positionOf(this.key, range).range, limit);
  }

  /** What an iterator over a range is made of. */
  cursor(options: RangeOptions<K>, values: boolean): [cursor: MapCursor<K, V>, reverse: boolean] {
    const { range, reverse } = positionOf(this.key, options);
    return [this.engine.cursor(range, { reverse, values }), reverse];
  }

  /** Gives the memory back; {@link engine}, and so everything else, refuses from now on. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#engine.close();
    } finally {
      this.#release();
    }
  }
}

function contentsOfMap<K, V>({ key, value }: MapOptions<K, V>): Contents {
  return contentsOf("btree-map", key, value);
}

/** Where an engine can run the tree; undefined where only JavaScript can. */
function homeFor<K>(
  memory: Memory,
  { key }: { readonly key: StorableKey<K> },
): EngineHome | undefined {
  return knowsOrder(key) ? engineHomeOf(memory) : undefined;
}

/** Programs in plain JavaScript get told here what TypeScript tells the others. */
function checkOptions<K, V>(options: Partial<MapOptions<K, V>> | undefined): void {
  const { key, value, layoutVersion = 2 } = options ?? {};
  checkCodec("key", key);
  checkCodec("value", value);
  if (typeof key?.compare !== "function") {
    throw new TypeError(`options.key cannot be ${key?.name}: it has no order`);
  }
  if (layoutVersion !== 1 && layoutVersion !== 2) {
    throw new RangeError(`layoutVersion is 1 or 2, got ${String(layoutVersion)}`);
  }
  if (options?.nodePageSize !== undefined) checkNodePageSize(options.nodePageSize, layoutVersion);
}

function checkNodePageSize(size: number, layoutVersion: 1 | 2): void {
  if (typeof size !== "number")
    throw new TypeError(`nodePageSize is a number of bytes, got ${typeof size}`);
  if (!Number.isInteger(size) || size < MIN_NODE_PAGE_SIZE || size > MAX_NODE_PAGE_SIZE) {
    throw new RangeError(
      `nodePageSize is a whole number of bytes from ${MIN_NODE_PAGE_SIZE} to 2^32 - 1, got ${size}`,
    );
  }
  if (layoutVersion === 1)
    throw new RangeError("a map of layout version 1 has the node page size that its bounds give");
}
