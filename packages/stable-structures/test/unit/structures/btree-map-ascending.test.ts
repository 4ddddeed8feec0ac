import { expect, it } from "vitest";
import {
  type BTreeMapOptions,
  blob,
  MemoryManager,
  pair,
  readImage,
  StableBTreeMap,
  text,
  u32,
  u64,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import { Random } from "../../support/random.js";

/** How a key and a value are made of a number, in the order of these. */
interface Kind<K, V> {
  readonly options: BTreeMapOptions<K, V>;
  readonly key: (number: number) => K;
  readonly value: (number: number) => V;
}

const kind = <K, V>(kind: Kind<K, V>): Kind<unknown, unknown> => kind as Kind<unknown, unknown>;
const digits = (number: number) => number.toString().padStart(7, "0");

const KINDS = {
  numbers: kind({
    options: { key: u64, value: u64 },
    key: BigInt,
    value: BigInt,
  }),
  texts: kind({
    options: { key: text, value: blob },
    key: (number) => `entry ${digits(number)}${"!".repeat(number % 5)}`,
    value: (number) => new Uint8Array(number % 97 ? number % 40 : 900).fill(number),
  }),
  "texts of a few bytes": kind({
    options: { key: text, value: u32 },
    key: (number) => digits(number),
    value: (number) => number,
  }),
  "pairs in small nodes": kind({
    options: { key: pair(u32, u32), value: u64, nodePageSize: 128 },
    key: (number) => [number >> 4, number & 15] as const,
    value: BigInt,
  }),
  "numbers in nodes of version 1": kind({
    options: { key: u64, value: u64, layoutVersion: 1 },
    key: BigInt,
    value: BigInt,
  }),
};

/**
 * Two maps in scattered buckets on an engine, and what their memories held at a time: who writes that
 * there again takes nodes away that an engine may have in mind.
 */
function stage({ options }: Kind<unknown, unknown>, image: VectorMemory | WasmMemory) {
  const manager = MemoryManager.create(image, { bucketSizeInPages: 1 });
  const maps = [0, 1].map((id) => StableBTreeMap.create(manager.get(id), options));
  const kept: Uint8Array[] = [];
  return {
    image,
    map: (which: number) => maps[which] as StableBTreeMap<unknown, unknown>,
    keep(which: number): void {
      const memory = manager.get(which);
      const bytes = new Uint8Array(memory.size() * 65_536);
      memory.read(0, bytes);
      kept[which] = bytes;
    },
    restore(which: number): void {
      const bytes = kept[which];
      if (bytes === undefined) return;
      maps[which]?.close();
      manager.get(which).write(0, bytes);
      maps[which] = StableBTreeMap.load(manager.get(which), options);
    },
  };
}

it.each(
  Object.entries(KINDS).flatMap(([name, kind]) =>
    [1, 2, 3].map((seed) => [name, seed, kind] as const),
  ),
)(
  "ascending keys, and what comes between them, leave the image of the other engine: %s (seed %i)",
  (_, seed, kind) => {
    const random = new Random(seed);
    const stages = [stage(kind, WasmMemory.create()), stage(kind, new VectorMemory())];
    const next = [0, 500_000];
    const doBoth = (action: (on: ReturnType<typeof stage>) => unknown) => {
      const [ours, theirs] = stages.map(action);
      expect(ours).toEqual(theirs);
    };
    for (let i = 0; i < 1500; i++) {
      const which = random.below(4) === 0 ? 1 : 0;
      const last = next[which] as number;
      const any = Math.max(0, last - random.below(random.below(3) ? 40 : 4000));
      const insert = (number: number) =>
        doBoth(({ map }) => map(which).insert(kind.key(number), kind.value(number)));
      const what = random.below(24);
      if (what === 0) doBoth(({ map }) => map(which).get(kind.key(any)));
      else if (what === 1) doBoth(({ map }) => map(which).remove(kind.key(any)));
      else if (what === 2) doBoth(({ map }) => map(which).popLast());
      else if (what === 3) doBoth(({ map }) => map(which).popFirst());
      else if (what === 4) insert(any);
      else if (what === 5 && random.below(8) === 0) doBoth(({ keep }) => keep(which));
      else if (what === 6 && random.below(8) === 0) doBoth(({ restore }) => restore(which));
      else if (what === 7 && random.below(40) === 0) doBoth(({ map }) => map(which).clear());
      else {
        for (let k = random.below(12); k >= 0; k--) {
          next[which] = (next[which] as number) + 1 + random.below(3);
          insert(next[which] as number);
        }
      }
    }
    const [ours, theirs] = stages.map(({ image }) => readImage(image));
    expect(Buffer.compare(ours as Uint8Array, theirs as Uint8Array)).toBe(0);
    expect(next[0]).toBeGreaterThan(10_000);
  },
);
