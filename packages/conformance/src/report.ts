import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import pc from "picocolors";
import type { Difference } from "./checks.js";

/** Counts what a run compared and says how far it is. */
export class Report {
  passed = 0;
  failed = 0;

  /** Counts one comparison, and prints it when it found a difference. */
  record(difference: Difference | undefined): void {
    if (difference === undefined) this.passed++;
    else {
      this.failed++;
      this.say(`${pc.red("differs")} ${difference}`);
    }
  }

  /** Prints the counts, writes them to `file` if one is given, and sets the exit code. */
  finish(file: string | undefined): void {
    const { passed, failed } = this;
    if (file !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify({ passed, failed })}\n`);
    }
    console.log(`${passed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  }

  /** Prints a line that stays. */
  say(text: string): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    console.log(text);
  }

  /** Shows what is being done, where somebody looks on. */
  progress(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  }
}
