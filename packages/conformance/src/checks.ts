import { readImage } from "stable-structures";
import { imageDifference, sha256 } from "./images.js";
import type { Oracle } from "./oracle.js";
import { Replayer, UnsupportedScriptError } from "./replayer.js";
import { type Subject, subjectName, withMemory } from "./subjects.js";
import { vectorImage, vectorScript } from "./vectors.js";

/** What playing a script gave. */
export interface Played {
  readonly answers: string[];
  readonly image: Uint8Array;
}

/** Plays a script on a subject, from an empty memory of at most `limit` pages. */
export function playOn(subject: Subject, lines: readonly string[], limit?: number): Played {
  return withMemory(
    subject,
    (memory) => {
      const replayer = new Replayer(memory);
      const answers = replayer.playAll(lines);
      replayer.close();
      return { answers, image: readImage(memory) };
    },
    limit,
  );
}

/** A difference from the crate, as a sentence. */
export type Difference = string;

/** Plays a golden vector; undefined when the image is the crate's, byte for byte. */
export function checkVector(
  name: string,
  subject: Subject,
  folder?: string,
): Difference | undefined {
  const { answers, image } = playOn(subject, vectorScript(name, folder));
  const difference = imageDifference(image, vectorImage(name, folder));
  if (difference === undefined) return undefined;
  const panic = answers.find((answer) => answer.startsWith("panic"));
  return `${name} on ${subjectName(subject)}: ${difference}${panic === undefined ? "" : `; ${panic}`}`;
}

/** Whether scripts of this kind can be played yet. */
export function canPlay(lines: readonly string[]): boolean {
  try {
    playOn(
      { engine: "js", memory: "sparse" },
      lines.filter((line) => /^(manager|structure) /.test(line)),
    );
    return true;
  } catch (error) {
    if ((error as Error).cause instanceof UnsupportedScriptError) return false;
    throw error;
  }
}

/** What the crate itself makes of a script. */
export interface Truth {
  readonly answers: readonly string[];
  readonly sha256: string;
}

/** Plays a script on the crate, from an empty memory of at most `limit` pages. */
export async function askOracle(
  oracle: Oracle,
  lines: readonly string[],
  limit?: number,
): Promise<Truth> {
  const start = limit === undefined ? "new" : `new limit=${limit}`;
  const answers = await oracle.ask([start, ...lines, "sha256"]);
  const [, hash = ""] = (answers.at(-1) as string).split(" ");
  return { answers: answers.slice(1, -1), sha256: hash };
}

/** Plays a script on a subject and compares every answer and the whole image with the crate's. */
export function checkScript(
  lines: readonly string[],
  subject: Subject,
  truth: Truth,
  limit?: number,
): Difference | undefined {
  const difference = differenceFrom(truth, lines, playOn(subject, lines, limit));
  return difference && `${subjectName(subject)}, ${difference}`;
}

/** Compares what playing `lines` gave with what the crate makes of them. */
export function differenceFrom(
  truth: Truth,
  lines: readonly string[],
  { answers, image }: Played,
): Difference | undefined {
  const at = truth.answers.findIndex((answer, i) => !sameAnswer(answers[i] ?? "", answer));
  if (at !== -1) {
    return `line ${at + 1} "${shorten(lines[at])}": ${shorten(answers[at])} instead of ${shorten(truth.answers[at])}`;
  }
  if (sha256(image) !== truth.sha256) return "every answer is the same, the image is not";
  return undefined;
}

/** Messages are for people: of a panic or an error only the word counts. */
function sameAnswer(actual: string, expected: string | undefined): boolean {
  if (actual === expected) return true;
  const refusal = /^(panic|error)\b/.exec(actual)?.[0];
  return refusal !== undefined && expected?.startsWith(refusal) === true;
}

function shorten(text = "nothing"): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
