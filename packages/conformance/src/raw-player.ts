import { type Memory, PAGE_SIZE } from "stable-structures";
import { fromWord, optional } from "./answer.js";
import type { Player } from "./player.js";

/** Plays the operations of a `raw` memory. */
export class RawPlayer implements Player {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  reload(): void {}

  close(): void {}

  play(operation: string, words: readonly string[]): string {
    const number = Number(words[0]);
    switch (operation) {
      case "grow":
        return `number ${this.#memory.grow(number)}`;
      case "write":
        this.#memory.write(number, fromWord(words[1] ?? ""));
        return "ok";
      case "writer":
        return this.#writeGrowing(number, fromWord(words[1] ?? ""));
      case "read": {
        const target = new Uint8Array(Number(words[1]));
        this.#memory.read(number, target);
        return optional(target);
      }
      case "size":
        return `number ${this.#memory.size()}`;
      default:
        throw new Error(`a raw memory has no operation ${operation}`);
    }
  }

  /** One `Writer::write`: grows by the fewest pages, then writes. */
  #writeGrowing(offset: number, bytes: Uint8Array): string {
    const missing = Math.ceil((offset + bytes.length) / PAGE_SIZE) - this.#memory.size();
    if (missing > 0 && this.#memory.grow(missing) < 0) return "error the memory cannot grow";
    this.#memory.write(offset, bytes);
    return "ok";
  }
}
