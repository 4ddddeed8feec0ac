import type { Memory } from "stable-structures";

/** What a {@link FaultyMemory} throws instead of the operation that it cuts off. */
export class CutOffError extends Error {
  override readonly name = "CutOffError";
}

/** A memory that works for a number of writes and growths and then refuses everything, as a lost disk does. */
export class FaultyMemory implements Memory {
  readonly #memory: Memory;
  #left: number;

  /** `changes` is the number of writes and growths that still work. */
  constructor(memory: Memory, changes: number) {
    this.#memory = memory;
    this.#left = changes;
  }

  /** True once an operation was cut off. */
  get failed(): boolean {
    return this.#left < 0;
  }

  size(): number {
    return this.#memory.size();
  }

  grow(pages: number): number {
    this.#change();
    return this.#memory.grow(pages);
  }

  read(offset: number, target: Uint8Array): void {
    if (this.failed) throw new CutOffError("the memory is gone");
    this.#memory.read(offset, target);
  }

  write(offset: number, source: Uint8Array): void {
    this.#change();
    this.#memory.write(offset, source);
  }

  #change(): void {
    this.#left -= 1;
    if (this.failed) throw new CutOffError("the memory was cut off");
  }
}
