import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import { isFloor } from "./case.js";
import { ContentionGauge, describeContention } from "./contention.js";
import {
  LEAST_ROUNDS,
  type Measured,
  measurePart,
  type Row,
  roundsFor,
  type Step,
} from "./measure.js";
import { mustBeInstalled, type Part, partsOf, type Scale } from "./plan.js";
import { type CountRow, describeMachine, type Result, thisMachine } from "./report.js";
import { SubjectProcess } from "./subject-process.js";
import { buildRust, installRivals, probe, startSubject } from "./subjects-at-hand.js";
import { printMean, printPart } from "./table.js";

interface Options {
  readonly scale: Scale;
  readonly only: string;
  readonly subjects?: string;
  readonly rounds: number;
  readonly json?: string;
}

const say = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(text);
};
const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

const program = new Command("bench")
  .description(
    "Maps of this project against the Rust crate compiled natively, and against what people would pick " +
      "instead: nanoseconds an operation, medians of interleaved rounds. Subjects that cannot be had here " +
      "are named and left out.",
  )
  .addOption(
    new Option("--scale <scale>", "how many entries: a twentieth, or all")
      .choices(["small", "full"])
      .default("small"),
  )
  .option("--only <text>", "only parts whose name contains this", "")
  .option("--subjects <names>", "only these subjects, with commas between them")
  .option("--rounds <n>", "timed rounds; more where others use the machine", rounds, LEAST_ROUNDS)
  .option("--json <file>", "write { machine, rows, facts, counts, contention } as JSON")
  .action(main);

/** @throws InvalidArgumentError for anything but a whole number of at least five. */
function rounds(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= LEAST_ROUNDS) return number;
  throw new InvalidArgumentError(`Give a whole number of at least ${LEAST_ROUNDS}.`);
}

async function main(options: Options): Promise<void> {
  const machine = thisMachine();
  say(describeMachine(machine));
  const parts = partsOf(options.scale).filter(({ name }) => name.includes(options.only));
  const wanted = [...new Set(parts.flatMap(({ subjects }) => subjects))].filter(
    (name) => options.subjects === undefined || options.subjects.split(",").includes(name),
  );
  const available = await subjectsAtHand(wanted);
  const gauge = new ContentionGauge();
  const results: Measured[] = [];
  const counts: CountRow[] = [];
  for (const part of parts) {
    const measured = await measure(part, options.rounds, available, gauge);
    results.push(measured);
    printPart(measured, say);
    counts.push(...(await countPart(part)));
  }
  const rows: Row[] = results.flatMap((measured) => measured.rows);
  say("");
  printMean(rows, say);
  const contention = gauge.contention();
  if (contention !== undefined) say(describeContention(contention));
  printCounts(counts);
  const result: Result = {
    machine,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run bench -- ${process.argv.slice(2).join(" ")}`.trimEnd(),
    rows,
    facts: results.map(({ facts }) => facts),
    counts,
    ...(contention && { contention }),
  };
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
}

/** Those of the subjects that can be measured here; the others are named, with the reason. */
async function subjectsAtHand(names: readonly string[]): Promise<ReadonlySet<string>> {
  const available = new Set<string>();
  if (names.some(mustBeInstalled)) installRivals(say);
  for (const name of names) {
    const reason = (name === "rust" ? buildRust(say) : undefined) ?? (await probe(name));
    if (reason === undefined) available.add(name);
    else say(pc.yellow(`${name} is left out: ${reason}`));
  }
  return available;
}

async function measure(
  part: Part,
  timed: number,
  available: ReadonlySet<string>,
  gauge: ContentionGauge,
): Promise<Measured> {
  const names = part.subjects.filter((name) => available.has(name));
  const subjects = names.map(startSubject);
  try {
    const report = ({ text }: Step) => {
      progress(`${part.name}, ${text}`);
      gauge.sample();
    };
    const rounds = { ...roundsFor(part.case.entries), timed };
    return await measurePart(part, subjects, report, rounds);
  } finally {
    for (const subject of subjects) await subject.close();
  }
}

/** What our engines do for one operation, in numbers that are the same everywhere. */
async function countPart(part: Part): Promise<CountRow[]> {
  const rows: CountRow[] = [];
  for (const name of part.subjects.filter((subject) => ["wasm", "js"].includes(subject))) {
    progress(`${part.name}, counting ${name}`);
    const subject = SubjectProcess.node(name, true);
    await subject.prepare(part.case);
    for (const sequence of part.sequences) {
      await subject.reset();
      for (const phase of sequence) {
        const counts = isFloor(phase) ? undefined : await subject.count(phase);
        if (counts !== undefined)
          rows.push({ row: `${part.name}, ${phase}`, subject: name, counts });
      }
    }
    await subject.close();
  }
  return rows;
}

function printCounts(counts: readonly CountRow[]): void {
  if (counts.length === 0) return;
  say(`\n${pc.bold("Counted, for one operation")} (the same on every machine)`);
  for (const { row, subject, counts: numbers } of counts) {
    const list = Object.entries(numbers).map(([what, number]) => `${what} ${number.toFixed(2)}`);
    say(`${row.padEnd(40)}${subject.padEnd(8)}${list.join(", ")}`);
  }
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
