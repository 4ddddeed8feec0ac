import { toWord } from "./answer.js";
import { keyCodec } from "./codecs.js";
import { ALL_ELEMENTS, elementPart, GOLDEN_ELEMENTS } from "./generate-elements.js";
import type { Part } from "./part.js";
import { Random } from "./random.js";
import { keyAt, randomValue } from "./values.js";

/** Bucket sizes that scripts are made with. */
const BUCKET_SIZES = [1, 1, 2, 3, 16, 128] as const;

/** What a script may be made of. */
export interface ScriptOptions {
  /** Number of operations after the declarations. */
  readonly operations: number;
  /** `KEY:VALUE` types of maps, and `v1/KEY:VALUE`, to choose from. */
  readonly mapTypes: readonly string[];
  /** Number of maps; 0 to 3 at random unless given. */
  readonly maps?: number;
  /** Number of raw memories; at random unless given. */
  readonly raws?: number;
  /** Number of vectors, heaps, cells and logs; 0 to 3 at random unless given. */
  readonly others?: number;
  /** Pages in a bucket; at random unless given. */
  readonly bucketSize?: number;
  /** Also elements of every type, operations on many entries at a time, and walks; golden scripts go without. */
  readonly everything?: boolean;
}

/**
 * A random script: a few structures in their own memories of one manager, operated on in turn.
 * Keys come from a small space, so that removals and replacements meet keys that exist, and scripts
 * grow, shrink and grow again.
 */
export function generateScript(seed: number, options: ScriptOptions): string[] {
  const { operations } = options;
  const random = new Random(seed);
  const bucketSize = options.bucketSize ?? random.pick(BUCKET_SIZES);
  const parts = chooseParts(random, options, bucketSize);
  const lines = [`manager bucket=${bucketSize}`, ...parts.map((part) => part.declaration)];
  for (let i = 0; i < operations; i++) {
    if (random.between(1, 250) === 1) lines.push("reload");
    else {
      const part = random.pick(parts);
      lines.push(`${part.name} ${part.operation(random, i / operations)}`);
    }
  }
  return lines;
}

function chooseParts(random: Random, options: ScriptOptions, bucketSize: number): Part[] {
  const ids = new Set<number>();
  const freshId = (): number => {
    const id = random.chance(50) ? random.between(0, 3) : random.between(0, 254);
    if (ids.has(id)) return freshId();
    ids.add(id);
    return id;
  };
  const maps = options.maps ?? random.pick([0, 1, 1, 1, 2, 3]);
  const raws = options.raws ?? (maps === 0 ? 3 : random.pick([0, 0, 1]));
  const others = options.others ?? random.pick([0, 1, 2, 3]);
  const types = options.everything ? ALL_ELEMENTS : GOLDEN_ELEMENTS;
  return [
    ...Array.from({ length: maps }, (_, i) => mapPart(random, `m${i}`, freshId(), options)),
    ...Array.from({ length: raws }, (_, i) => rawPart(`r${i}`, freshId(), bucketSize)),
    ...Array.from({ length: others }, (_, i) => elementPart(random, `s${i}`, freshId, types)),
  ];
}

function mapPart(
  random: Random,
  name: string,
  id: number,
  { mapTypes, everything = false }: ScriptOptions,
): Part {
  const chosen = random.pick(mapTypes);
  const isV1 = chosen.startsWith("v1/");
  const [key = "", value = ""] = chosen.replace("v1/", "").split(":");
  const keySpace = random.pick([20, 150, 600, 2000]);
  const migrateAt = isV1 && random.chance(70) ? random.between(20, 60) / 100 : 2;
  let migrated = false;
  return {
    name,
    declaration: `structure ${name} btreemap${isV1 ? "_v1" : ""} memory=${id} key=${key} value=${value}`,
    operation(source, progress) {
      if (!migrated && progress > migrateAt) {
        migrated = true;
        return "migrate";
      }
      return mapOperation(source, { key, value, keySpace, many: everything }, progress);
    },
  };
}

interface MapTypes {
  readonly key: string;
  readonly value: string;
  readonly keySpace: number;
  readonly many: boolean;
}

