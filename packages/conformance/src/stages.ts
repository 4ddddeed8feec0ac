import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PAGE_SIZE } from "stable-structures";
import { checkAzle } from "./azle.js";
import { checkBulkLoad, generateBulkLoad } from "./bulk-load.js";
import { askOracle, canPlay, checkScript, checkVector, playOn } from "./checks.js";
import { checkCodec, checkUpgrades } from "./codec-checks.js";
import { typeNames } from "./codecs.js";
import { checkCutImage, cutImages } from "./cut-off.js";
import { generateScript } from "./generate.js";
import { generateScattered } from "./generate-scattered.js";
import { generateSets } from "./generate-sets.js";
import { generateStreams } from "./generate-streams.js";
import { generateLargeValues } from "./large-values.js";
import { checkLimitAgainstCrate, checkRefusal, limitsBelow } from "./limits.js";
import type { Oracle } from "./oracle.js";
import { checkPayload, rewritablePayloads } from "./payload-checks.js";
import type { Report } from "./report.js";
import { type Subject, subjects } from "./subjects.js";
import { readManifest, vectorScript } from "./vectors.js";

const [WASM, VECTOR, ...OTHERS] = subjects as [Subject, Subject, ...Subject[]];

/** The vectors whose structures can be played. */
function playableVectors() {
  const { crates, vectors } = readManifest();
  const playable = vectors.filter(({ name }) => canPlay(vectorScript(name)));
  return { crates, playable, left: vectors.length - playable.length };
}

/** Every vector on every engine and memory: the image must be the crate's. */
export function replayVectors(report: Report): void {
  const { crates, playable, left } = playableVectors();
  for (const { name } of playable) {
    for (const subject of subjects) report.record(checkVector(name, subject));
    report.progress(`vectors: ${name}`);
  }
  const rest = left > 0 ? `; ${left} with structures that cannot be played yet` : "";
  report.say(
    `${playable.length} vectors of ic-stable-structures ${crates.current} on ${subjects.length} engines and memories${rest}`,
  );
}

/** Every vector in a base memory of every size below what it needs: refused where the crate is. */
export async function compareLimits(report: Report, oracle: Oracle): Promise<void> {
  let limits = 0;
  for (const { name, pages } of playableVectors().playable) {
    const lines = vectorScript(name).filter((line) => line !== "" && !line.startsWith("#"));
    for (const limit of limitsBelow(lines, pages)) {
      limits++;
      for (const subject of [WASM, VECTOR]) {
        const difference = await checkLimitAgainstCrate(lines, subject, limit, oracle);
        report.record(difference && `${name}, ${difference}`);
      }
    }
    report.progress(`limits: ${name}`);
  }
  report.say(
    `${limits} sizes of the base memory too small for a vector: refused where the crate refuses`,
  );
}

/** Manager operations cut off after every write: the crate finds all earlier contents. */
export async function compareCutOffs(report: Report, oracle: Oracle): Promise<void> {
  let images = 0;
  for (const bucketSize of [1, 2, 3, 16]) {
    for (const cut of cutImages(900 + bucketSize, bucketSize)) {
      report.record(await checkCutImage(oracle, bucketSize, cut));
      images++;
    }
  }
  report.say(
    `${images} images cut off between two writes: the crate opens them with all earlier contents`,
  );
}

/** A real canister's memory, changed here and continued by the crate. */
export async function compareAzle(report: Report, oracle: Oracle): Promise<void> {
  for (const subject of subjects) report.record(await checkAzle(oracle, subject));
  report.say("the memory of a real Azle canister, changed here: the crate finds the same entries");
}

/** What random scripts to make. */
export interface FuzzOptions {
  readonly scripts: number;
  readonly operations: number;
  readonly seed: number;
}

/** Random scripts of one kind. */
interface ScriptKind {
  /** As a report says it: `random scripts of sets`. */
  readonly name: string;
  generate(seed: number, operations: number, mapTypes: readonly string[]): string[];
}

/** Structures of every kind, operated on in turn. */
export const MIXED: ScriptKind = {
  name: "random scripts",
  generate: (seed, operations, mapTypes) =>
    generateScript(seed, { operations, mapTypes, everything: true }),
};

/** Sets, with the crate's answers to questions about two of them. */
export const SETS: ScriptKind = { name: "random scripts of sets", generate: generateSets };

/** Maps and sets of thousands of entries, scattered over small buckets. */
export const SCATTERED: ScriptKind = {
  name: "random scripts of scattered maps and sets",
  generate: generateScattered,
};

/** Random scripts of a kind: every answer and every byte must be the crate's. */
export async function fuzz(
  report: Report,
  oracle: Oracle,
  { scripts, operations, seed }: FuzzOptions,
  { name, generate }: ScriptKind,
): Promise<void> {
  const mapTypes = await knownTypes(oracle);
  let lines = 0;
  for (let i = 0; i < scripts; i++) {
    const script = generate(seed + i, operations, mapTypes);
    const truth = await askOracle(oracle, script);
    lines += script.length;
    for (const subject of [WASM, VECTOR, OTHERS[i % OTHERS.length] as Subject]) {
      const difference = checkScript(script, subject, truth);
      report.record(difference && `${difference}\n  ${keepScript(script, seed + i)}`);
    }
    report.progress(`${name}: ${i + 1} of ${scripts}, seed ${seed + i}`);
  }
  report.say(
    `${scripts} ${name}, ${lines} lines, seeds ${seed} to ${seed + scripts - 1}, against the crate`,
  );
}

