import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Command, Option } from "commander";
import { readImage, writeImage } from "stable-structures";
import { wholeNumber } from "./arguments.js";
import { readMaybeGzip, readScript, sha256 } from "./images.js";
import { Replayer } from "./replayer.js";
import { subjectOf, withMemory } from "./subjects.js";

interface ReplayOptions {
  readonly engine: string;
  readonly memory: string;
  readonly from?: string;
  readonly limit?: number;
  readonly out?: string;
  readonly answers?: boolean;
}

const program = new Command("replay")
  .description(
    "Plays a script of operations through the public API and prints the image's SHA-256.",
  )
  .argument(
    "<script>",
    "a script (.ops or .ops.gz); the language is in vectors/reference/README.md",
  )
  .addOption(
    new Option("--engine <name>", "what translates addresses")
      .choices(["js", "wasm"])
      .default("js"),
  )
  .addOption(
    new Option("--memory <name>", "where the bytes are (wasm is the only one for --engine wasm)")
      .choices(["vector", "sparse", "wasm", "file"])
      .default("vector"),
  )
  .option("--from <image>", "start from an image instead of an empty memory")
  .option("--limit <pages>", "most pages the base memory may have", wholeNumber)
  .option("--out <image>", "write the image to a file, packed when it ends with .gz")
  .option("--answers", "also print the answer of every operation")
  .action(replay);

function replay(script: string, options: ReplayOptions): void {
  const lines = readScript(script);
  const subject = subjectOf(options.engine, options.memory);
  const { image, answers } = withMemory(
    subject,
    (memory) => {
      if (options.from !== undefined) writeImage(memory, readMaybeGzip(options.from));
      const replayer = new Replayer(memory);
      const played = replayer.playAll(lines);
      replayer.close();
      return { image: readImage(memory), answers: played };
    },
    options.limit,
  );
  if (options.answers) for (const answer of answers) console.log(answer);
  if (options.out !== undefined)
    writeFileSync(options.out, options.out.endsWith(".gz") ? gzipSync(image) : image);
  console.log(`sha256 ${sha256(image)} pages ${image.length / 65536}`);
}

try {
  program.parse();
} catch (error) {
  console.error(`replay: ${(error as Error).message}`);
  process.exitCode = 1;
}