/** An operation of a map: fills for four tenths, drains for two, then fills again. */
export function mapOperation(random: Random, types: MapTypes, progress: number): string {
  const many = types.many ? 1 : 0;
  const fills = progress < 0.4 || progress > 0.6;
  const choice = random.weighted({
    insert: fills ? 600 : 200,
    remove: fills ? 150 : 500,
    pop_first: fills ? 20 : 60,
    pop_last: fills ? 20 : 60,
    clear: 1,
    get: 120,
    contains: 20,
    len: 5,
    first: 10,
    last: 10,
    entries: 2,
    range: 25,
    keys_range: 10,
    values_range: 10,
    get_many: 30 * many,
    insert_many: 20 * many,
    delete_range: 6 * many,
    walk: 10 * many,
    walk_next: 50 * many,
    walk_resume: 5 * many,
  });
  const key = () => toWord(keyAt(types.key, random.between(1, types.keySpace)));
  const entry = (maxSize?: number) =>
    `${key()} ${toWord(randomValue(random, types.value, maxSize))}`;
  switch (choice) {
    case "insert":
      return `insert ${key()} ${toWord(randomValue(random, types.value))}`;
    case "remove":
    case "get":
    case "contains":
      return `${choice} ${key()}`;
    case "entries":
      return random.chance(50) ? "entries rev" : "entries";
    case "range":
    case "keys_range":
    case "values_range":
      return `${choice} ${rangeOf(random, types)}`;
    case "get_many":
      return [choice, ...times(random.between(0, 40), key)].join(" ");
    case "insert_many":
      return [choice, ...times(random.pick([0, 1, 5, 20, 100]), () => entry(400))].join(" ");
    case "delete_range":
      return `${choice} ${rangeOf(random, types, false)} ${random.chance(80) ? random.between(0, 30) : "*"}`;
    case "walk":
      return `walk ${rangeOf(random, types)}`;
    case "walk_next":
      return `walk_next ${random.pick([0, 1, 3, 10, 50])}`;
    default:
      return choice;
  }
}

function times(count: number, word: () => string): string[] {
  return Array.from({ length: count }, word);
}

/** A range whose ends are in order, as Rust panics on others; walked backwards only where it may be. */
export function rangeOf(
  random: Random,
  { key, keySpace }: Pick<MapTypes, "key" | "keySpace">,
  mayReverse = true,
): string {
  const codec = keyCodec(key);
  const at = random.between(1, keySpace);
  const ends = [at, random.chance(80) ? random.between(1, keySpace) : at].map((index) =>
    keyAt(key, index),
  );
  ends.sort((a, b) => codec.compare(codec.fromBytes(a), codec.fromBytes(b)));
  const [low, high] = ends.map(toWord);
  const both = low === high;
  const lower = random.chance(20) ? "*" : `${both || random.chance(50) ? ">=" : ">"}${low}`;
  const upper = random.chance(20) ? "*" : `${both || random.chance(50) ? "<=" : "<"}${high}`;
  return `${lower} ${upper}${mayReverse && random.chance(40) ? " rev" : ""}`;
}

function rawPart(name: string, id: number, bucketSize: number): Part {
  let pages = 0;
  const growth = Math.min(bucketSize * 2, 20);
  return {
    name,
    declaration: `structure ${name} raw memory=${id}`,
    operation(random) {
      const choice = random.weighted({
        grow: pages < 60 ? 20 : 0,
        write: 300,
        writer: 20,
        read: 300,
        size: 10,
      });
      if (choice === "grow") {
        const added = random.between(0, growth);
        pages += added;
        return `grow ${added}`;
      }
      if (choice === "size") return "size";
      const size = pages * 65536;
      const length = Math.min(size, random.pick([0, 1, 8, 200, 3000, 70000]));
      const offset = offsetIn(random, size - length, bucketSize);
      if (choice === "read") return `read ${offset} ${length}`;
      if (choice === "write" || pages >= 60)
        return `write ${offset} ${toWord(random.bytes(Math.min(length, 3000)))}`;
      const start = random.between(Math.max(0, size - 100), size);
      pages = Math.max(pages, Math.ceil((start + 200) / 65536));
      return `writer ${start} ${toWord(random.bytes(200))}`;
    },
  };
}

/** An offset up to `last`, often just before the end of a bucket. */
function offsetIn(random: Random, last: number, bucketSize: number): number {
  const bucketBytes = bucketSize * 65536;
  const buckets = Math.floor(last / bucketBytes);
  if (buckets === 0 || random.chance(50)) return random.between(0, last);
  return random.between(1, buckets) * bucketBytes - random.between(1, 8);
}
