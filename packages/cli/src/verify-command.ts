import { Command } from "commander";
import pc from "picocolors";
import { type CheckReport, check } from "stable-structures/check";
import { openImage } from "./image.js";
import { ProgressLine } from "./progress.js";
import { renderCheck } from "./render/check.js";

/** Exit code when the image was read and something in it is damaged. */
const DAMAGED = 1;

const EXIT_CODES = `
Exit codes: 0 the image is sound, 1 something is damaged, 2 the image could not be read or the call was wrong.`;

interface Flags {
  json?: boolean;
  statistics?: boolean;
}

export function verifyCommand(): Command {
  return new Command("verify")
    .summary("check everything in a stable memory image")
    .description(
      "Checks everything in a stable memory image: the manager's tables, every chunk and node of its maps,\n" +
        "and the other structures. Says what is damaged, where, and what to do. Never writes.",
    )
    .argument("<image>", "a file, which may be packed with gzip; - for standard input")
    .option("--json", "print the report as JSON")
    .option(
      "--statistics",
      "also print what each map is made of, and what other node pages would take",
    )
    .option("--no-color", "print without colors")
    .addHelpText("after", EXIT_CODES)
    .action(run);
}

async function run(path: string, { json, statistics = false }: Flags): Promise<void> {
  const image = await openImage(path, "verify");
  const progress = new ProgressLine(process.stderr);
  try {
    const report = check(image.memory, {
      lengthInBytes: image.lengthInBytes,
      onProgress: progress.show,
    });
    progress.clear();
    process.exitCode = report.isSound ? 0 : DAMAGED;
    process.stdout.write(`${json ? JSON.stringify(report) : textOf(path, report, statistics)}\n`);
  } finally {
    image.close();
  }
}

function textOf(path: string, report: CheckReport, statistics: boolean): string {
  const name = path === "-" ? "standard input" : path;
  const width = process.stdout.columns || 80;
  return renderCheck(name, report, { width, colors: pc.isColorSupported, statistics });
}
