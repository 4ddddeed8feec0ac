import { describe, expect, it } from "vitest";
import {
  MemoryManager,
  principal,
  StableBTreeMap,
  StableBTreeSet,
  type StorableKey,
  text,
  u32,
  u64Number,
} from "../../../src/index.js";
import { engines } from "../../support/maps.js";

const COUNT = 4000;
/** Nodes of sets are small: it takes many for one that is cut between two keys. */
const SET_COUNT = 20_000;
const PRIME = 2_147_483_647;
/** Different numbers below 2^53, in no order. */
const numberAt = (i: number) => ((i * 1_103_515_245) % PRIME) * 4_194_301;
const ascending = (a: number, b: number) => a - b;

/** Keys of each way an engine compares, all of them made from a number. */
const kinds: readonly (readonly [string, StorableKey<never>, (n: number) => unknown])[] = [
  ["words", u64Number as StorableKey<never>, (n) => n],
  ["small numbers", u32 as StorableKey<never>, (n) => n % 2 ** 32],
  ["texts", text as StorableKey<never>, (n) => String(n).padStart(16, "0")],
  [
    "principals",
    principal as StorableKey<never>,
    (n) => new Uint8Array(29).fill(n % 251).fill(n >>> 8, 0, 4),
  ],
];

// Memories that grow in turn have every other bucket of one page: the end of a bucket cuts nodes in two.
describe.each(engines)("structures in scattered buckets, on the engine in %s", (engine, create) => {
  const twoMemories = () => {
    const manager = MemoryManager.create(create(), { bucketSizeInPages: 1 });
    return [manager.get(0), manager.get(1)] as const;
  };

  it.each(kinds)("a map of %s gives its keys with and without values", (_, key, keyOf) => {
    const [a, b] = twoMemories().map((memory) =>
      StableBTreeMap.create<unknown, number>(memory, { key, value: u64Number }),
    ) as [StableBTreeMap<unknown, number>, StableBTreeMap<unknown, number>];
    expect(a.engine).toBe(engine);
    for (let i = 1; i <= COUNT; i++) {
      a.insert(keyOf(numberAt(2 * i)), i);
      b.insert(keyOf(numberAt(2 * i + 1)), i);
    }
    for (const map of [a, b]) {
      const entries = [...map];
      expect(entries.length).toBe(map.length);
      const keys = entries.map(([each]) => each);
      expect([...map.keys()]).toEqual(keys);
      expect([...map.keys({ reverse: true })]).toEqual(keys.toReversed());
      const range = { gte: keys[300], lt: keys[3000] };
      expect([...map.keysRange(range)]).toEqual(keys.slice(300, 3000));
      expect(map.getMany(keys)).toEqual(entries.map(([, value]) => value));
    }
    const [first] = [...a.keys()];
    const { length } = b;
    expect(a.deleteRange({ gt: first })).toBe(COUNT - 1);
    expect([...a.keys()]).toEqual([first]);
    expect([...b.keys()].length).toBe(length);
  });

  it("sets give their keys, together as well", () => {
    const [a, b] = twoMemories().map((memory) =>
      StableBTreeSet.create(memory, { key: u64Number }),
    ) as [StableBTreeSet<number>, StableBTreeSet<number>];
    const [keysOfA, keysOfB]: [number[], number[]] = [[], []];
    for (let i = 1; i <= SET_COUNT; i++) {
      keysOfA.push(numberAt(i));
      keysOfB.push(numberAt(i + SET_COUNT / 2));
      a.insert(numberAt(i));
      b.insert(numberAt(i + SET_COUNT / 2));
    }
    expect([...a]).toEqual(keysOfA.toSorted(ascending));
    expect([...b]).toEqual(keysOfB.toSorted(ascending));
    expect([...a.union(b)]).toEqual([...new Set([...keysOfA, ...keysOfB])].sort(ascending));
    expect(a.deleteRange({})).toBe(SET_COUNT);
    expect([...b].length).toBe(SET_COUNT);
  });
});
