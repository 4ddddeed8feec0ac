import { growToHold, type Memory } from "../memory/memory.js";
import type { ByteWriter } from "./streams.js";

/** Writes to a memory from an offset on, growing it by the fewest pages; the crate's `Writer`. */
export class Writer implements ByteWriter {
  readonly #memory: Memory;
  #offset: number;

  constructor(memory: Memory, offset = 0) {
    this.#memory = memory;
    this.#offset = offset;
  }

  /** Where the next write goes, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written and the offset as it was. */
  write(source: Uint8Array): number {
    growToHold(this.#memory, this.#offset + source.length);
    this.#memory.write(this.#offset, source);
    this.#offset += source.length;
    return source.length;
  }

  flush(): void {}
}