/** Random values of every type: the bytes and the order must be those of Rust. */
export async function compareCodecs(
  report: Report,
  oracle: Oracle,
  options: { readonly values: number; readonly seed: number },
): Promise<void> {
  for (const type of typeNames) {
    report.record(await checkCodec(oracle, type, options));
    report.progress(`codecs: ${type}`);
  }
  report.record(await checkUpgrades(oracle, options));
  report.say(
    `${options.values} random values of each of ${typeNames.length} types, and old versions of one: bytes and order are those of Rust`,
  );
}

/** Upgrade payloads that Rust wrote, read and written again here: Rust decodes the same. */
export function comparePayloads(report: Report, oracleProgram: string): void {
  const program = join(dirname(oracleProgram), "payloads");
  for (const payload of rewritablePayloads) report.record(checkPayload(program, payload));
  report.say(
    `${rewritablePayloads.length} upgrade payloads of Rust, written again here: Rust decodes the same`,
  );
}

/** Operations in a script of streams. */
const STREAM_OPERATIONS = 200;

/** Random scripts of readers and writers: every answer, every refusal and every byte. */
export async function fuzzStreams(
  report: Report,
  oracle: Oracle,
  { scripts, seed }: { readonly scripts: number; readonly seed: number },
): Promise<void> {
  let lines = 0;
  for (let i = 0; i < scripts; i++) {
    const script = generateStreams(seed + i, STREAM_OPERATIONS);
    const truth = await askOracle(oracle, script.lines, script.limit);
    lines += script.lines.length;
    const subject = [WASM, VECTOR, ...OTHERS][i % subjects.length] as Subject;
    const difference = checkScript(script.lines, subject, truth, script.limit);
    report.record(
      difference && `${difference}\n  ${keepScript(script.lines, seed + i, script.limit)}`,
    );
    report.progress(`streams: script ${i + 1} of ${scripts}`);
  }
  if (scripts > 0) {
    report.say(
      `${scripts} random scripts of readers and writers, ${lines} lines, against the crate and ic-cdk`,
    );
  }
}

/** Operations after a bulk load. */
const BULK_OPERATIONS = 400;
/** Operations of a script that meets a full memory. */
const FULL_MEMORY_OPERATIONS = 1500;

/** Bulk loads of every type: the crate opens them, and goes on with the same answers and bytes. */
export async function compareBulkLoads(
  report: Report,
  oracle: Oracle,
  seed: number,
): Promise<void> {
  const mapTypes = await knownTypes(oracle);
  for (const [i, mapType] of mapTypes.entries()) {
    const script = generateBulkLoad(seed + i, mapType, BULK_OPERATIONS);
    const difference = await checkBulkLoad(oracle, script, [WASM, VECTOR]);
    report.record(difference && `${mapType}, seed ${seed + i}: ${difference}`);
    report.progress(`bulk loads: ${mapType}`);
  }
  report.say(
    `${mapTypes.length} bulk-loaded maps, one of each pair of types: one image on both engines, and the crate goes on in it`,
  );
}

/** Largest values of scripts that are about them. */
const LARGEST_VALUES = [100_000, 400_000, 1_500_000] as const;

/** Maps whose nodes hold megabytes: every answer and every byte must be the crate's. */
export async function compareLargeValues(
  report: Report,
  oracle: Oracle,
  seed: number,
): Promise<void> {
  for (const [i, largest] of LARGEST_VALUES.entries()) {
    const script = generateLargeValues(seed + i, largest);
    const truth = await askOracle(oracle, script);
    for (const subject of [WASM, VECTOR]) {
      const difference = checkScript(script, subject, truth);
      report.record(difference && `${difference}\n  ${keepScript(script, seed + i)}`);
    }
    report.progress(`large values: up to ${largest} bytes`);
  }
  report.say(`${LARGEST_VALUES.length} random scripts of large values, against the crate`);
}

/** Random scripts in memories that are too small for them: refused where the crate is, with nothing lost. */
export async function compareFullMemories(
  report: Report,
  oracle: Oracle,
  { scripts, seed }: { readonly scripts: number; readonly seed: number },
): Promise<void> {
  const mapTypes = await knownTypes(oracle);
  let limits = 0;
  for (let i = 0; i < scripts; i++) {
    const script = generateScript(seed + i, {
      operations: FULL_MEMORY_OPERATIONS,
      mapTypes,
      maps: 2,
      raws: 0,
      bucketSize: 1,
      everything: true,
    });
    const pages = playOn(WASM, script).image.length / PAGE_SIZE;
    for (let limit = 1; limit < pages; limit++, limits++) {
      for (const subject of [WASM, VECTOR]) {
        const difference = await checkLimitAgainstCrate(script, subject, limit, oracle);
        report.record(difference && `seed ${seed + i}, ${difference}`);
        const loss = checkRefusal(script, subject, limit).difference;
        report.record(loss && `seed ${seed + i}, ${loss}`);
      }
    }
    report.progress(`full memories: script ${i + 1} of ${scripts}`);
  }
  report.say(
    `${limits} memories too small for a random script: refused where the crate refuses, and nothing is lost`,
  );
}

/** The map types that both sides know. */
async function knownTypes(oracle: Oracle): Promise<string[]> {
  const [, ...types] = (await oracle.ask1("types")).split(" ");
  return types.filter((pair) =>
    pair
      .replace("v1/", "")
      .split(":")
      .every((type) => typeNames.includes(type)),
  );
}

/** Writes a script that found a difference where `npm run replay` can take it. */
function keepScript(lines: readonly string[], seed: number, limit?: number): string {
  const file = `conformance-failure-${seed}.ops`;
  writeFileSync(file, `${lines.join("\n")}\n`);
  return `the script is in ${file}; play it with: npm run replay -- ${file}${limit === undefined ? "" : ` --limit ${limit}`}`;
}
