import type { Core } from "@stable-structures/core";
import type { Memory } from "stable-structures";

/** How much was done so far, in numbers that are the same on every machine. */
export type Counts = Readonly<Record<string, number>>;

/**
 * Makes every call into an engine count as a crossing. To be called before anything is opened on it.
 * @returns reads the counts: crossings, and what the engine itself counts.
 */
export function countEngine(core: Core): () => Counts {
  let crossings = 0;
  const before = core.exports;
  const counting = Object.entries(before).map(([name, call]) => [
    name,
    (...args: number[]) => {
      crossings++;
      return (call as (...args: number[]) => number)(...args);
    },
  ]);
  Object.assign(core, { exports: Object.fromEntries(counting) });
  return () => ({ crossings, nodes: before.countedNodes(), bytesMoved: before.countedBytes() });
}

/** A memory that counts how often it is read and written, and how many bytes that is. */
export class CountingMemory implements Memory {
  readonly #memory: Memory;
  #calls = 0;
  #bytes = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get counts(): Counts {
    return { memoryCalls: this.#calls, bytesMoved: this.#bytes };
  }

  size(): number {
    return this.#memory.size();
  }

  grow(pages: number): number {
    return this.#memory.grow(pages);
  }

  read(offset: number, target: Uint8Array): void {
    this.#add(target);
    this.#memory.read(offset, target);
  }

  write(offset: number, source: Uint8Array): void {
    this.#add(source);
    this.#memory.write(offset, source);
  }

  #add({ length }: Uint8Array): void {
    this.#calls++;
    this.#bytes += length;
  }
}
