// The view of the benchmark: what to measure, how far it is, and what it gave.
import { byId, element } from "../dom.js";
import { formatCount, formatNumberOf } from "../format.js";
import { clockTick } from "./clock.js";
import { describeMachine } from "./machine.js";
import { checkBrowser, problemOf } from "./problem.js";
import {
  DEFAULT_ENTRIES,
  ENGINES,
  ENTRY_COUNTS,
  type Outcome,
  partOf,
  runBenchmark,
  TYPES,
} from "./run.js";
import { SubjectWorker } from "./subject-worker.js";

/** Fills in what can be chosen, and listens. */
export function startBenchmark(): void {
  const types = byId("benchmark-types") as HTMLSelectElement;
  const entries = byId("benchmark-entries") as HTMLSelectElement;
  types.append(...TYPES.map((name) => element("option", { value: name }, name)));
  entries.append(
    ...ENTRY_COUNTS.map((count) => {
      const selected = count === DEFAULT_ENTRIES;
      return element("option", { value: count, selected }, formatCount(count));
    }),
  );
  let running: AbortController | undefined;
  const setRunning = (controller: AbortController | undefined) => {
    running = controller;
    // Not `disabled`, which would take the focus away from who presses it.
    byId("benchmark-run").setAttribute("aria-disabled", `${running !== undefined}`);
    byId("benchmark-stop").setAttribute("aria-disabled", `${running === undefined}`);
    byId("benchmark-running").hidden = running === undefined;
  };
  byId("benchmark-stop").addEventListener("click", () => running?.abort());
  byId("benchmark-run").addEventListener("click", async () => {
    if (running) return;
    const controller = new AbortController();
    setRunning(controller);
    await runOnce(types.value, Number(entries.value), controller.signal);
    setRunning(undefined);
  });
}

/** Runs the benchmark and shows what it gave, or why it gave nothing. */
async function runOnce(type: string, entries: number, signal: AbortSignal): Promise<void> {
  byId("benchmark-problem").hidden = true;
  byId("benchmark-result").hidden = true;
  tellStatus("Measuring…");
  const start = performance.now();
  try {
    const outcome = await measure(type, entries, signal);
    await show(outcome);
    const seconds = Math.ceil((performance.now() - start) / 1000);
    tellStatus(`Measured in ${formatNumberOf(seconds, "second")}.`);
  } catch (error) {
    tellStatus(signal.aborted ? "Stopped. Nothing is kept of what was measured so far." : "");
    if (!signal.aborted) tellProblem(problemOf(error));
  }
}

async function measure(type: string, entries: number, signal: AbortSignal): Promise<Outcome> {
  checkBrowser(globalThis);
  const bar = byId("benchmark-progress") as HTMLProgressElement;
  bar.removeAttribute("value");
  byId("benchmark-step").textContent = "starting";
  const workers: SubjectWorker[] = [];
  try {
    for (const engine of ENGINES) workers.push(new SubjectWorker(engine, signal));
    return await runBenchmark(partOf(type, entries), workers, ({ text, done, total }) => {
      bar.value = done / total;
      byId("benchmark-step").textContent = text;
    });
  } finally {
    for (const worker of workers) await worker.close();
  }
}

async function show(outcome: Outcome): Promise<void> {
  // The charts are loaded with the first figures.
  const { renderOutcome } = await import("./results.js");
  const room = byId("benchmark-result");
  room.replaceChildren(...renderOutcome(outcome, aboutMachine()));
  room.hidden = false;
}

function aboutMachine(): string {
  const tick = Number(clockTick().toPrecision(2));
  return (
    `Measured just now in ${describeMachine(navigator)}. These figures are of this machine and this ` +
    `browser at this moment; others have other ones. The clock of this browser moves in steps of ${tick} ms.`
  );
}

function tellStatus(text: string): void {
  byId("benchmark-status").textContent = text;
}

function tellProblem(text: string): void {
  byId("benchmark-problem").textContent = text;
  byId("benchmark-problem").hidden = false;
}
