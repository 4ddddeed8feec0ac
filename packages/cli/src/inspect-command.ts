import { Command } from "commander";
import pc from "picocolors";
import { inspect } from "stable-structures/inspect";
import { openImage } from "./image.js";
import { renderReport } from "./render/report.js";

/** Exit code when the image was read and something in it is damaged. */
const DAMAGED = 1;

const EXIT_CODES = `
Exit codes: 0 nothing is damaged, 1 something is, 2 the image could not be read or the call was wrong.`;

interface Flags {
  json?: boolean;
}

export function inspectCommand(): Command {
  return new Command("inspect")
    .summary("say what a stable memory image holds")
    .description(
      "Says what a stable memory image holds: its memory manager, the memories and the structures in\n" +
        "them, who owns which bucket, and what is damaged or wasted. Reads headers only, and never writes.",
    )
    .argument("<image>", "a file, which may be packed with gzip; - for standard input")
    .option("--json", "print the report as JSON")
    .option("--no-color", "print without colors")
    .addHelpText("after", EXIT_CODES)
    .action(run);
}

async function run(path: string, { json }: Flags): Promise<void> {
  const image = await openImage(path, "inspect");
  try {
    const report = inspect(image.memory, { lengthInBytes: image.lengthInBytes });
    const isDamaged = report.findings.some(({ severity }) => severity === "error");
    process.exitCode = isDamaged ? DAMAGED : 0;
    const width = process.stdout.columns || 80;
    const text = json
      ? JSON.stringify(report)
      : renderReport(path === "-" ? "standard input" : path, report, {
          width,
          colors: pc.isColorSupported,
        });
    process.stdout.write(`${text}\n`);
  } finally {
    image.close();
  }
}
