import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage } from "stable-structures";
import { fromWord, toWord } from "./answer.js";
import { type Difference, differenceFrom } from "./checks.js";
import { keyCodec } from "./codecs.js";
import { generateScript } from "./generate.js";
import { imageDifference } from "./images.js";
import type { Oracle } from "./oracle.js";
import { Random } from "./random.js";
import { Replayer } from "./replayer.js";
import { type Subject, subjectName, withMemory } from "./subjects.js";
import { keyAt, randomValue } from "./values.js";

/** A script in parts: what is declared, the bulk load, and what is done with the map after it. */
export interface BulkLoadScript {
  readonly declarations: readonly string[];
  readonly load: string;
  readonly operations: readonly string[];
}

/** Sizes of bulk loads: around the capacities of one node, of two levels, and more. */
const COUNTS = [0, 1, 10, 11, 12, 60, 121, 122, 133, 700, 1500] as const;

/** A random bulk load of a map of `KEY:VALUE` types, or `v1/KEY:VALUE`, and operations after it. */
export function generateBulkLoad(
  seed: number,
  mapType: string,
  operations: number,
): BulkLoadScript {
  const random = new Random(seed);
  const options = { operations, mapTypes: [mapType], maps: 1, raws: 0, everything: true };
  const [manager = "", structure = "", ...lines] = generateScript(seed, options);
  const [key = "", value = ""] = mapType.replace("v1/", "").split(":");
  const entries = sortedKeys(key, random.pick(COUNTS)).map(
    (bytes) => `${toWord(bytes)} ${toWord(randomValue(random, value, 400))}`,
  );
  return {
    declarations: [manager, structure],
    load: ["m0 bulk_load", ...entries].join(" "),
    operations: ["m0 entries", ...lines, "m0 entries"],
  };
}

/** Up to `count` keys of a type, in its order and each once. */
function sortedKeys(type: string, count: number): Uint8Array[] {
  const codec = keyCodec(type);
  const words = new Set(Array.from({ length: count }, (_, index) => toWord(keyAt(type, index))));
  const compare = (a: Uint8Array, b: Uint8Array) =>
    codec.compare(codec.fromBytes(a), codec.fromBytes(b));
  return [...words].map(fromWord).sort(compare);
}

/**
 * Bulk-loads on each subject, which must give the same image, and lets the crate go on in it: every
 * answer and the whole image must be the same in the end.
 */
export async function checkBulkLoad(
  oracle: Oracle,
  script: BulkLoadScript,
  subjects: readonly Subject[],
): Promise<Difference | undefined> {
  const plays = subjects.map((subject) => ({ subject, ...playBulkLoad(script, subject) }));
  const [first] = plays;
  if (first === undefined) return undefined;
  const truth = await continueInCrate(oracle, script, first.loaded);
  for (const { subject, loaded, answers, image } of plays) {
    const name = subjectName(subject);
    const bytes = imageDifference(loaded, first.loaded);
    if (bytes !== undefined) return `${name}: another image than on the first engine: ${bytes}`;
    const difference = differenceFrom(truth, script.operations, { answers, image });
    if (difference !== undefined) return `${name}, after the bulk load, ${difference}`;
  }
  return undefined;
}

function playBulkLoad({ declarations, load, operations }: BulkLoadScript, subject: Subject) {
  return withMemory(subject, (memory) => {
    const replayer = new Replayer(memory);
    const [answer = ""] = replayer.playAll([...declarations, load]).slice(-1);
    if (!answer.startsWith("number ")) throw new Error(`the bulk load answers ${answer}`);
    const loaded = readImage(memory);
    const answers = replayer.playAll(operations);
    replayer.close();
    return { loaded, answers, image: readImage(memory) };
  });
}

async function continueInCrate(
  oracle: Oracle,
  { declarations, operations }: BulkLoadScript,
  image: Uint8Array,
) {
  const folder = mkdtempSync(join(tmpdir(), "stable-structures-bulk-"));
  try {
    const file = join(folder, "image.bin");
    writeFileSync(file, image);
    const answers = await oracle.ask([`from ${file}`, ...declarations, ...operations, "sha256"]);
    const [, sha256 = ""] = (answers.at(-1) as string).split(" ");
    return { answers: answers.slice(1 + declarations.length, -1), sha256 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
