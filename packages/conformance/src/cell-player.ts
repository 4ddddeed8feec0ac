import { type Memory, StableCell } from "stable-structures";
import { fromWord, optional } from "./answer.js";
import { valueCodec } from "./codecs.js";
import type { Options, Player } from "./player.js";

/** Plays the operations of a `cell` through the public API. */
export class CellPlayer implements Player {
  readonly #memory: Memory;
  readonly #value;
  readonly #initial: unknown;
  #cell: StableCell<unknown>;

  constructor(memory: Memory, options: Options) {
    this.#memory = memory;
    this.#value = valueCodec(options.get("value") ?? "");
    this.#initial = this.#value.fromBytes(fromWord(options.get("default") ?? ""));
    this.#cell = this.#init();
  }

  reload(): void {
    this.#cell.close();
    this.#cell = this.#init();
  }

  close(): void {
    this.#cell.close();
  }

  play(operation: string, [first = ""]: readonly string[]): string {
    switch (operation) {
      case "set": {
        const before = this.#cell.set(this.#value.fromBytes(fromWord(first)));
        return optional(this.#value.toBytes(before));
      }
      case "get":
        return optional(this.#value.toBytes(this.#cell.get()));
      default:
        throw new Error(`a cell has no operation ${operation}`);
    }
  }

  #init(): StableCell<unknown> {
    return StableCell.init<unknown>(this.#memory, { value: this.#value, initial: this.#initial });
  }
}
