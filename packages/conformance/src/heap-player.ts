import { type Memory, StableMinHeap } from "stable-structures";
import { fromWord, optional, valuesOf } from "./answer.js";
import { heapCodec } from "./codecs.js";
import type { Options, Player } from "./player.js";

/** Plays the operations of a `minheap` through the public API. */
export class HeapPlayer implements Player {
  readonly #memory: Memory;
  readonly #value;
  #heap: StableMinHeap<unknown>;

  constructor(memory: Memory, options: Options) {
    this.#memory = memory;
    this.#value = heapCodec(options.get("value") ?? "");
    this.#heap = this.#init();
  }

  reload(): void {
    this.#heap.close();
    this.#heap = this.#init();
  }

  close(): void {
    this.#heap.close();
  }

  play(operation: string, [first = ""]: readonly string[]): string {
    switch (operation) {
      case "push":
        this.#heap.push(this.#value.fromBytes(fromWord(first)));
        return "ok";
      case "pop":
        return optional(this.#encode(this.#heap.pop()));
      case "peek":
        return optional(this.#encode(this.#heap.peek()));
      case "len":
        return `number ${this.#heap.length}`;
      case "values":
        return valuesOf(this.#value, this.#heap);
      default:
        throw new Error(`a minheap has no operation ${operation}`);
    }
  }

  #init(): StableMinHeap<unknown> {
    return StableMinHeap.init<unknown>(this.#memory, { value: this.#value });
  }

  #encode(value: unknown): Uint8Array | undefined {
    return value === undefined ? undefined : this.#value.toBytes(value);
  }
}
