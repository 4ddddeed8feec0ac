import { type Memory, readImage } from "stable-structures";
import type { Difference } from "./checks.js";
import { imageDifference } from "./images.js";
import type { Oracle } from "./oracle.js";
import { Replayer } from "./replayer.js";
import { type Subject, subjectName, withMemory } from "./subjects.js";

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
 * that the refusal changed no byte and no entry, also after everything was opened again.
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
  const reads = readsOf(lines.slice(0, at));
  const contents = () => replayer.playAll(reads).join("\n");
  const before = { image: readImage(memory), contents: contents() };
  const answer = replayer.play(lines[at] as string) ?? "";
  if (!isRefusal(answer)) return `played again, the operation is not refused but answers ${answer}`;
  const after = readImage(memory).subarray(0, before.image.length);
  const bytes = imageDifference(after, before.image);
  if (bytes !== undefined) return `the refusal changed bytes: ${bytes}`;
  if (contents() !== before.contents) return "the refusal changed entries";
  replayer.close();
  if (contentsAnew(memory, lines.slice(0, at), reads) !== before.contents) {
    return "there are other entries after everything, the manager too, was opened again";
  }
  return undefined;
}

function contentsAnew(memory: Memory, lines: readonly string[], reads: readonly string[]): string {
  const replayer = new Replayer(memory);
  replayer.playAll(lines.filter((line) => /^(manager|structure) /.test(line)));
  const contents = replayer.playAll(reads).join("\n");
  replayer.close();
  return contents;
}

/** The operation that reads all of a structure, by kind. */
const READ_ALL: Readonly<Record<string, string>> = {
  btreemap: "entries",
  btreemap_v1: "entries",
  btreeset: "keys",
};

/** Lines that read everything that was declared. */
function readsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, name, kind = ""] = /^structure (\S+) (\S+)/.exec(line) ?? [];
    const read = READ_ALL[kind];
    return read === undefined ? [] : [`${name} ${read}`];
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
