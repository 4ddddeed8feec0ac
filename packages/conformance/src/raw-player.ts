import { type Memory, StableStructuresError, Writer } from "stable-structures";
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

  /** One `Writer::write`. */
  #writeGrowing(offset: number, bytes: Uint8Array): string {
    try {
      new Writer(this.#memory, offset).write(bytes);
      return "ok";
    } catch (error) {
      if (error instanceof StableStructuresError) return `error ${error.code}`;
      throw error;
    }
  }
}
