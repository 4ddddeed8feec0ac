import {
  type MapIterator,
  type Memory,
  type RangeOptions,
  StableBTreeMap,
} from "stable-structures";
import { fromWord, list, optional, optionalEntry, toWord } from "./answer.js";
import { keyCodec, valueCodec } from "./codecs.js";
import type { Player } from "./player.js";
import { rangeFrom } from "./ranges.js";

/** Plays the operations of a `btreemap` or `btreemap_v1` through the public API. */
export class MapPlayer implements Player {
  readonly #memory: Memory;
  readonly #key;
  readonly #value;
  #layoutVersion: 1 | 2;
  #map: StableBTreeMap<unknown, unknown>;
  #walk: MapIterator<[unknown, unknown]> | undefined;

  constructor(memory: Memory, options: ReadonlyMap<string, string>, layoutVersion: 1 | 2) {
    this.#memory = memory;
    this.#key = keyCodec(options.get("key") ?? "");
    this.#value = valueCodec(options.get("value") ?? "");
    this.#layoutVersion = layoutVersion;
    this.#map = this.#init();
  }

  reload(): void {
    const cursor = this.#walk?.cursor();
    this.#map.close();
    this.#map = this.#init();
    if (cursor) this.#walk = this.#map.range({ cursor });
  }

  close(): void {
    this.#map.close();
  }

  play(operation: string, words: readonly string[]): string {
    const [first = ""] = words;
    switch (operation) {
      case "insert":
        return this.#answer(
          this.#map.insert(this.#decodeKey(first), this.#value.fromBytes(fromWord(words[1] ?? ""))),
        );
      case "remove":
        return this.#answer(this.#map.remove(this.#decodeKey(first)));
      case "get":
        return this.#answer(this.#map.get(this.#decodeKey(first)));
      case "contains":
        return String(this.#map.containsKey(this.#decodeKey(first)));
      case "len":
        return `number ${this.#map.length}`;
      case "first":
        return optionalEntry(this.#encode(this.#map.firstKeyValue()));
      case "last":
        return optionalEntry(this.#encode(this.#map.lastKeyValue()));
      case "pop_first":
        return optionalEntry(this.#encode(this.#map.popFirst()));
      case "pop_last":
        return optionalEntry(this.#encode(this.#map.popLast()));
      case "clear":
        this.#map.clear();
        return "ok";
      case "migrate":
        this.#layoutVersion = 2;
        this.reload();
        return "ok";
      case "entries":
        return this.#entries({ reverse: first === "rev" });
      case "range":
        return this.#entries(rangeFrom(this.#key, words));
      case "keys_range":
        return list(
          "keys",
          [...this.#map.keysRange(rangeFrom(this.#key, words))].map((key) =>
            toWord(this.#key.toBytes(key)),
          ),
        );
      case "values_range":
        return list(
          "values",
          [...this.#map.valuesRange(rangeFrom(this.#key, words))].map((value) =>
            toWord(this.#value.toBytes(value)),
          ),
        );
      default:
        return this.#playMany(operation, words);
    }
  }

  /** Operations on many entries. */
  #playMany(operation: string, words: readonly string[]): string {
    switch (operation) {
      case "get_many":
        return this.#getMany(words);
      case "insert_many":
        return `number ${this.#map.insertMany(this.#entriesOf(words))}`;
      case "bulk_load":
        return `number ${this.#map.bulkLoad(this.#entriesOf(words))}`;
      case "delete_range":
        return `number ${this.#deleteRange(words)}`;
      case "walk":
        this.#walk = this.#map.range(rangeFrom(this.#key, words));
        return "ok";
      case "walk_resume":
        if (this.#walk) this.#walk = this.#map.range({ cursor: this.#walk.cursor() });
        return "ok";
      case "walk_next":
        return this.#next(Number(words[0]));
      default:
        throw new Error(`a map has no operation ${operation}`);
    }
  }

  #getMany(words: readonly string[]): string {
    const values = this.#map.getMany(words.map((word) => this.#decodeKey(word)));
    return list(
      "optionals",
      values.map((value) => (value === undefined ? "none" : toWord(this.#value.toBytes(value)))),
    );
  }

  *#entriesOf(words: readonly string[]): Generator<[unknown, unknown]> {
    for (let i = 0; i < words.length; i += 2)
      yield [
        this.#decodeKey(words[i] as string),
        this.#value.fromBytes(fromWord(words[i + 1] as string)),
      ];
  }

  #deleteRange([lower = "*", upper = "*", limit = "*"]: readonly string[]): number {
    const { reverse: _, ...range } = rangeFrom(this.#key, [lower, upper]);
    return this.#map.deleteRange(limit === "*" ? range : { ...range, limit: Number(limit) });
  }

  #next(count: number): string {
    if (this.#walk === undefined) return "error no walk was begun";
    const entries: [unknown, unknown][] = [];
    while (entries.length < count) {
      const { done, value } = this.#walk.next();
      if (done) break;
      entries.push(value);
    }
    return this.#listed(entries);
  }

  #init(): StableBTreeMap<unknown, unknown> {
    return StableBTreeMap.init<unknown, unknown>(this.#memory, {
      key: this.#key,
      value: this.#value,
      layoutVersion: this.#layoutVersion,
    });
  }

  #decodeKey(word: string): unknown {
    return this.#key.fromBytes(fromWord(word));
  }

  #answer(value: unknown): string {
    return optional(value === undefined ? undefined : this.#value.toBytes(value));
  }

  #encode(entry: [unknown, unknown] | undefined): [Uint8Array, Uint8Array] | undefined {
    return entry && [this.#key.toBytes(entry[0]), this.#value.toBytes(entry[1])];
  }

  #entries(range: RangeOptions<unknown>): string {
    return this.#listed([...this.#map.range(range)]);
  }

  #listed(entries: readonly [unknown, unknown][]): string {
    const words = entries.flatMap(([key, value]) => [
      toWord(this.#key.toBytes(key)),
      toWord(this.#value.toBytes(value)),
    ]);
    return list("entries", words, words.length / 2);
  }
}
