import { Command } from "commander";
import { wholeNumber } from "./arguments.js";
import { mutate, seeds, tryMutant } from "./mutants.js";
import { Random } from "./random.js";
import { Report } from "./report.js";

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

function main({
  mutants,
  seed,
  report: file,
}: {
  mutants: number;
  seed: number;
  report?: string;
}): void {
  const report = new Report();
  const images = seeds();
  let slowest = { milliseconds: 0, seed };
  for (let i = 0; i < mutants; i++) {
    const random = new Random(seed + i);
    const bytes = mutate(random, random.pick(images));
    const { failure, milliseconds } = tryMutant(bytes);
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, seed: seed + i };
    report.record(failure && `--mutants 1 --seed ${seed + i}: ${failure}`);
    if (i % 500 === 0) report.progress(`mutant ${i} of ${mutants}`);
    // A long run says without a terminal, too, how far it is, and so near which seed it stopped.
    if (i > 0 && i % 10_000 === 0)
      report.say(`${i} of ${mutants} mutants, up to seed ${seed + i - 1}`);
  }
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  report.say(
    `${mutants} mutants of ${images.length} images; the slowest took ${slowest.milliseconds.toFixed(0)} ms ` +
      `(seed ${slowest.seed}); at most ${mebibytes} MiB of memory`,
  );
  report.finish(file);
}

program.parse();
