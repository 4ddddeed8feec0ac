import type { Core, CoreExports } from "@stable-structures/core";
import { E_TOO_MANY_BUCKETS, MANAGER_TABLES_END, OK, TABLES } from "@stable-structures/core/layout";
import {
  CorruptedError,
  GrowFailedError,
  type StableStructuresError,
  TooManyBucketsError,
} from "../../errors.js";
import type { EngineHome } from "../../memory/memory.js";
import type { WasmMemory } from "../../memory/wasm-memory.js";
import { PAGE_SIZE } from "../../units.js";
import type { BucketEngine } from "../bucket-engine.js";
import { ManagerTables } from "../manager-tables.js";

// PERF: up to this length a loop beats TypedArray.set with the subarray that reading needs, which costs
// about 30 ns by itself; writing needs no subarray (benchmarks/core, Node 20, 2026-11).
const SHORT_READ = 16;

/** A memory manager's work in WebAssembly: one call translates, then bytes are copied directly. */
export class WasmBuckets implements BucketEngine {
  readonly kind = "wasm";
  readonly #core: Core;
  readonly #exports: CoreExports;
  readonly #bucketBytes: number;

  private constructor(core: Core) {
    this.#core = core;
    this.#exports = core.exports;
    this.#bucketBytes = this.tables().bucketSizeInPages * PAGE_SIZE;
  }

  /** Writes an empty manager over the start of `memory`. @throws GrowFailedError */
  static create({ core }: WasmMemory, bucketSizeInPages: number): WasmBuckets {
    if (core.managerCreate(bucketSizeInPages) !== OK)
      throw new GrowFailedError(core.exports.imageSize(), 1);
    return new WasmBuckets(core);
  }

  /** Opens the manager in `memory`; writes nothing. @throws what {@link ManagerTables.load} does. */
  static load(memory: WasmMemory): WasmBuckets {
    ManagerTables.load(memory); // says what is wrong, where a status could only say that something is
    const status = memory.core.exports.managerOpen();
    if (status !== OK)
      throw new CorruptedError(0, `a manager the engine accepts (status ${status})`);
    return new WasmBuckets(memory.core);
  }

  homeOf(id: number): EngineHome {
    return {
      core: this.#core,
      home: id,
      refusal: (pages, status) => this.#refusal(id, pages, status),
    };
  }

  sizeOf(id: number): number {
    return this.#exports.managerSize(id) >>> 0;
  }

  tables(): ManagerTables {
    return new ManagerTables(this.#core.bytes.subarray(TABLES, TABLES + MANAGER_TABLES_END));
  }

  grow(id: number, pages: number): number | StableStructuresError {
    const previous = pages > 0xffff_ffff ? E_TOO_MANY_BUCKETS : this.#core.managerGrow(id, pages);
    return previous >= 0 ? previous : this.#refusal(id, pages, previous);
  }

  read(id: number, offset: number, target: Uint8Array): void {
    const { length } = target;
    const pointer = this.#exports.managerTranslate(id, offset, length) >>> 0;
    const { bytes } = this.#core;
    if (pointer === 0) {
      this.#forEachPiece(offset, target, (at, piece) => this.read(id, at, piece));
    } else if (length > SHORT_READ) {
      target.set(bytes.subarray(pointer, pointer + length));
    } else {
      for (let i = 0; i < length; i++) target[i] = bytes[pointer + i] as number;
    }
  }

  write(id: number, offset: number, source: Uint8Array): void {
    const { length } = source;
    const pointer = this.#exports.managerTranslate(id, offset, length) >>> 0;
    const { bytes } = this.#core;
    if (pointer === 0) {
      this.#forEachPiece(offset, source, (at, piece) => this.write(id, at, piece));
    } else {
      bytes.set(source, pointer);
    }
  }

  /** Cuts a range that is scattered over the image at the ends of its buckets. */
  #forEachPiece(
    offset: number,
    bytes: Uint8Array,
    visit: (offset: number, piece: Uint8Array) => void,
  ): void {
    for (let done = 0; done < bytes.length; ) {
      const at = offset + done;
      const end = Math.min(bytes.length, done + this.#bucketBytes - (at % this.#bucketBytes));
      // A range within one bucket has a pointer, unless somebody changed the engine's tables.
      if (end - done === bytes.length)
        throw new CorruptedError(at, "a bucket that the engine knows");
      visit(at, bytes.subarray(done, end));
      done = end;
    }
  }

  #refusal(id: number, pages: number, status: number): StableStructuresError {
    const tables = this.tables();
    const { bucketSizeInPages, allocatedBuckets } = tables;
    const size = tables.sizeOf(id);
    const added =
      Math.ceil((size + pages) / bucketSizeInPages) - Math.ceil(size / bucketSizeInPages);
    if (status === E_TOO_MANY_BUCKETS)
      return new TooManyBucketsError(bucketSizeInPages, allocatedBuckets, added);
    const imageSize = this.#core.exports.imageSize();
    return new GrowFailedError(
      imageSize,
      1 + (allocatedBuckets + added) * bucketSizeInPages - imageSize,
    );
  }
}
