import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readImage, writeImage } from "stable-structures";
import { toWord } from "./answer.js";
import type { Difference } from "./checks.js";
import { readMaybeGzip } from "./images.js";
import type { Oracle } from "./oracle.js";
import { Random } from "./random.js";
import { Replayer } from "./replayer.js";
import { type Subject, subjectName, withMemory } from "./subjects.js";

/** The stable memory of a real canister; `fixtures/README.md` says what is in it. */
export const azleImage = fileURLToPath(
  new URL("../../../fixtures/azle-users.image.gz", import.meta.url),
);

const DECLARATIONS = [
  "manager bucket=128",
  "structure users btreemap memory=3 key=string value=string",
  "structure counts btreemap memory=9 key=string value=string",
];
const QUESTIONS = ["users len", "users entries", "counts len", "counts entries rev"];

/**
 * Inserts into the real canister's maps, removes from them, and hands the image to the crate, which
 * must find the same entries.
 */
export async function checkAzle(oracle: Oracle, subject: Subject): Promise<Difference | undefined> {
  const { image, answers } = withMemory(subject, (memory) => {
    writeImage(memory, readMaybeGzip(azleImage));
    const replayer = new Replayer(memory);
    replayer.playAll([...DECLARATIONS, ...changes(), "reload"]);
    const played = replayer.playAll(QUESTIONS);
    replayer.close();
    return { image: readImage(memory), answers: played };
  });
  const rust = await askAbout(oracle, image);
  const at = answers.findIndex((answer, i) => answer !== rust[i]);
  if (at === -1) return undefined;
  return `a real canister's image on ${subjectName(subject)}: "${QUESTIONS[at]}" answers ${answers[at]?.slice(0, 80)} instead of ${rust[at]?.slice(0, 80)}`;
}

async function askAbout(oracle: Oracle, image: Uint8Array): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "stable-structures-azle-"));
  try {
    const file = join(folder, "image.bin");
    writeFileSync(file, image);
    const answers = await oracle.ask([`from ${file}`, ...DECLARATIONS, ...QUESTIONS]);
    return answers.slice(1 + DECLARATIONS.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** 1,500 removals of users that exist and as many insertions, some of them long. */
function changes(): string[] {
  const random = new Random(77);
  const word = (text: string) => toWord(new TextEncoder().encode(text));
  return Array.from({ length: 1500 }, () => [
    `users remove ${word(`"user-${(random.between(0, 1999) * 7919) % 10007}"`)}`,
    `users insert ${word(`"new-${random.between(0, 900)}"`)} ${word("x".repeat(random.between(0, 1500)))}`,
    `counts remove ${word(String(random.between(0, 499)))}`,
  ]).flat();
}
