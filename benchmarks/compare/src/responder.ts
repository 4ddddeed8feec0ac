import { caseOf, type Phase } from "./case.js";
import { type Workload, workloadOf } from "./streams.js";
import type { Session } from "./subjects/session.js";

/** The side of the protocol that does the work; the protocol is in README.md. */
export class Responder {
  readonly #open: (work: Workload) => Session | Promise<Session>;
  #session: Session | undefined;

  constructor(open: (work: Workload) => Session | Promise<Session>) {
    this.#open = open;
  }

  /** Answers a line; an error is an answer as well. */
  async answer(line: string): Promise<string> {
    try {
      return await this.#obey(line);
    } catch (error) {
      return `error ${(error as Error).message.split("\n")[0]}`;
    }
  }

  async close(): Promise<void> {
    await this.#session?.close?.();
  }

  async #obey(line: string): Promise<string> {
    const [command, ...words] = line.split(" ");
    if (command === "prepare") {
      await this.close();
      this.#session = await this.#open(workloadOf(caseOf(words)));
      return "ok";
    }
    const session = this.#session;
    if (session === undefined) throw new Error("no case is prepared");
    switch (command) {
      case "reset":
        await session.reset();
        return "ok";
      case "run":
        return run(session, words[0] as Phase);
      case "count":
        return count(session, words[0] as Phase);
      case "image":
        return (await session.image?.()) ?? "unsupported";
      case "bytes":
        return session.bytes === undefined ? "unsupported" : `bytes ${session.bytes()}`;
      default:
        throw new Error(`cannot read ${line}`);
    }
  }
}

async function run(session: Session, phase: Phase): Promise<string> {
  const start = performance.now();
  // Only what waits is waited for: a turn of the event loop is not work.
  const pending = session.run(phase);
  const work = pending instanceof Promise ? await pending : pending;
  const elapsed = (performance.now() - start) * 1e6;
  if (work === undefined) return "unsupported";
  return `done ${Math.round(work.nanoseconds ?? elapsed)} ${work.operations} ${work.checksum}`;
}

async function count(session: Session, phase: Phase): Promise<string> {
  const before = session.counts?.();
  const work = await session.run(phase);
  const after = session.counts?.();
  if (work === undefined || before === undefined || after === undefined) return "unsupported";
  const counts = Object.entries(after).map(
    ([what, total]) => `${what}=${(total - (before[what] as number)) / work.operations}`,
  );
  return `counts ${counts.join(" ")}`;
}
