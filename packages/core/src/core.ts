import {
  ABI_VERSION,
  IMAGE_BASE_IN_PAGES,
  MAX_IMAGE_PAGES,
  MAX_LINEAR_PAGES,
} from "../layout/index.js";
import { EngineMismatchError } from "./errors.js";
import type { CoreExports } from "./exports.js";
import { wasmBase64 } from "./generated/wasm.js";

/** Options of {@link Core.instantiate}. */
export interface CoreOptions {
  /**
   * The compiled `core.wasm`. Needed where the host refuses to compile bytes at run time (Cloudflare
   * Workers and other edge runtimes); otherwise the embedded bytes are compiled on first use.
   */
  module?: WebAssembly.Module;
  /** Most pages of 64 KiB the image may have; 65,514 unless given. */
  maximumPages?: number;
}

/**
 * One instance of the engine: a linear memory with one stable memory image in it.
 *
 * The image grows only through {@link Core.imageGrow} and {@link Core.managerGrow}; they keep
 * {@link Core.bytes} alive.
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

  private constructor(memory: WebAssembly.Memory, exports: CoreExports) {
    this.memory = memory;
    this.exports = exports;
    this.bytes = new Uint8Array(memory.buffer);
  }

  /**
   * Instantiates the engine, synchronously, with an empty image.
   *
   * @throws EngineMismatchError (`STABLE_ENGINE_MISMATCH`) when `module` is another module, or of
   * another version.
   * @throws RangeError when `maximumPages` is not a whole number of 0 to 65,514.
   */
  static instantiate({ module, maximumPages = MAX_IMAGE_PAGES }: CoreOptions = {}): Core {
    if (!Number.isInteger(maximumPages) || maximumPages < 0 || maximumPages > MAX_IMAGE_PAGES) {
      throw new RangeError(`maximumPages must be 0 to ${MAX_IMAGE_PAGES}, got ${maximumPages}`);
    }
    const memory = new WebAssembly.Memory({
      initial: IMAGE_BASE_IN_PAGES,
      maximum: MAX_LINEAR_PAGES,
    });
    const exports = link(module ?? embeddedModule(), memory);
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

  // A view dies when its memory grows, even when the call that grew it then failed.
  #afterGrowth(result: number): number {
    if (this.bytes.byteLength === 0) this.bytes = new Uint8Array(this.memory.buffer);
    return result;
  }
}

function link(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  try {
    return new WebAssembly.Instance(module, { env: { memory } }).exports as CoreExports;
  } catch (cause) {
    throw new EngineMismatchError(ABI_VERSION, undefined, { cause });
  }
}

let compiled: WebAssembly.Module | undefined;

/** The embedded engine, compiled on first use and then shared by every instance. */
function embeddedModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), (c) => c.charCodeAt(0)));
  return compiled;
}
