#!/usr/bin/env node
// Speaks `reference serve` as the Rust program does, and now and then does not tell the truth: whoever
// compares with the crate has to notice.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = new URL("../../../../vectors/reference/target/release/reference", import.meta.url);
const crate = spawn(fileURLToPath(program), ["serve"], { stdio: ["pipe", "pipe", "inherit"] });
crate.on("exit", () => process.exit());
const questions = [];
const asked = new Map();

const flipped = (answer) => answer.slice(0, -1) + (answer.endsWith("0") ? "1" : "0");

/** How questions of a kind are lied about, and how many are answered truthfully for each lie. */
const lies = [
  { kind: /^(types|new)\b/, each: Number.POSITIVE_INFINITY },
  { kind: /^encode (u64|string|user) /, each: 30, lie: flipped },
  { kind: /^(encode|recode|compare) /, each: 400, lie: flipped },
  { kind: /^sha256/, each: 4, lie: flipped },
  { kind: /^raw |^stream /, each: 1500, lie: () => "number 12345" },
  { kind: /./, each: 2500, lie: () => "panic of a liar: grow" },
];

function answerTo(question, truth) {
  const { kind, each, lie } = lies.find(({ kind }) => kind.test(question));
  const count = (asked.get(kind) ?? 0) + 1;
  asked.set(kind, count);
  return count % each === 0 ? lie(truth) : truth;
}

for await (const line of merged()) process.stdout.write(`${line}\n`);

async function* merged() {
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => {
    questions.push(line);
    crate.stdin.write(`${line}\n`);
  });
  input.on("close", () => crate.stdin.end());
  for await (const truth of createInterface({ input: crate.stdout }))
    yield answerTo(questions.shift() ?? "", truth);
}
