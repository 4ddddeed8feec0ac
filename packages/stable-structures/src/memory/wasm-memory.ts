import { Core, type CoreOptions } from "@stable-structures/core";
import { IMAGE_BASE } from "@stable-structures/core/layout";
import { GrowFailedError } from "../errors.js";
import { PAGE_SIZE } from "../units.js";
import {
  checkPages,
  checkRange,
  type EngineHome,
  engineHome,
  type Memory,
  writeImage,
} from "./memory.js";

/**
 * A memory inside the engine's own linear memory: the fast path. A MemoryManager on it, and the maps
 * in its memories, run in WebAssembly. One image of at most 65,499 pages (just below 4 GiB) per instance.
 */
export class WasmMemory implements Memory {
  /** The engine whose linear memory holds these bytes. */
  readonly core: Core;

  private constructor(core: Core) {
    this.core = core;
  }

  /**
   * Instantiates an engine with an empty memory, synchronously.
   *
   * Where the host refuses to compile bytes (edge runtimes), pass the compiled
   * `@stable-structures/core/core.wasm` as `module`.
   * @throws EngineMismatchError (`STABLE_ENGINE_MISMATCH`) when `module` is not this version's engine.
   */
  static create(options?: CoreOptions): WasmMemory {
    return new WasmMemory(Core.instantiate(options));
  }

  /** A memory that starts with a copy of `image`, filled up to a whole page with zeroes. */
  static from(image: Uint8Array, options?: CoreOptions): WasmMemory {
    const memory = WasmMemory.create(options);
    writeImage(memory, image);
    return memory;
  }

  /** A map in this memory, without a manager, is the engine's memory 255. */
  get [engineHome](): EngineHome {
    const { core } = this;
    return { core, home: 255, refusal: (pages) => new GrowFailedError(this.size(), pages) };
  }

  size(): number {
    return this.core.exports.imageSize();
  }

  grow(pages: number): number {
    checkPages("pages", pages);
    return pages > 0xffff ? -1 : this.core.imageGrow(pages);
  }

  read(offset: number, target: Uint8Array): void {
    checkRange(offset, target.length, this.size() * PAGE_SIZE);
    const start = IMAGE_BASE + offset;
    target.set(this.core.bytes.subarray(start, start + target.length));
  }

  write(offset: number, source: Uint8Array): void {
    checkRange(offset, source.length, this.size() * PAGE_SIZE);
    this.core.bytes.set(source, IMAGE_BASE + offset);
  }
}
