import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Case, type Phase, wordsOf } from "./case.js";

/** What a subject says of a phase. */
export interface Done {
  readonly nsPerOp: number;
  readonly operations: number;
  readonly checksum: string;
}

/** A subject in a process of its own, which answers line by line; the protocol is in README.md. */
export class SubjectProcess {
  readonly name: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #lastWords = "";

  constructor(name: string, program: string, args: readonly string[]) {
    this.name = name;
    this.#process = spawn(program, args);
    this.#process.stderr.on("data", (chunk) => {
      this.#lastWords = String(chunk);
    });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** A subject written in JavaScript. */
  static node(name: string, counting = false): SubjectProcess {
    const main = fileURLToPath(new URL("../dist/subject-main.js", import.meta.url));
    const options = ["--expose-gc", "--max-old-space-size=8192"];
    const flags = counting ? ["--counting"] : [];
    return new SubjectProcess(name, process.execPath, [...options, main, name, ...flags]);
  }

  prepare(chosen: Case): Promise<string> {
    return this.#ask(`prepare ${wordsOf(chosen)}`);
  }

  reset(): Promise<string> {
    return this.#ask("reset");
  }

  /** Runs a phase; undefined when the subject does not have it. */
  async run(phase: Phase): Promise<Done | undefined> {
    const [word, nanoseconds, operations, checksum = ""] = (await this.#ask(`run ${phase}`)).split(
      " ",
    );
    if (word !== "done") return undefined;
    return {
      nsPerOp: Number(nanoseconds) / Number(operations),
      operations: Number(operations),
      checksum,
    };
  }

  /** What a phase does, counted, for one operation. */
  async count(phase: Phase): Promise<Record<string, number> | undefined> {
    const [word, ...counts] = (await this.#ask(`count ${phase}`)).split(" ");
    if (word !== "counts") return undefined;
    return Object.fromEntries(
      counts.map((count) => {
        const [what = "", number] = count.split("=");
        return [what, Number(number)];
      }),
    );
  }

  /** The hash of the whole image, where the subject has one. */
  async image(): Promise<string | undefined> {
    const answer = await this.#ask("image");
    return answer === "unsupported" ? undefined : answer;
  }

  /** Bytes that the entries take, where the subject can tell. */
  async bytes(): Promise<number | undefined> {
    const [word, bytes] = (await this.#ask("bytes")).split(" ");
    return word === "bytes" && bytes !== "NaN" ? Number(bytes) : undefined;
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }

  /** @throws Error when the subject answers with one, or is gone. */
  async #ask(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.name} ended: ${this.#lastWords.split("\n")[0]}`);
    if (value.startsWith("error ")) throw new Error(`${this.name}: ${value.slice(6)}`);
    return value;
  }
}
