import { describe, expect, it } from "vitest";
import {
  readImage,
  StableBTreeMap,
  type StorableKey,
  text,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import { Random } from "../../support/random.js";

/** One map in each engine, in which the same is done. */
class Twins {
  readonly #memories = [new VectorMemory(), WasmMemory.create()] as const;
  readonly #maps: readonly StableBTreeMap<string, string>[];

  constructor(key: StorableKey<string> = text) {
    this.#maps = this.#memories.map((memory) =>
      StableBTreeMap.create(memory, { key, value: text }),
    );
    expect(this.#maps.map(({ engine }) => engine)).toEqual(["js", "wasm"]);
  }

  /** Does something with both, and expects the same of them. */
  both<T>(what: (map: StableBTreeMap<string, string>) => T): T {
    const [js, wasm] = this.#maps.map(what) as [T, T];
    expect(wasm).toEqual(js);
    return js;
  }

  expectSameImages(): void {
    const [js, wasm] = this.#memories.map((memory) => readImage(memory));
    expect(Buffer.compare(js as Uint8Array, wasm as Uint8Array)).toBe(0);
  }
}

const PAGE = 1024;
const NODE_HEADER = 15;
/** What lies behind the page of the first node: the header of the next chunk. */
const BEHIND = "CHK\u0001";

/** Sizes and counts of keys of which the last of a leaf ends `bytes` bytes behind its page. */
function* crossings(): Generator<[size: number, count: number, bytes: number]> {
  for (let size = 60; size <= 200; size++)
    for (let count = 2; count <= 11; count++) {
      const bytes = NODE_HEADER + count * (4 + size) - PAGE;
      if (bytes > -6 && bytes < 20) yield [size, count, bytes];
    }
}

describe("the first bytes of keys tell the way, and not more", () => {
  it.each([...crossings()])(
    "keys of %i bytes, the last of %i ends %i behind the page",
    (size, count, bytes) => {
      const twins = new Twins();
      const keys = Array.from({ length: count }, (_, i) =>
        `${String(i).padStart(16, "0")}-`.padEnd(size, "x"),
      );
      twins.both((map) => keys.map((key) => map.insert(key, `value of ${key}`)));
      const last = keys.at(-1) as string;
      const cuts = Array.from({ length: Math.min(Math.max(bytes, 1), 4) }, (_, i) => i + 1);
      const others = cuts.map((cut) => last.slice(0, size - cut) + BEHIND.slice(0, cut));
      for (const key of [...others, ...keys])
        twins.both((map) => [map.containsKey(key), map.get(key), map.getMany([key])]);
      twins.both((map) => others.map((other) => map.remove(other)));
      twins.both((map) => others.map((other) => map.insert(other, "other")));
      twins.both((map) => [last, ...others].map((key) => map.get(key)));
      twins.expectSameImages();
    },
  );

  it.each([1, 2, 3, 4])("keys that begin alike, and some that begin others (seed %i)", (seed) => {
    const random = new Random(seed);
    const twins = new Twins();
    const make = () => {
      const same = "the same bytes of ".slice(0, random.below(19));
      const rest = Array.from({ length: random.below(12) }, () => "abz"[random.below(3)]);
      return same + rest.join("");
    };
    const known: string[] = [];
    for (let i = 0; i < 3000; i++) {
      const key = random.below(3) === 0 ? (known[random.below(known.length)] ?? make()) : make();
      known.push(key);
      if (random.below(3) === 0) twins.both((map) => map.remove(key));
      else twins.both((map) => map.insert(key, "v".repeat(i % 40)));
      if (i % 10 === 0) {
        twins.both((map) => [map.get(key), map.containsKey(`${key}a`)]);
        twins.both((map) => map.getMany(known.slice(-20)));
        twins.both((map) => [...map.range({ gt: key })].slice(0, 20));
      }
    }
    twins.expectSameImages();
  });
});
