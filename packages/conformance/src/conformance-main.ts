import { writeFileSync } from "node:fs";
import { Command } from "commander";
import pc from "picocolors";
import { askOracle, canPlay, checkScript, checkVector } from "./checks.js";
import { typeNames } from "./codecs.js";
import { generateScript } from "./generate.js";
import { buildOracle, Oracle } from "./oracle.js";
import { type Subject, subjects } from "./subjects.js";
import { readManifest, vectorScript } from "./vectors.js";

/** Counts of one run; `vectors` counts images compared. */
interface Tally {
  passed: number;
  failed: number;
}

const program = new Command("conformance")
  .description(
    "Replays every golden vector on each engine and memory and compares whole images; then makes random\n" +
      "scripts, plays them on the Rust crate as well, and compares every answer and every byte.",
  )
  .option("--scripts <n>", "random scripts to play", "50")
  .option("--ops <m>", "operations in each", "1000")
  .option("--seed <s>", "seed of the first script; the others follow it")
  .option("--report <file>", "write { passed, failed } as JSON")
  .action(main);

async function main(options: { scripts: string; ops: string; seed?: string; report?: string }): Promise<void> {
  const tally: Tally = { passed: 0, failed: 0 };
  replayVectors(tally);
  await fuzz(tally, {
    scripts: wholeNumber("--scripts", options.scripts),
    operations: wholeNumber("--ops", options.ops),
    seed: options.seed === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : wholeNumber("--seed", options.seed),
  });
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(tally)}\n`);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  if (tally.failed > 0) process.exitCode = 1;
}

/** Every vector on every subject. */
function replayVectors(tally: Tally): void {
  const { crates, vectors } = readManifest();
  const playable = vectors.filter(({ name }) => canPlay(vectorScript(name)));
  for (const { name } of playable) {
    for (const subject of subjects) record(tally, checkVector(name, subject));
    progress(`vectors: ${name}`);
  }
  const left = vectors.length - playable.length;
  report(
    `${playable.length} vectors of ic-stable-structures ${crates.current} on ${subjects.length} engines and memories` +
      (left > 0 ? `; ${left} with structures that cannot be played yet` : ""),
  );
}

interface FuzzOptions {
  readonly scripts: number;
  readonly operations: number;
  readonly seed: number;
}

async function fuzz(tally: Tally, { scripts, operations, seed }: FuzzOptions): Promise<void> {
  if (scripts === 0) return;
  const built = buildOracle();
  if ("missing" in built) {
    report(pc.yellow(`no live comparison with the crate: ${built.missing}; the vectors alone were replayed`));
    return;
  }
  const oracle = new Oracle(built.program);
  const mapTypes = await knownTypes(oracle);
  let played = 0;
  for (let i = 0; i < scripts; i++) {
    const lines = generateScript(seed + i, { operations, mapTypes });
    const truth = await askOracle(oracle, lines);
    played += lines.length;
    for (const subject of subjectsFor(i)) {
      const difference = checkScript(lines, subject, truth);
      record(tally, difference && `${difference}\n  ${keepScript(lines, seed + i)}`);
    }
    progress(`live: script ${i + 1} of ${scripts}, seed ${seed + i}`);
  }
  await oracle.close();
  report(`${scripts} random scripts, ${played} lines, seeds ${seed} to ${seed + scripts - 1}, against the crate`);
}

/** The map types that both sides know. */
async function knownTypes(oracle: Oracle): Promise<string[]> {
  const [, ...types] = (await oracle.ask1("types")).split(" ");
  return types.filter((pair) => pair.replace("v1/", "").split(":").every((type) => typeNames.includes(type)));
}

/** Both engines for every script; the slower memories take turns. */
function subjectsFor(turn: number): Subject[] {
  const [wasm, vector, ...others] = subjects as [Subject, Subject, ...Subject[]];
  return [wasm, vector, others[turn % others.length] as Subject];
}

function record(tally: Tally, difference: string | undefined): void {
  if (difference === undefined) tally.passed++;
  else {
    tally.failed++;
    report(`${pc.red("differs")} ${difference}`);
  }
}

/** Writes a script that found a difference where `npm run replay` can take it. */
function keepScript(lines: readonly string[], seed: number): string {
  const file = `conformance-failure-${seed}.ops`;
  writeFileSync(file, `${lines.join("\n")}\n`);
  return `the script is in ${file}; play it with: npm run replay -- ${file}`;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} takes a whole number, got ${text}`);
  return value;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function report(text: string): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(text);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`conformance: ${(error as Error).message}`);
  process.exitCode = 1;
}
