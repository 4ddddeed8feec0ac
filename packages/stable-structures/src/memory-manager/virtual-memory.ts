import type { BucketEngine } from "../engine/bucket-engine.js";
import { OutOfBoundsError, type StableStructuresError, StaleHandleError } from "../errors.js";
import { type ContentsRecord, contentsRecord } from "../memory/contents.js";
import {
  checkPages,
  type EngineHome,
  engineHome,
  growthRefusal,
  isInRange,
  type Memory,
} from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";

/** Number of a virtual memory: 0 to 254. */
export type MemoryId = number;

/** Ends the handle of a closed manager. */
export let retire: (memory: VirtualMemory) => void;
/** Puts what is opened in a memory on record. */
export let setRecord: (memory: VirtualMemory, record: ContentsRecord | undefined) => void;

/** One of a manager's memories, as `manager.get(id)` gives it. A memory like any other. */
export class VirtualMemory implements Memory {
  readonly id: MemoryId;
  readonly #engine: BucketEngine;
  /** The size that is surely there; an engine's map may have grown the memory since. */
  #sizeInBytes: number;
  #retired = false;
  #refusal: StableStructuresError | undefined;
  #record: ContentsRecord | undefined;

  /** Use {@link MemoryManager.get}. */
  constructor(engine: BucketEngine, id: MemoryId) {
    this.id = id;
    this.#engine = engine;
    this.#sizeInBytes = engine.sizeOf(id) * PAGE_SIZE;
  }

  static {
    retire = (memory) => {
      memory.#retired = true;
      memory.#sizeInBytes = -1; // so that no access passes the check of its range
    };
    setRecord = (memory, record) => {
      memory.#record = record;
    };
  }

  size(): number {
    this.#checkUsable();
    return this.#engine.sizeOf(this.id);
  }

  /** Where this memory is in WebAssembly, if its manager works there. */
  get [engineHome](): EngineHome | undefined {
    return this.#engine.homeOf(this.id);
  }

  /**
   * Grows this memory, taking buckets from the memory below when the ones it owns are full. Returns
   * -1, with everything as before, when the memory below refuses or no bucket is left of the 32,768.
   */
  grow(pages: number): number {
    this.#checkUsable();
    checkPages("pages", pages);
    const previous = this.#engine.grow(this.id, pages);
    if (typeof previous !== "number") {
      this.#refusal = previous;
      return -1;
    }
    this.#sizeInBytes = (previous + pages) * PAGE_SIZE;
    return previous;
  }

  read(offset: number, target: Uint8Array): void {
    if (!isInRange(offset, target.length, this.#sizeInBytes)) this.#check(offset, target.length);
    this.#engine.read(this.id, offset, target);
  }

  write(offset: number, source: Uint8Array): void {
    if (!isInRange(offset, source.length, this.#sizeInBytes)) this.#check(offset, source.length);
    this.#engine.write(this.id, offset, source);
  }

  /** The record of what this memory holds, when it has a name. */
  get [contentsRecord](): ContentsRecord | undefined {
    return this.#record;
  }

  /** Why the last {@link grow} that returned -1 was refused. */
  get [growthRefusal](): StableStructuresError | undefined {
    return this.#refusal;
  }

  /** Looks again, at the size that the memory has now. */
  #check(offset: number, length: number): void {
    this.#checkUsable();
    this.#sizeInBytes = this.#engine.sizeOf(this.id) * PAGE_SIZE;
    if (!isInRange(offset, length, this.#sizeInBytes))
      throw new OutOfBoundsError(offset, length, this.#sizeInBytes);
  }

  #checkUsable(): void {
    if (this.#retired) throw new StaleHandleError(`the memory manager of memory ${this.id}`);
  }
}
