import {
  ABI_VERSION,
  IMAGE_BASE_IN_PAGES,
  MAX_IMAGE_PAGES,
  MAX_LINEAR_PAGES,
} from "../layout/index.js";
import { EngineMismatchError } from "./errors.js";
import type { CoreExports } from "./exports.js";
import { wasm } from "./generated/wasm.js";
import { bytesOfPrintable } from "./printable.js";

/** Options of {@link Core.instantiate}. */
export interface CoreOptions {
  /**
   * The compiled `core.wasm`. Needed where the host refuses to compile bytes at run time (Cloudflare
   * Workers and other edge runtimes); otherwise the embedded bytes are compiled on first use.
   */
  module?: WebAssembly.Module;
  /** What the module imports beside its memory. The engine for images in linear memory needs nothing. */
  imports?: WebAssembly.Imports;
  /** Most pages of 64 KiB the image may have; 65,499 unless given. */
  maximumPages?: number;
}

/**
 * One instance of the engine: a linear memory with one stable memory image in it.
 *
 * Whatever may grow the linear memory is a method here and keeps {@link Core.bytes} and
 * {@link Core.view} alive; everything else is called on {@link Core.exports}.
 */
export class Core {
  /** The linear memory; the image starts at `IMAGE_BASE` of the layout. */
  readonly memory: WebAssembly.Memory;
  /** The raw functions of the module. */
  readonly exports: CoreExports;
  /**
   * A view on the whole linear memory. Replaced when the memory grows, so read it anew after every
   * call that may grow the image.
   */
  bytes: Uint8Array;
  /** The same memory as a DataView; replaced together with {@link Core.bytes}. */
  view: DataView;
  /** The buffer of both; replaced together with them. */
  buffer: ArrayBuffer;

  private constructor(memory: WebAssembly.Memory, exports: CoreExports) {
    this.memory = memory;
    this.exports = exports;
    this.buffer = memory.buffer;
    this.bytes = new Uint8Array(this.buffer);
    this.view = new DataView(this.buffer);
  }

  /**
   * Instantiates the engine, synchronously, with an empty image.
   *
   * @throws EngineMismatchError (`STABLE_ENGINE_MISMATCH`) when `module` is another module, or of
   * another version.
   * @throws RangeError when `maximumPages` is not a whole number of 0 to 65,499.
   */
  static instantiate(options: CoreOptions = {}): Core {
    const { module, imports, maximumPages = MAX_IMAGE_PAGES } = options;
    if (!Number.isInteger(maximumPages) || maximumPages < 0 || maximumPages > MAX_IMAGE_PAGES) {
      throw new RangeError(`maximumPages must be 0 to ${MAX_IMAGE_PAGES}, got ${maximumPages}`);
    }
    const memory = new WebAssembly.Memory({
      initial: IMAGE_BASE_IN_PAGES,
      maximum: MAX_LINEAR_PAGES,
    });
    const exports = link(module ?? embeddedModule(), { ...imports, env: { memory } });
    if (exports.abi?.() !== ABI_VERSION) {
      throw new EngineMismatchError(ABI_VERSION, exports.abi?.());
    }
    exports.imageSetLimit(maximumPages);
    return new Core(memory, exports);
  }

  /** Grows the image by `pages` zero pages; its previous size, or `E_GROW_FAILED`. */
  imageGrow(pages: number): number {
    return this.#afterGrowth(this.exports.imageGrow(pages));
  }

  /** Grows memory `id` of the manager by `pages`; its previous size, or a status. */
  managerGrow(id: number, pages: number): number {
    return this.#afterGrowth(this.exports.managerGrow(id, pages));
  }

  /** Writes an empty manager over the start of the image, growing an empty one; a status. */
  managerCreate(bucketSizeInPages: number): number {
    return this.#afterGrowth(this.exports.managerCreate(bucketSizeInPages));
  }

  /** Pointer to `length` bytes above the image for the next map call, 0 when there is no room. */
  imageTransfer(length: number): number {
    return this.#afterGrowth(this.exports.imageTransfer(length)) >>> 0;
  }

  /** Writes an empty map and opens it, see {@link CoreExports.mapCreate}; a status. */
  mapCreate(home: number, version: number, first: number, second: number): number {
    return this.#afterGrowth(this.exports.mapCreate(home, version, first, second));
  }

  /** Inserts an entry, see {@link CoreExports.mapInsert}; a pointer, 0, or a status. */
  mapInsert(
    home: number,
    key: number,
    keySize: number,
    value: number,
    valueSize: number,
    force: boolean,
  ): number {
    return this.#afterGrowth(this.exports.mapInsert(home, key, keySize, value, valueSize, force));
  }

  /** Removes a key, see {@link CoreExports.mapRemove}; a pointer, 0, or a status. */
  mapRemove(home: number, key: number, size: number, force: boolean): number {
    return this.#afterGrowth(this.exports.mapRemove(home, key, size, force));
  }

  /** Removes the first or last entry, see {@link CoreExports.mapPop}; a pointer, 0, or a status. */
  mapPop(home: number, last: boolean, force: boolean): number {
    return this.#afterGrowth(this.exports.mapPop(home, last, force));
  }

  /** Inserts entries, see {@link CoreExports.mapInsertMany}; a status. */
  mapInsertMany(home: number, entries: number, count: number): number {
    return this.#afterGrowth(this.exports.mapInsertMany(home, entries, count));
  }

  /** Removes a range, see {@link CoreExports.mapRemoveRange}; 1, 0, or a status. */
  mapRemoveRange(
    home: number,
    flags: number,
    start: number,
    startSize: number,
    end: number,
    endSize: number,
    most: number,
  ): number {
    return this.#afterGrowth(
      this.exports.mapRemoveRange(home, flags, start, startSize, end, endSize, most),
    );
  }

  /** Appends entries, see {@link CoreExports.mapAppend}; a status. */
  mapAppend(home: number, entries: number, count: number): number {
    return this.#afterGrowth(this.exports.mapAppend(home, entries, count));
  }

  /** Ends appending, see {@link CoreExports.mapFinish}; a status. */
  mapFinish(home: number): number {
    return this.#afterGrowth(this.exports.mapFinish(home));
  }

  // A view dies when its memory grows, even when the call that grew it then failed.
  #afterGrowth(result: number): number {
    if (this.bytes.byteLength === 0) {
      this.buffer = this.memory.buffer;
      this.bytes = new Uint8Array(this.buffer);
      this.view = new DataView(this.buffer);
    }
    return result;
  }
}

function link(module: WebAssembly.Module, imports: WebAssembly.Imports): CoreExports {
  try {
    return new WebAssembly.Instance(module, imports).exports as CoreExports;
  } catch (cause) {
    throw new EngineMismatchError(ABI_VERSION, undefined, { cause });
  }
}

let compiled: WebAssembly.Module | undefined;

/** The embedded engine, compiled on first use and then shared by every instance. */
function embeddedModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytesOfPrintable(wasm));
  return compiled;
}
