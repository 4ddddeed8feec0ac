import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Where the Rust program's source is: beside the packages, in `vectors/reference`. */
const SOURCE = fileURLToPath(new URL("../../../vectors/reference", import.meta.url));
const MANIFEST = fileURLToPath(new URL("../../../vectors/reference/Cargo.toml", import.meta.url));
const PROGRAM = fileURLToPath(
  new URL("../../../vectors/reference/target/release/reference", import.meta.url),
);

/**
 * Builds the Rust program, when there is a Rust toolchain.
 * @returns its path, or why there is none.
 */
export function buildOracle(): { program: string } | { missing: string } {
  const cargo = spawnSync("cargo", ["--version"], { encoding: "utf8" });
  if (cargo.error) return { missing: "cargo is not installed" };
  if (cargo.status !== 0) return { missing: `cargo does not run: ${cargo.stderr.split("\n")[0]}` };
  const build = spawnSync(
    "cargo",
    ["build", "--release", "--locked", "--quiet", "--manifest-path", MANIFEST],
    {
      cwd: SOURCE,
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return build.status === 0
    ? { program: PROGRAM }
    : { missing: "the Rust program does not build (see above)" };
}

/** A running `reference serve`: the crate itself, answering line by line. */
export class Oracle {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor(program: string) {
    this.#process = spawn(program, ["serve"]);
    this.#process.stderr.pipe(process.stderr);
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Sends lines, none of them empty or a comment, and returns as many answers. */
  async ask(lines: readonly string[]): Promise<string[]> {
    this.#process.stdin.write(`${lines.join("\n")}\n`);
    const answers: string[] = [];
    while (answers.length < lines.length) {
      const { value, done } = await this.#answers.next();
      if (done)
        throw new Error(
          `the Rust program ended after ${answers.length} of ${lines.length} answers`,
        );
      answers.push(value);
    }
    return answers;
  }

  /** Sends one line. */
  async ask1(line: string): Promise<string> {
    return (await this.ask([line]))[0] as string;
  }

  /** Ends the program. */
  async close(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }
}
