#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { lineOf } from "./errors.js";
import { inspectCommand } from "./inspect-command.js";
import { plain } from "./render/words.js";
import { verifyCommand } from "./verify-command.js";

/** Exit code when there is no answer: a wrong call, or an image that cannot be read. */
const NO_ANSWER = 2;

/** Who reads our output may stop before its end, as `head` does. */
function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
}

async function main(): Promise<void> {
  const program = new Command("stable-structures")
    .description("looks into stable memory images of the Internet Computer")
    .version(version)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "STABLE_USAGE: ")),
    })
    .showHelpAfterError("(--help says how it is called)");
  program.addCommand(inspectCommand().copyInheritedSettings(program));
  program.addCommand(verifyCommand().copyInheritedSettings(program));
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : NO_ANSWER;
      return;
    }
    process.exitCode = NO_ANSWER;
    process.stderr.write(`${plain(lineOf(error))}\n`);
  }
}

endQuietlyWithoutReader();
await main();
