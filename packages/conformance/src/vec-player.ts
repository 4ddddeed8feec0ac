import { type Memory, StableVec } from "stable-structures";
import { fromWord, optional, valuesOf } from "./answer.js";
import { valueCodec } from "./codecs.js";
import type { Options, Player } from "./player.js";

/** Plays the operations of a `vec` through the public API. */
export class VecPlayer implements Player {
  readonly #memory: Memory;
  readonly #value;
  #vec: StableVec<unknown>;

  constructor(memory: Memory, options: Options) {
    this.#memory = memory;
    this.#value = valueCodec(options.get("value") ?? "");
    this.#vec = this.#init();
  }

  reload(): void {
    this.#vec.close();
    this.#vec = this.#init();
  }

  close(): void {
    this.#vec.close();
  }

  play(operation: string, [first = "", second = ""]: readonly string[]): string {
    switch (operation) {
      case "push":
        this.#vec.push(this.#value.fromBytes(fromWord(first)));
        return "ok";
      case "set":
        return this.#set(Number(first), this.#value.fromBytes(fromWord(second)));
      case "pop":
        return optional(this.#encode(this.#vec.pop()));
      case "get":
        return optional(this.#encode(this.#vec.get(Number(first))));
      case "len":
        return `number ${this.#vec.length}`;
      case "values":
        return valuesOf(this.#value, this.#vec);
      default:
        throw new Error(`a vec has no operation ${operation}`);
    }
  }

  /** An index behind the end is a mistake of the program: a RangeError here, a panic in Rust. */
  #set(index: number, value: unknown): string {
    if (index >= this.#vec.length) return "panic there is no such element";
    this.#vec.set(index, value);
    return "ok";
  }

  #init(): StableVec<unknown> {
    return StableVec.init<unknown>(this.#memory, { value: this.#value });
  }

  #encode(value: unknown): Uint8Array | undefined {
    return value === undefined ? undefined : this.#value.toBytes(value);
  }
}
