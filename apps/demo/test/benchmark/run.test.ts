import { DisagreementError, type Step } from "@stable-structures/benchmarks-compare/engines";
import { describe, expect, it } from "vitest";
import { figuresOf, titleOf } from "../../src/benchmark/figures.js";
import {
  ENGINES,
  ENTRY_COUNTS,
  entriesFor,
  partOf,
  runBenchmark,
  TYPES,
} from "../../src/benchmark/run.js";
import { LocalSubject } from "./local-subject.js";

const ROUNDS = { warmUps: 1, timed: 3 };
const PHASES = [
  "insert",
  "get",
  "get-absent",
  "iterate",
  "range",
  "get-many",
  "remove",
  "insert-many",
];

/** An engine whose answers to some lines are changed on the way. */
class Altered extends LocalSubject {
  readonly #command: string;
  readonly #change: (answer: string) => string;

  constructor(name: "wasm" | "js", command: string, change: (answer: string) => string) {
    super(name);
    this.#command = command;
    this.#change = change;
  }

  protected override async answerTo(line: string): Promise<string> {
    const answer = await super.answerTo(line);
    return line === this.#command ? this.#change(answer) : answer;
  }
}

const runWith = (js: LocalSubject) =>
  runBenchmark(partOf("u64 → u64", 300), [new LocalSubject("wasm"), js], () => {}, ROUNDS);

describe("a run", () => {
  it.each(TYPES)("gives figures of every phase and one image of both engines: %s", async (type) => {
    const steps: Step[] = [];
    const outcome = await runBenchmark(
      partOf(type, 300),
      ENGINES.map((engine) => new LocalSubject(engine)),
      (step) => steps.push(step),
      ROUNDS,
    );
    const figures = figuresOf(outcome);
    expect(figures.map(({ phase }) => phase)).toEqual(PHASES);
    for (const { wasm, js, operation } of figures) {
      expect(operation).not.toBe("");
      for (const { nsPerOp, min, max, runs } of [wasm, js]) {
        expect(runs).toBe(3);
        expect(min).toBeGreaterThan(0);
        expect(nsPerOp).toBeGreaterThanOrEqual(min);
        expect(nsPerOp).toBeLessThanOrEqual(max);
      }
    }
    expect(outcome.images.wasm).toEqual(outcome.images.js);
    expect(outcome.images.wasm.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(outcome.images.wasm.pages).toBe(129);
    expect(titleOf(outcome)).toContain(`${type}, 300 entries: WebAssembly `);
    expect(steps.map(({ done }) => done)).toEqual(steps.map((_, i) => i));
    expect(steps.at(-1)).toEqual({ text: "round 3 of 3, insert-many, js", done: 63, total: 64 });
  });

  it("gives no figures when an engine found something else", async () => {
    const change = (answer: string) => answer.replace(/\d+$/, (sum) => `${Number(sum) + 1}`);
    const run = runWith(new Altered("js", "run range", change));
    await expect(run).rejects.toThrow(DisagreementError);
    await expect(run).rejects.toThrow(/^range: js found \d+ and wasm \d+: not the same work$/);
  });

  it("gives no figures when the images differ in a bit", async () => {
    const change = (answer: string) =>
      answer.replace(
        / ([0-9a-f])/,
        (_, digit) => ` ${(Number.parseInt(digit, 16) ^ 1).toString(16)}`,
      );
    const run = runWith(new Altered("js", "image", change));
    await expect(run).rejects.toThrow(DisagreementError);
    await expect(run).rejects.toThrow(/^the images differ:/);
  });

  it("gives no figures when an engine does not show its image", async () => {
    const run = runWith(new Altered("js", "image", () => "unsupported"));
    await expect(run).rejects.toThrow("js gave no hash of its image");
  });

  it.each(TYPES)("suggests a number that can be chosen: %s", (type) => {
    expect(ENTRY_COUNTS).toContain(entriesFor(type));
  });

  it("refuses types that nobody offered", () => {
    expect(() => partOf("f64 → f64", 300)).toThrow("there are no types f64 → f64");
  });
});
