import { createInterface } from "node:readline";
import { caseOf, type Phase } from "./case.js";
import { workloadOf } from "./streams.js";
import type { Session } from "./subjects/session.js";
import { openSubject } from "./subjects/subjects.js";

// One subject of the benchmark, in a process of its own: nobody else's garbage, and no code that was
// made slow by the types of others. Reads lines, answers each; the protocol is in README.md.

const [name = "", ...flags] = process.argv.slice(2);
let session: Session | undefined;

async function answer(line: string): Promise<string> {
  const [command, ...words] = line.split(" ");
  if (command === "prepare") {
    await session?.close?.();
    session = await openSubject(name, workloadOf(caseOf(words)), flags.includes("--counting"));
    return "ok";
  }
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
      return session.image?.() ?? "unsupported";
    case "bytes":
      return session.bytes === undefined ? "unsupported" : `bytes ${session.bytes()}`;
    default:
      throw new Error(`cannot read ${line}`);
  }
}

async function run(subject: Session, phase: Phase): Promise<string> {
  const start = performance.now();
  // Only what waits is waited for: a turn of the event loop is not work.
  const pending = subject.run(phase);
  const work = pending instanceof Promise ? await pending : pending;
  const elapsed = (performance.now() - start) * 1e6;
  if (work === undefined) return "unsupported";
  return `done ${Math.round(work.nanoseconds ?? elapsed)} ${work.operations} ${work.checksum}`;
}

async function count(subject: Session, phase: Phase): Promise<string> {
  const before = subject.counts?.();
  const work = await subject.run(phase);
  const after = subject.counts?.();
  if (work === undefined || before === undefined || after === undefined) return "unsupported";
  const counts = Object.entries(after).map(
    ([what, total]) => `${what}=${(total - (before[what] as number)) / work.operations}`,
  );
  return `counts ${counts.join(" ")}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(
    await answer(line).catch((error) => `error ${(error as Error).message.split("\n")[0]}`),
  );
}
await session?.close?.();
