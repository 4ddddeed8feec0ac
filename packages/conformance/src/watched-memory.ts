import { type Memory, StableStructuresError } from "stable-structures";

/** A memory that ends an operation which does not end by itself, or asks for too much. */
export class WatchedMemory implements Memory {
  calls = 0;
  readonly #memory: Memory;
  readonly #mostCalls: number;

  /** `mostCalls`: reads and writes that one operation may make. */
  constructor(memory: Memory, mostCalls: number) {
    this.#memory = memory;
    this.#mostCalls = mostCalls;
  }

  size(): number {
    return this.#memory.size();
  }

  grow(pages: number): number {
    return this.#memory.size() + pages > 1000 ? -1 : this.#memory.grow(pages);
  }

  read(offset: number, target: Uint8Array): void {
    this.#count();
    this.#memory.read(offset, target);
  }

  write(offset: number, source: Uint8Array): void {
    this.#count();
    this.#memory.write(offset, source);
  }

  #count(): void {
    if (++this.calls > this.#mostCalls)
      throw new Error(`more than ${this.#mostCalls} calls in one operation`);
  }
}

/** Runs operations one by one; errors with a code are answers, all others are mistakes of the library. */
export class Probe {
  readonly #memories: readonly WatchedMemory[];

  constructor(memories: readonly WatchedMemory[]) {
    this.#memories = memories;
  }

  attempt<T>(operation: () => T): T | undefined {
    for (const memory of this.#memories) memory.calls = 0;
    try {
      return operation();
    } catch (error) {
      if (error instanceof StableStructuresError) return undefined;
      throw error;
    }
  }

  /** Reads elements from both ends. */
  walk(
    open: { readonly length: number; values(options: object): Iterator<unknown> },
    elements: number,
  ): void {
    for (const reverse of [false, true]) {
      const iterator = this.attempt(() => open.values({ reverse }));
      for (let i = 0; i < elements; i++) this.attempt(() => iterator?.next());
    }
  }
}
