import type { BucketEngine } from "../engine/bucket-engine.js";
import { JsBuckets } from "../engine/js/buckets.js";
import { WasmBuckets } from "../engine/wasm/buckets.js";
import {
  BadMagicError,
  BucketSizeMismatchError,
  ForeignBytesError,
  MemoryInUseError,
  StaleHandleError,
} from "../errors.js";
import { describeKind, isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile, holderOf } from "../memory/claims.js";
import { type Memory, zero } from "../memory/memory.js";
import { WasmMemory } from "../memory/wasm-memory.js";
import { CATALOG_ID, Catalog, type NamedMemoryOptions } from "./catalog.js";
import { type CatalogEntry, MAX_NAMED_ID } from "./catalog-entry.js";
import { type MemoryId, retire, setRecord, VirtualMemory } from "./virtual-memory.js";

const HOLDER = "a MemoryManager";
const MAX_BUCKET_SIZE = 65_535;
const MAX_MEMORY_ID = 254;

/** Options of {@link MemoryManager.init}. */
export interface MemoryManagerOptions {
  /**
   * Pages of 64 KiB in a bucket, 1 to 65,535; fixed for the life of the image. A memory occupies whole
   * buckets, so large ones waste space; a manager has at most 32,768 buckets, so small ones cap it
   * (1 page: 2 GiB, 16 pages: 32 GiB, 128 pages, the Rust crate's default: 256 GiB).
   */
  bucketSizeInPages: number;
}

/** Options of {@link MemoryManager.create}. */
export interface CreateManagerOptions extends MemoryManagerOptions {
  /** Create even where the memory holds something, which is lost. Its bytes past 34,848 stay, as in Rust. */
  overwrite?: boolean;
  /** With `overwrite`: also write zeroes over the whole memory first. */
  zero?: boolean;
}

/** What a manager says of one of its memories. */
export interface MemoryInfo {
  readonly id: MemoryId;
  /** Size in pages of 64 KiB. */
  readonly sizeInPages: number;
  /** The buckets it owns, in the order in which they make up its bytes. */
  readonly buckets: readonly number[];
}

/**
 * Divides a memory into up to 255 virtual memories made of buckets, byte for byte as the Rust crate's
 * `MemoryManager`. Over a `WasmMemory` it works in WebAssembly, over any other memory in JavaScript.
 *
 * A manager holds its memory until {@link close}; one memory has one manager.
 */
export class MemoryManager {
  readonly #engine: BucketEngine;
  readonly #release: () => void;
  readonly #handles = new Map<MemoryId, VirtualMemory>();
  readonly #catalog: Catalog;
  #closed = false;

  private constructor(engine: BucketEngine, release: () => void) {
    this.#engine = engine;
    this.#release = release;
    this.#catalog = new Catalog(this.get(CATALOG_ID));
  }

  /**
   * Makes a new manager in an empty memory, or in one that holds only zeroes.
   * @throws RangeError unless the bucket size is a whole number from 1 to 65,535.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when something is there and `overwrite` is not set.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`), GrowFailedError (`STABLE_GROW_FAILED`)
   */
  static create(memory: Memory, options: CreateManagerOptions): MemoryManager {
    const bucketSizeInPages = checkBucketSize(options);
    return claimWhile(memory, HOLDER, (release) => {
      const kind = structureKindOf(memory);
      if (!isBlank(kind) && !options.overwrite)
        throw new ForeignBytesError("create", HOLDER, describeKind(kind));
      if (options.overwrite && options.zero) zero(memory);
      return new MemoryManager(createEngine(memory, bucketSizeInPages), release);
    });
  }

  /**
   * Opens the manager in `memory`. Writes nothing; the bucket size is the image's.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when there is no manager, naming what there is.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`), CorruptedError (`STABLE_CORRUPTED`),
   * MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  static load(memory: Memory): MemoryManager {
    return claimWhile(memory, HOLDER, (release) => new MemoryManager(loadEngine(memory), release));
  }

  /**
   * Opens the manager in `memory`, or makes one where the memory is empty or all zero.
   * @throws BucketSizeMismatchError (`STABLE_BUCKET_SIZE_MISMATCH`) when the image has another bucket
   * size; unlike Rust, which keeps the image's without a word.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when the memory holds anything else; unlike
   * Rust, which overwrites it.
   * @throws what {@link create} and {@link load} throw.
   */
  static init(memory: Memory, options: MemoryManagerOptions): MemoryManager {
    const bucketSizeInPages = checkBucketSize(options);
    return claimWhile(memory, HOLDER, (release) => {
      const kind = structureKindOf(memory);
      if (isBlank(kind)) return new MemoryManager(createEngine(memory, bucketSizeInPages), release);
      const engine = loadEngine(memory);
      const actual = engine.tables().bucketSizeInPages;
      if (actual !== bucketSizeInPages)
        throw new BucketSizeMismatchError(bucketSizeInPages, actual);
      return new MemoryManager(engine, release);
    });
  }

  /** Pages of 64 KiB in a bucket. */
  get bucketSizeInPages(): number {
    return this.#open().tables().bucketSizeInPages;
  }

  /** Buckets handed out so far, of 32,768. */
  get allocatedBuckets(): number {
    return this.#open().tables().allocatedBuckets;
  }

  /** Where addresses are translated: `"wasm"` over a `WasmMemory`, else `"js"`. */
  get engine(): "js" | "wasm" {
    return this.#open().kind;
  }

