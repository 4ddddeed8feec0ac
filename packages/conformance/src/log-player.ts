import { type Memory, StableLog } from "stable-structures";
import { fromWord, optional, valuesOf } from "./answer.js";
import { valueCodec } from "./codecs.js";
import type { Options, Player } from "./player.js";

/** Plays the operations of a `log` through the public API. */
export class LogPlayer implements Player {
  readonly #index: Memory;
  readonly #data: Memory;
  readonly #value;
  #log: StableLog<unknown>;

  constructor(index: Memory, data: Memory, options: Options) {
    this.#index = index;
    this.#data = data;
    this.#value = valueCodec(options.get("value") ?? "");
    this.#log = this.#init();
  }

  reload(): void {
    this.#log.close();
    this.#log = this.#init();
  }

  close(): void {
    this.#log.close();
  }

  play(operation: string, [first = ""]: readonly string[]): string {
    switch (operation) {
      case "append":
        return `number ${this.#log.append(this.#value.fromBytes(fromWord(first)))}`;
      case "clear":
        this.#log.clear();
        return "ok";
      case "get": {
        const value = this.#log.get(Number(first));
        return optional(value === undefined ? undefined : this.#value.toBytes(value));
      }
      case "len":
        return `number ${this.#log.length}`;
      case "values":
        return valuesOf(this.#value, this.#log);
      default:
        throw new Error(`a log has no operation ${operation}`);
    }
  }

  #init(): StableLog<unknown> {
    return StableLog.init<unknown>(this.#index, this.#data, { value: this.#value });
  }
}
