import { toWord } from "./answer.js";
import { keyTypeNames } from "./codecs.js";
import { mapOperation } from "./generate.js";
import { setOperation } from "./generate-sets.js";
import { Random } from "./random.js";
import { keyAt, randomValue } from "./values.js";

/** Entries that every structure gets before it is operated on, so many at a time. */
const ENTRIES = 6000;
const AT_A_TIME = 50;
/** Most bytes of a text or blob that is among them. */
const SMALL = 30;

/** A structure of a scattered script. */
interface Grown {
  readonly name: string;
  readonly declaration: string;
  /** The lines that add the next entries. */
  grow(random: Random): string[];
  operation(random: Random, progress: number): string;
}

/**
 * A random script of two maps and a set of thousands of small entries, which outgrow pages in turn: the
 * nodes of each lie scattered in buckets of a page or two, and the end of a bucket cuts some of them.
 */
export function generateScattered(
  seed: number,
  operations: number,
  mapTypes: readonly string[],
): string[] {
  const random = new Random(seed);
  // Keys of eight bytes have ways of their own through a node.
  const words = mapTypes.filter((type) => type.startsWith("u64:"));
  const grown = [
    grownMap("a", 0, random.pick(words.length > 0 ? words : mapTypes)),
    grownMap("b", 1, random.pick(mapTypes)),
    grownSet("c", 2, random.pick(["u64", random.pick(keyTypeNames)])),
  ];
  const lines = [
    `manager bucket=${random.pick([1, 1, 2])}`,
    ...grown.map(({ declaration }) => declaration),
  ];
  for (let i = 0; i < ENTRIES; i += AT_A_TIME)
    for (const { name, grow } of grown)
      lines.push(...grow(random).map((operation) => `${name} ${operation}`));
  for (let i = 0; i < operations; i++) {
    const { name, operation } = random.pick(grown);
    lines.push(
      random.between(1, 250) === 1 ? "reload" : `${name} ${operation(random, i / operations)}`,
    );
  }
  return lines;
}

function grownMap(name: string, memory: number, type: string): Grown {
  const kind = type.startsWith("v1/") ? "btreemap_v1" : "btreemap";
  const [key = "", value = ""] = type.replace("v1/", "").split(":");
  return {
    name,
    declaration: `structure ${name} ${kind} memory=${memory} key=${key} value=${value}`,
    grow(random) {
      const entries = newKeys(random, key).map(
        (word) => `${word} ${toWord(randomValue(random, value, SMALL))}`,
      );
      return [`insert_many ${entries.join(" ")}`];
    },
    operation: (random, progress) =>
      mapOperation(random, { key, value, keySpace: 2 * ENTRIES, many: true }, progress),
  };
}

function grownSet(name: string, memory: number, type: string): Grown {
  return {
    name,
    declaration: `structure ${name} btreeset memory=${memory} key=${type}`,
    grow: (random) => newKeys(random, type).map((word) => `insert ${word}`),
    operation: (random, progress) =>
      setOperation(random, { type, keySpace: 2 * ENTRIES, names: [name] }, progress),
  };
}

function newKeys(random: Random, type: string): string[] {
  return Array.from({ length: AT_A_TIME }, () =>
    toWord(keyAt(type, random.between(1, 2 * ENTRIES))),
  );
}
