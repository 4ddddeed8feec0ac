import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Subject } from "./subject.js";

/**
 * Options of Node for every subject in JavaScript: room, and no work while it waits for its turn. Left to
 * itself V8 collects garbage in a process that is idle, for up to two seconds, beside whoever is measured
 * then, throws away code that has not run for a while, and makes the space for new objects smaller. A
 * program that is used does none of that; here that space has 16 MiB throughout, which is V8's most.
 */
const NODE_OPTIONS = [
  "--expose-gc",
  "--max-old-space-size=8192",
  "--min-semi-space-size=16",
  "--no-memory-reducer",
  "--no-flush-bytecode",
];

/** A subject in a process of its own. */
export class SubjectProcess extends Subject {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #lastWords = "";

  constructor(name: string, program: string, args: readonly string[]) {
    super(name);
    this.#process = spawn(program, args);
    this.#process.stderr.on("data", (chunk) => {
      this.#lastWords = String(chunk);
    });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** A subject written in JavaScript. */
  static node(name: string, counting = false): SubjectProcess {
    const main = fileURLToPath(new URL("../dist/subject-main.js", import.meta.url));
    const flags = counting ? ["--counting"] : [];
    return new SubjectProcess(name, process.execPath, [...NODE_OPTIONS, main, name, ...flags]);
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }

  protected async answerTo(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.name} ended: ${this.#lastWords.split("\n")[0]}`);
    return value;
  }
}