  /**
   * The memory with number `id`, always the same object. A memory that was never grown has no pages.
   * @throws RangeError unless `id` is a whole number from 0 to 254.
   * @throws StaleHandleError (`STABLE_STALE_HANDLE`) after {@link close}.
   */
  get(id: MemoryId): VirtualMemory {
    if (!Number.isInteger(id) || id < 0 || id > MAX_MEMORY_ID) {
      throw new RangeError(`a memory id is a whole number from 0 to ${MAX_MEMORY_ID}, got ${id}`);
    }
    const engine = this.#open();
    let memory = this.#handles.get(id);
    if (memory === undefined) {
      memory = new VirtualMemory(engine, id);
      this.#handles.set(id, memory);
    }
    return memory;
  }

  /**
   * The memory called `name`. What a structure that is opened in it is, and what its codecs write, goes
   * on record; a later opening that differs is refused.
   *
   * Names are kept in memory 253 as Rust's `StableBTreeMap<String, String>`, from the name to JSON of
   * `id`, `version`, `structure` and `codecs`; it is made with the first name. Without names a manager's
   * bytes are the crate's, and ids go on working beside names. Complexity: all names.
   * @throws CatalogMismatchError (`STABLE_CATALOG_MISMATCH`) when there is no such name and no `id` was
   * given, when it has another id or version, or the id has another name.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when memory 253 holds something else.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) when a new name does not fit; nothing has changed.
   */
  memory(name: string, options: NamedMemoryOptions = {}): VirtualMemory {
    checkName(name, options);
    const engine = this.#open();
    const isFree = (id: MemoryId) => !this.#handles.has(id) && engine.sizeOf(id) === 0;
    const memory = this.get(this.#catalog.declare(name, options, isFree).id);
    setRecord(memory, this.#catalog.recordOf(name));
    return memory;
  }

  /** What the catalog says of all names, in their order. Empty where no name was ever given. */
  catalog(): CatalogEntry[] {
    this.#open();
    return this.#catalog.entries();
  }

  /**
   * Takes a name out of the catalog; the bytes of its memory stay. False when it was not there. Give it
   * again with {@link memory}, for another version, codec or id.
   */
  forget(name: string): boolean {
    this.#open();
    const entry = this.#catalog.find(name);
    if (entry === undefined) return false;
    this.#catalog.delete(entry);
    setRecord(this.get(entry.id), undefined);
    return true;
  }

  /** The memories that have pages or own buckets, by id. Complexity: all allocated buckets. */
  memories(): MemoryInfo[] {
    const tables = this.#open().tables();
    return tables
      .bucketLists()
      .map((buckets, id) => ({ id, sizeInPages: tables.sizeOf(id), buckets }))
      .filter(({ sizeInPages, buckets }) => sizeInPages > 0 || buckets.length > 0);
  }

  /** Owner of each allocated bucket, by bucket number; 255 = nobody. A copy. */
  bucketOwners(): Uint8Array {
    const tables = this.#open().tables();
    return tables.owners.slice(0, tables.allocatedBuckets);
  }

  /**
   * Gives the memory back. Handles of its virtual memories refuse from now on (`STABLE_STALE_HANDLE`).
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`) while a structure is open on one of them.
   */
  close(): void {
    if (this.#closed) return;
    for (const [id, memory] of this.#handles) {
      const holder = holderOf(memory);
      if (holder !== undefined)
        throw new MemoryInUseError(`${holder} on memory ${id} of this manager`);
    }
    this.#closed = true;
    for (const memory of this.#handles.values()) retire(memory);
    this.#release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): BucketEngine {
    if (this.#closed) throw new StaleHandleError("this MemoryManager");
    return this.#engine;
  }
}

function createEngine(memory: Memory, bucketSizeInPages: number): BucketEngine {
  return memory instanceof WasmMemory
    ? WasmBuckets.create(memory, bucketSizeInPages)
    : JsBuckets.create(memory, bucketSizeInPages);
}

function loadEngine(memory: Memory): BucketEngine {
  try {
    return memory instanceof WasmMemory ? WasmBuckets.load(memory) : JsBuckets.load(memory);
  } catch (error) {
    if (!(error instanceof BadMagicError)) throw error;
    throw new ForeignBytesError("open", HOLDER, describeKind(structureKindOf(memory)));
  }
}

function checkBucketSize(options: MemoryManagerOptions | undefined): number {
  const { bucketSizeInPages } = options ?? ({} as MemoryManagerOptions);
  if (
    !Number.isInteger(bucketSizeInPages) ||
    bucketSizeInPages < 1 ||
    bucketSizeInPages > MAX_BUCKET_SIZE
  ) {
    throw new RangeError(
      `bucketSizeInPages must be a whole number from 1 to ${MAX_BUCKET_SIZE}, got ${bucketSizeInPages}; ` +
        "it is fixed for the life of the memory, so there is no default",
    );
  }
  return bucketSizeInPages;
}

function checkName(name: string, { id, version }: NamedMemoryOptions): void {
  if (typeof name !== "string") throw new TypeError(`a name is text, got ${typeof name}`);
  if (name === "") throw new RangeError("a name has at least one character");
  const isId = typeof id === "number" && Number.isInteger(id) && id >= 0 && id <= MAX_NAMED_ID;
  if (id !== undefined && id !== "next" && !isId)
    throw new RangeError(`the id of a name is 0 to ${MAX_NAMED_ID} or "next", got ${String(id)}`);
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 0))
    throw new RangeError(`a version is a whole number, got ${String(version)}`);
}
