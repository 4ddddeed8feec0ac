import { createInterface } from "node:readline";
import { Responder } from "./responder.js";
import { openSubject } from "./subjects/subjects.js";

// One subject of the benchmark, in a process of its own: nobody else's garbage, and no code that was
// made slow by the types of others. Reads lines, answers each; the protocol is in README.md.

const [name = "", ...flags] = process.argv.slice(2);
const responder = new Responder((work) => openSubject(name, work, flags.includes("--counting")));

for await (const line of createInterface({ input: process.stdin })) {
  console.log(await responder.answer(line));
}
await responder.close();
