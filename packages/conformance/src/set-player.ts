import { type Memory, StableBTreeSet } from "stable-structures";
import { fromWord, list, optional, toWord } from "./answer.js";
import { keyCodec } from "./codecs.js";
import type { Player } from "./player.js";
import { rangeFrom } from "./ranges.js";

/** Plays the operations of a `btreeset` through the public API. */
export class SetPlayer implements Player {
  readonly #memory: Memory;
  readonly #key;
  readonly #find: (name: string) => Player | undefined;
  #set: StableBTreeSet<unknown>;

  /** `find` gives the structures that an operation names. */
  constructor(
    memory: Memory,
    options: ReadonlyMap<string, string>,
    find: (name: string) => Player | undefined,
  ) {
    this.#memory = memory;
    this.#key = keyCodec(options.get("key") ?? "");
    this.#find = find;
    this.#set = this.#init();
  }

  reload(): void {
    this.#set.close();
    this.#set = this.#init();
  }

  close(): void {
    this.#set.close();
  }

  play(operation: string, words: readonly string[]): string {
    const [first = ""] = words;
    switch (operation) {
      case "insert":
        return String(this.#set.insert(this.#decode(first)));
      case "remove":
        return String(this.#set.remove(this.#decode(first)));
      case "contains":
        return String(this.#set.contains(this.#decode(first)));
      case "len":
        return `number ${this.#set.length}`;
      case "first":
        return this.#optional(this.#set.first());
      case "last":
        return this.#optional(this.#set.last());
      case "pop_first":
        return this.#optional(this.#set.popFirst());
      case "pop_last":
        return this.#optional(this.#set.popLast());
      case "clear":
        this.#set.clear();
        return "ok";
      case "keys":
        return this.#list(this.#set.keys());
      case "range":
        return this.#list(this.#set.range(rangeFrom(this.#key, words)));
      default:
        return this.#playWith(operation, first);
    }
  }

  #playWith(operation: string, name: string): string {
    const other = this.#other(operation, name);
    switch (operation) {
      case "union":
        return this.#list(this.#set.union(other));
      case "intersection":
        return this.#list(this.#set.intersection(other));
      case "symmetric_difference":
        return this.#list(this.#set.symmetricDifference(other));
      case "is_subset":
        return String(this.#set.isSubset(other));
      case "is_superset":
        return String(this.#set.isSuperset(other));
      case "is_disjoint":
        return String(this.#set.isDisjoint(other));
      default:
        throw new Error(`a set has no operation ${operation}`);
    }
  }

  #other(operation: string, name: string): StableBTreeSet<unknown> {
    const player = this.#find(name);
    if (player instanceof SetPlayer) return player.#set;
    throw new Error(`${operation} of a set needs the name of another, not ${name}`);
  }

  #init(): StableBTreeSet<unknown> {
    return StableBTreeSet.init<unknown>(this.#memory, { key: this.#key });
  }

  #decode(word: string): unknown {
    return this.#key.fromBytes(fromWord(word));
  }

  #optional(key: unknown): string {
    return optional(key === undefined ? undefined : this.#key.toBytes(key));
  }

  #list(keys: Iterable<unknown>): string {
    return list(
      "keys",
      Array.from(keys, (key) => toWord(this.#key.toBytes(key))),
    );
  }
}
