import { toWord } from "./answer.js";
import { Random } from "./random.js";

/** Keys of the script: few, so that removals and replacements meet them. */
const KEYS = 40;

/**
 * A random script of values of up to `largest` bytes: it fills a map, whose nodes come to have thousands
 * of overflow pages, and empties it again from both ends and in between.
 */
export function generateLargeValues(seed: number, largest: number): string[] {
  const random = new Random(seed);
  const key = () => toWord(new Random(random.between(1, KEYS)).bytes(4));
  const insert = () => `m insert ${key()} ${toWord(filling(random, largest))}`;
  const remove = () =>
    random.pick([`m remove ${key()}`, "m pop_first", "m pop_last", "m delete_range * * 2"]);
  const phase = (count: number, inserts: number) =>
    Array.from({ length: count }, () => (random.chance(inserts) ? insert() : remove()));
  return [
    "manager bucket=16",
    "structure m btreemap memory=0 key=u32 value=blob",
    ...phase(60, 90),
    "m entries",
    ...phase(40, 30),
    "reload",
    ...phase(20, 90),
    "m delete_range * * *",
  ];
}

/** Random bytes that repeat: drawing each of a million takes long. */
function filling(random: Random, largest: number): Uint8Array {
  const pattern = random.bytes(61);
  const size = random.chance(30) ? random.between(0, 100) : random.between(0, largest);
  return Uint8Array.from({ length: size }, (_, i) => pattern[i % pattern.length] as number);
}
