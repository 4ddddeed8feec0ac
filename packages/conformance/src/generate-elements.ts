import { toWord } from "./answer.js";
import { hasOrder, typeNames, valueCodec, writersChoice } from "./codecs.js";
import type { Part } from "./part.js";
import type { Random } from "./random.js";
import { randomValue } from "./values.js";

/** Types that elements can have, by the kind of structure. */
interface ElementTypes {
  readonly vec: readonly string[];
  readonly heap: readonly string[];
  /** Of cells and logs, whose elements need no bound. */
  readonly unbounded: readonly string[];
}

const GOLDEN_BOUNDED =
  "u8 u16 u32 u64 u128 f32 f64 bool unit principal bytes32 blob4 blob64 tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4".split(
    " ",
  );

/** The types of golden scripts, which are what they were. */
export const GOLDEN_ELEMENTS: ElementTypes = {
  vec: GOLDEN_BOUNDED,
  heap: GOLDEN_BOUNDED,
  unbounded: [...GOLDEN_BOUNDED, "blob", "string", "blob", "string"],
};

const types = typeNames.filter((type) => !writersChoice.has(type));
const bounded = types.filter((type) => valueCodec(type).bound !== "unbounded");

/** Every type that the kind takes and whose bytes are one. */
export const ALL_ELEMENTS: ElementTypes = {
  vec: bounded,
  heap: bounded.filter(hasOrder),
  unbounded: types,
};

type MakePart = (random: Random, name: string, freshId: () => number, types: ElementTypes) => Part;

const PARTS: readonly MakePart[] = [vecPart, heapPart, cellPart, logPart];

/** A vector, heap, cell or log with elements of some type. */
export function elementPart(
  random: Random,
  name: string,
  freshId: () => number,
  types: ElementTypes,
): Part {
  return random.pick(PARTS)(random, name, freshId, types);
}

function vecPart(random: Random, name: string, freshId: () => number, types: ElementTypes): Part {
  const type = random.pick(types.vec);
  const value = (source: Random) => toWord(randomValue(source, type));
  let length = 0;
  return {
    name,
    declaration: `structure ${name} vec memory=${freshId()} value=${type}`,
    operation(source, progress) {
      const grows = progress < 0.4 || progress > 0.6;
      const choice = source.weighted({
        push: grows ? 500 : 100,
        pop: grows ? 60 : 400,
        set: length > 0 ? 200 : 0,
        get: 150,
        len: 10,
        values: 4,
      });
      if (choice === "set") return `set ${source.between(0, length - 1)} ${value(source)}`;
      if (choice === "get") return `get ${source.between(0, length)}`;
      if (choice === "push") length++;
      if (choice === "pop") length = Math.max(0, length - 1);
      return choice === "push" ? `push ${value(source)}` : choice;
    },
  };
}

function heapPart(random: Random, name: string, freshId: () => number, types: ElementTypes): Part {
  const type = random.pick(types.heap);
  return {
    name,
    declaration: `structure ${name} minheap memory=${freshId()} value=${type}`,
    operation(source, progress) {
      const grows = progress < 0.4 || progress > 0.6;
      const choice = source.weighted({
        push: grows ? 500 : 150,
        pop: grows ? 100 : 400,
        peek: 100,
        len: 10,
        values: 4,
      });
      return choice === "push" ? `push ${toWord(randomValue(source, type))}` : choice;
    },
  };
}

function cellPart(random: Random, name: string, freshId: () => number, types: ElementTypes): Part {
  const type = random.pick(types.unbounded);
  const first = toWord(randomValue(random, type));
  return {
    name,
    declaration: `structure ${name} cell memory=${freshId()} value=${type} default=${first}`,
    operation(source) {
      if (source.chance(30)) return "get";
      const longest = source.chance(3) ? 150_000 : 3000;
      return `set ${toWord(randomValue(source, type, longest))}`;
    },
  };
}

function logPart(random: Random, name: string, freshId: () => number, types: ElementTypes): Part {
  const type = random.pick(types.unbounded);
  let length = 0;
  return {
    name,
    declaration: `structure ${name} log memory=${freshId()} data=${freshId()} value=${type}`,
    operation(source) {
      const choice = source.weighted({ append: 600, get: 200, len: 10, values: 4, clear: 2 });
      if (choice === "get") return `get ${source.between(0, length)}`;
      if (choice === "clear") length = 0;
      if (choice !== "append") return choice;
      length++;
      return `append ${toWord(randomValue(source, type))}`;
    },
  };
}
