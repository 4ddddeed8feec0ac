import { Command } from "commander";
import { wholeNumber } from "./arguments.js";
import { runMutants, type TriedMutant } from "./mutant-runs.js";
import { seeds } from "./mutants.js";
import { Report } from "./report.js";

/** The slowest mutants take a tenth of a second; a busy machine may make that a few. */
const PATIENCE_IN_MILLISECONDS = 30_000;

const program = new Command("fuzz")
  .description(
    "Damages images of payloads, managers and structures and hands them to classify, inspect, every\n" +
      "serializer and the structures that they seem to hold: each must give an answer or a coded error,\n" +
      "soon and with little memory.",
  )
  .option("--mutants <n>", "damaged images to try", wholeNumber, 5000)
  .option("--seed <s>", "seed of the first mutant; the others follow it", wholeNumber, 1)
  .option("--report <file>", "write { passed, failed } as JSON")
  .action(main);

async function main({
  mutants,
  seed: first,
  report: file,
}: {
  mutants: number;
  seed: number;
  report?: string;
}): Promise<void> {
  const report = new Report();
  let slowest: TriedMutant = { milliseconds: 0, seed: first };
  await runMutants({
    first,
    end: first + mutants,
    script: new URL("./mutant-worker.js", import.meta.url),
    patienceInMilliseconds: PATIENCE_IN_MILLISECONDS,
    onMutant(tried) {
      const { seed, failure } = tried;
      if (tried.milliseconds > slowest.milliseconds) slowest = tried;
      report.record(failure && `--mutants 1 --seed ${seed}: ${failure}`);
      const done = seed - first + 1;
      if (done % 500 === 0) report.progress(`mutant ${done} of ${mutants}`);
      // A long run says without a terminal, too, how far it is.
      if (done % 10_000 === 0) report.say(`${done} of ${mutants} mutants, up to seed ${seed}`);
    },
  });
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  report.say(
    `${mutants} mutants of ${seeds().length} images; the slowest took ${slowest.milliseconds.toFixed(0)} ms ` +
      `(seed ${slowest.seed}); at most ${mebibytes} MiB of memory`,
  );
  report.finish(file);
}

await program.parseAsync();
