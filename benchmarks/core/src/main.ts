import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { Command, Option } from "commander";
import { managerAccess, type Row } from "./manager-access.js";
import type { Effort } from "./measure.js";

const EFFORTS: Readonly<Record<string, Effort>> = {
  small: { runs: 5, runMilliseconds: 5 },
  full: { runs: 9, runMilliseconds: 40 },
};

const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};

const program = new Command("bench")
  .description(
    "Reads and writes of managed memories: nanoseconds an access, the median of interleaved runs. `set` is\n" +
      "the bare TypedArray.set and `memory.copy` the bare instruction, both without address translation.",
  )
  .addOption(
    new Option("--scale <scale>", "how long to measure")
      .choices(Object.keys(EFFORTS))
      .default("small"),
  )
  .option("--only <text>", "only rows whose name contains this", "")
  .option("--json <file>", "write { machine, rows } as JSON")
  .action(main);

function main(options: { scale: string; only: string; json?: string }): void {
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}`);
  console.log(line("ns an access", ["wasm", "js", "set", "memory.copy"], "wasm adds"));
  const rows: Row[] = [];
  const only = new RegExp(options.only.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  for (const row of managerAccess(EFFORTS[options.scale] as Effort, only)) {
    rows.push(row);
    print(row);
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
}

function print({ row, subjects }: Row): void {
  const ns = Object.values(subjects).map(({ nsPerOp }) => nsPerOp);
  const [wasm = 0, , set = 0] = ns;
  const added = wasm - set;
  const share = `${added >= 0 ? "+" : ""}${added.toFixed(1)} ns (${((added / set) * 100).toFixed(0)} %)`;
  console.log(
    line(
      row,
      ns.map((value) => value.toFixed(1)),
      share,
    ),
  );
}

function line(name: string, cells: readonly string[], last: string): string {
  return name.padEnd(40) + cells.map((cell) => cell.padStart(13)).join("") + last.padStart(20);
}

program.parse();
