import { toWord } from "./answer.js";
import { keyTypeNames } from "./codecs.js";
import { rangeOf } from "./generate.js";
import { Random } from "./random.js";
import { keyAt } from "./values.js";

const NAMES = ["a", "b", "c"] as const;

/**
 * A random script of three sets of one type in memories of one manager. The first two share most of
 * their keys, the third is small, so that each way of meeting, and of being far apart, comes up.
 */
export function generateSets(seed: number, operations: number): string[] {
  const random = new Random(seed);
  const type = random.pick(keyTypeNames);
  const keySpace = random.pick([20, 150, 1000]);
  const lines = [
    `manager bucket=${random.pick([1, 2, 16])}`,
    ...NAMES.map((name, id) => `structure ${name} btreeset memory=${id} key=${type}`),
  ];
  for (let i = 0; i < operations; i++) {
    if (random.between(1, 250) === 1) lines.push("reload");
    else {
      const name = random.pick([...NAMES, "a", "b", "a", "b"]);
      const operation = setOperation(random, { type, keySpace, names: NAMES }, i / operations);
      lines.push(`${name} ${operation}`);
    }
  }
  return lines;
}

interface SetTypes {
  readonly type: string;
  readonly keySpace: number;
  /** The sets that one can be compared with. */
  readonly names: readonly string[];
}

/** An operation of a set: fills for four tenths, drains for two, then fills again. */
export function setOperation(
  random: Random,
  { type, keySpace, names }: SetTypes,
  progress: number,
): string {
  const fills = progress < 0.4 || progress > 0.6;
  const choice = random.weighted({
    insert: fills ? 600 : 200,
    remove: fills ? 150 : 500,
    pop_first: 20,
    pop_last: 20,
    clear: 1,
    contains: 60,
    len: 5,
    first: 10,
    last: 10,
    keys: 2,
    range: 25,
    union: 3,
    intersection: 6,
    symmetric_difference: 3,
    is_subset: 6,
    is_superset: 6,
    is_disjoint: 6,
  });
  switch (choice) {
    case "insert":
    case "remove":
    case "contains":
      return `${choice} ${toWord(keyAt(type, random.between(1, keySpace)))}`;
    case "range":
      return `range ${rangeOf(random, { key: type, keySpace })}`;
    case "union":
    case "intersection":
    case "symmetric_difference":
    case "is_subset":
    case "is_superset":
    case "is_disjoint":
      return `${choice} ${random.pick(names)}`;
    default:
      return choice;
  }
}
