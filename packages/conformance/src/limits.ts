import { type Memory, PAGE_SIZE, readImage, SparseMemory, writeImage } from "stable-structures";
import type { Difference } from "./checks.js";
import { imageDifference } from "./images.js";
import type { Oracle } from "./oracle.js";
import { Replayer } from "./replayer.js";
import { type Subject, subjectName, withMemory } from "./subjects.js";

/** Page 0 of an image is the manager's. */
const BUCKETS_START = PAGE_SIZE;

/** True for the answer of an operation that a full memory refused here. */
export function isRefusal(answer: string): boolean {
  return /^(panic|error) STABLE_GROW_FAILED/.test(answer) || answer === "number -1";
}

/** True for the answer of an operation that a full memory refused in the crate. */
function isCrateRefusal(answer: string): boolean {
  return (
    /^panic .*\bgrow\b/.test(answer) || /^error GrowFailed/.test(answer) || answer === "number -1"
  );
}

/**
 * The limits below `pages` that can make a difference: a manager takes whole buckets, so that between two
 * of them every limit refuses the same. Of each such stretch the least and the most, which are all where
 * a bucket is a page.
 */
export function limitsBelow(lines: readonly string[], pages: number): number[] {
  const [, bucket = "1"] = /^manager bucket=(\d+)/m.exec(lines.join("\n")) ?? [];
  const stretch = Number(bucket);
  const limits = new Set<number>();
  for (let limit = 1; limit < pages; limit += stretch)
    limits.add(limit).add(Math.min(limit + stretch, pages) - 1);
  return [...limits];
}

/** Index of the first operation that a base memory of `limit` pages refuses, or -1. */
export function firstRefusal(lines: readonly string[], subject: Subject, limit: number): number {
  return withMemory(
    subject,
    (memory) => {
      const replayer = new Replayer(memory);
      return lines.findIndex((line) => isRefusal(replayer.play(line) ?? ""));
    },
    limit,
  );
}

/**
 * Plays a script in a base memory of `limit` pages up to the first operation it refuses, and checks
 * that the refusal changed no byte and no entry, also after everything was opened again, and that the
 * operation succeeds where there is room.
 *
 * @returns what is wrong, or undefined; `refused` says whether there was a refusal at all.
 */
export function checkRefusal(
  lines: readonly string[],
  subject: Subject,
  limit: number,
): { refused: boolean; difference: Difference | undefined } {
  const at = firstRefusal(lines, subject, limit);
  if (at === -1) return { refused: false, difference: undefined };
  // What was inserted, or removed, before the entry that found no room stays so.
  if (/ (insert_many|delete_range) /.test(lines[at] as string))
    return { refused: true, difference: undefined };
  const difference = withMemory(subject, (memory) => compareAround(lines, at, memory), limit);
  const where = `${subjectName(subject)}, ${limit} pages, line ${at + 1}`;
  return { refused: true, difference: difference && `${where}: ${difference}` };
}

function compareAround(
  lines: readonly string[],
  at: number,
  memory: Memory,
): Difference | undefined {
  const replayer = new Replayer(memory);
  replayer.playAll(lines.slice(0, at));
  const questions = questionsOf(lines.slice(0, at));
  const contents = () => replayer.playAll(questions).join("\n");
  const before = { image: readImage(memory), contents: contents() };
  const answer = replayer.play(lines[at] as string) ?? "";
  if (!isRefusal(answer)) return `played again, the operation is not refused but answers ${answer}`;
  // A log has two memories. When the second refuses, the first keeps the zero pages it was given, so the
  // manager's tables may differ; what lies in the buckets may not.
  const from = isOfLog(lines, at) ? BUCKETS_START : 0;
  const after = readImage(memory).subarray(from, before.image.length);
  const bytes = imageDifference(after, before.image.subarray(from));
  if (bytes !== undefined) return `the refusal changed bytes: ${bytes}`;
  if (contents() !== before.contents) return "the refusal changed entries";
  replayer.close();
  const declarations = lines.slice(0, at).filter((line) => /^(manager|structure) /.test(line));
  if (playAnew(memory, declarations, questions).join("\n") !== before.contents)
    return "there are other entries after everything, the manager too, was opened again";
  return repeatWithRoom(readImage(memory), declarations, lines[at] as string);
}

/** Whether line `at` opens a log or operates on one. */
function isOfLog(lines: readonly string[], at: number): boolean {
  const [first, second] = (lines[at] as string).split(" ");
  const name = first === "structure" ? second : first;
  return lines.some((line) => line.startsWith(`structure ${name} log `));
}

/** Opens everything and plays `lines`; their answers. */
function playAnew(
  memory: Memory,
  declarations: readonly string[],
  lines: readonly string[],
): string[] {
  const replayer = new Replayer(memory);
  replayer.playAll(declarations);
  const answers = replayer.playAll(lines);
  replayer.close();
  return answers;
}

/** The refused operation must succeed once more pages are allowed. */
function repeatWithRoom(
  image: Uint8Array,
  declarations: readonly string[],
  line: string,
): Difference | undefined {
  const memory = new SparseMemory();
  writeImage(memory, image);
  const [answer = ""] = playAnew(memory, declarations, [line]);
  return isRefusal(answer) || answer.startsWith("panic")
    ? `with more pages the operation answers ${answer}`
    : undefined;
}

/** The operations that list everything in each structure. */
const LISTINGS: Readonly<Record<string, string>> = {
  btreemap: "entries",
  btreemap_v1: "entries",
  btreeset: "keys",
  vec: "values",
  minheap: "values",
  cell: "get",
  log: "values",
};

function questionsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, name, kind = ""] = /^structure (\S+) (\S+)/.exec(line) ?? [];
    const listing = LISTINGS[kind];
    return listing === undefined ? [] : [`${name} ${listing}`];
  });
}

/**
 * Compares the first refusal with the crate's: what Rust finishes within the limit must succeed here.
 */
export async function checkLimitAgainstCrate(
  lines: readonly string[],
  subject: Subject,
  limit: number,
  oracle: Oracle,
): Promise<Difference | undefined> {
  const at = firstRefusal(lines, subject, limit);
  const operations = at === -1 ? lines : lines.slice(0, at + 1);
  const answers = (await oracle.ask([`new limit=${limit}`, ...operations])).slice(1);
  const rust = answers.findIndex(isCrateRefusal);
  if (rust === at) return undefined;
  return `${subjectName(subject)}, ${limit} pages: refuses line ${at + 1}, the crate line ${rust + 1} (0 = none)`;
}
