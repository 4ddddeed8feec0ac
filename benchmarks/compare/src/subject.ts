import { type Case, type Phase, wordsOf } from "./case.js";

/** What a subject says of a phase. */
export interface Done {
  readonly nsPerOp: number;
  readonly operations: number;
  readonly checksum: string;
}

/** A subject somewhere else, which answers line by line; the protocol is in README.md. */
export abstract class Subject {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The answer to a line, whatever it is. @throws when there is nobody to answer. */
  protected abstract answerTo(line: string): Promise<string>;

  /** Ends it. */
  abstract close(): Promise<void>;

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

  /** @throws Error when the subject answers with one, or is gone. */
  async #ask(line: string): Promise<string> {
    const answer = await this.answerTo(line);
    if (answer.startsWith("error ")) throw new Error(`${this.name}: ${answer.slice(6)}`);
    return answer;
  }
}
