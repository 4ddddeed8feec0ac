import { Command } from "commander";
import pc from "picocolors";
import { wholeNumber } from "./arguments.js";
import { buildOracle, Oracle } from "./oracle.js";
import { Report } from "./report.js";
import {
  compareAzle,
  compareBulkLoads,
  compareCodecs,
  compareCutOffs,
  compareFullMemories,
  compareLargeValues,
  compareLimits,
  comparePayloads,
  type FuzzOptions,
  fuzz,
  fuzzStreams,
  MIXED,
  replayVectors,
  SCATTERED,
  SETS,
} from "./stages.js";

const program = new Command("conformance")
  .description(
    "Replays every golden vector on each engine and memory and compares whole images; then, against the\n" +
      "Rust crate itself: memories that are full, managers that are cut off, values, and random scripts.",
  )
  .option("--scripts <n>", "random scripts to play", wholeNumber, 50)
  .option("--ops <m>", "operations in each", wholeNumber, 1000)
  .option("--streams <n>", "random scripts of readers and writers", wholeNumber, 100)
  .option("--codec-values <n>", "random values of each type to encode", wholeNumber, 1000)
  .option("--seed <s>", "seed of the first script; the others follow it", wholeNumber)
  .option(
    "--oracle <program>",
    "ask this program in place of the Rust one, which is built nevertheless",
  )
  .option("--report <file>", "write { passed, failed } as JSON")
  .action(main);

/** Kinds of random scripts; of how many of `--scripts` there is one of the kind. */
const KINDS = [
  [SETS, 2],
  [SCATTERED, 10],
  [MIXED, 1],
] as const;
/** Random scripts that are played in memories too small for them. */
const FULL_MEMORIES = 10;

async function main(options: {
  scripts: number;
  ops: number;
  streams: number;
  codecValues: number;
  seed?: number;
  oracle?: string;
  report?: string;
}): Promise<void> {
  const report = new Report();
  replayVectors(report);
  await compareWithCrate(report, options.oracle, {
    scripts: options.scripts,
    operations: options.ops,
    streams: options.streams,
    codecValues: options.codecValues,
    seed: options.seed ?? Math.floor(Math.random() * 0x7fff_ffff),
  });
  report.finish(options.report);
}

async function compareWithCrate(
  report: Report,
  program: string | undefined,
  options: FuzzOptions & { readonly streams: number; readonly codecValues: number },
): Promise<void> {
  const built = buildOracle();
  if ("missing" in built) {
    if (program !== undefined) throw new Error(`nothing was asked: ${built.missing}`);
    report.say(
      pc.yellow(
        `no live comparison with the crate: ${built.missing}; the vectors alone were replayed`,
      ),
    );
    return;
  }
  const oracle = new Oracle(program ?? built.program);
  try {
    await compareLimits(report, oracle);
    await compareCutOffs(report, oracle);
    await compareAzle(report, oracle);
    comparePayloads(report, built.program);
    await compareCodecs(report, oracle, { values: options.codecValues, seed: options.seed });
    await compareBulkLoads(report, oracle, options.seed);
    await compareLargeValues(report, oracle, options.seed);
    await compareFullMemories(report, oracle, { scripts: FULL_MEMORIES, seed: options.seed });
    await fuzzStreams(report, oracle, { scripts: options.streams, seed: options.seed });
    for (const [kind, part] of KINDS)
      await fuzz(report, oracle, { ...options, scripts: Math.ceil(options.scripts / part) }, kind);
  } finally {
    await oracle.close();
  }
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`conformance: ${(error as Error).message}`);
  process.exitCode = 1;
}
