// The view of the incident: the steps, what the chosen one left behind, and the code that just ran.
import { byId, element, scrollable } from "../dom.js";
import { formatCount, formatNumberOf, formatPagesAsBytes } from "../format.js";
import { LISTINGS } from "./listings.js";
import { renderPageGrid } from "./page-grid.js";
import { runSteps, STEP_COUNT, type StepResult } from "./run.js";
import { makeState } from "./state.js";
import { CHAPTERS, fleetText, formatFleet } from "./story.js";

const DEFAULT_CANISTERS = 10_000;
const MAX_CANISTERS = 10_000_000;
/** In KiB, of the slider. */
const SIZES = [1, 2, 5, 10, 20, 50, 64, 100, 200, 500, 1000];
const DEFAULT_SIZE = 5;

const KEYS: Readonly<Record<string, (step: number) => number>> = {
  ArrowLeft: (step) => step - 1,
  ArrowUp: (step) => step - 1,
  ArrowRight: (step) => step + 1,
  ArrowDown: (step) => step + 1,
  Home: () => 0,
  End: () => STEP_COUNT - 1,
};

/** What the visitor has chosen. */
interface Choice {
  stateBytes: number;
  canisters: number;
  /** The step that is shown, from 0. */
  shown: number;
}

/** Runs the first step and listens. */
export function startIncident(): void {
  const size = byId("state-size") as HTMLInputElement;
  const fleet = byId("canisters") as HTMLInputElement;
  const choice: Choice = { stateBytes: 0, canisters: DEFAULT_CANISTERS, shown: 0 };
  const steps = CHAPTERS.map((chapter, step) => stepButton(chapter.name, step));
  let results: StepResult[] = [];

  const run = (count: number) => {
    results = runSteps(makeState(choice.stateBytes), count);
  };
  const update = () => {
    steps.forEach((button, step) => {
      updateStep(button, results, step, choice);
    });
    enable("step-back", choice.shown > 0);
    enable("step-next", choice.shown + 1 < STEP_COUNT);
    byId("step-status").textContent = statusOf(results, choice);
    byId("step").replaceChildren(...renderStep(results, choice));
  };
  /** Shows a step; it and those before it are run when they have not been. */
  const show = (step: number) => {
    if (step < 0 || step >= STEP_COUNT) return;
    if (step >= results.length) run(step + 1);
    choice.shown = step;
    update();
    const code = LISTINGS[step];
    byId("rust").replaceChildren(renderListing("Rust", code?.rust ?? ""));
    byId("typescript").replaceChildren(renderListing("TypeScript", code?.typescript ?? ""));
  };
  const resize = () => {
    const kib = SIZES[size.valueAsNumber] ?? 0;
    choice.stateBytes = kib * 1024;
    size.setAttribute("aria-valuetext", `${kib} KiB`);
    byId("state-size-text").textContent =
      `${formatCount(kib)} KiB, ${formatNumberOf(choice.stateBytes, "byte")} of CBOR`;
    run(Math.max(results.length, 1));
    update();
  };
  const recount = () => {
    const count = fleet.valueAsNumber;
    const isValid = Number.isInteger(count) && count >= 1 && count <= MAX_CANISTERS;
    fleet.setAttribute("aria-invalid", `${!isValid}`);
    byId("canisters-hint").hidden = isValid;
    if (isValid) choice.canisters = count;
    update();
  };

  byId("steps").replaceChildren(...steps.map((button) => element("li", {}, button)));
  steps.forEach((button, step) => {
    button.addEventListener("click", () => show(step));
  });
  byId("steps").addEventListener("keydown", (event) => {
    const target = KEYS[event.key]?.(choice.shown);
    if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(target);
    steps[choice.shown]?.focus();
  });
  byId("step-back").addEventListener("click", () => show(choice.shown - 1));
  byId("step-next").addEventListener("click", () => show(choice.shown + 1));
  byId("step-all").addEventListener("click", () => show(STEP_COUNT - 1));
  size.max = `${SIZES.length - 1}`;
  size.value = `${SIZES.indexOf(DEFAULT_SIZE)}`;
  fleet.value = `${choice.canisters}`;
  size.addEventListener("input", resize);
  fleet.addEventListener("input", recount);
  resize();
  show(0);
}

function stepButton(name: string, step: number): HTMLButtonElement {
  const title = element("span", { class: "step-name" }, `${step + 1}. ${name}`);
  return element(
    "button",
    { type: "button", class: "step", "data-step": step + 1 },
    title,
    element("span", { class: "step-result" }),
  );
}

/** Shows in a step's button what it left behind, on the scale of all steps that have run. */
function updateStep(
  button: HTMLButtonElement,
  results: readonly StepResult[],
  step: number,
  { canisters, shown }: Choice,
): void {
  const room = button.lastElementChild;
  const result = results[step];
  button.toggleAttribute("data-run", result !== undefined);
  if (step === shown) button.setAttribute("aria-current", "step");
  else button.removeAttribute("aria-current");
  if (!result) {
    room?.replaceChildren(element("span", { class: "step-note" }, "Not run yet"));
    return;
  }
  const most = Math.max(...results.map(({ pages }) => pages));
  const bar = element("span", { class: "step-bar", "aria-hidden": "true" }, element("span"));
  (bar.firstElementChild as HTMLElement).style.width = `${(result.pages / most) * 100}%`;
  room?.replaceChildren(
    element("strong", {}, formatNumberOf(result.pages, "page")),
    bar,
    element("span", { class: "step-note" }, `${formatFleet(result.pages, canisters)} in the fleet`),
  );
}

function enable(id: string, isEnabled: boolean): void {
  // Not `disabled`, which would take the focus away from who presses it.
  byId(id).setAttribute("aria-disabled", `${!isEnabled}`);
}

function renderStep(results: readonly StepResult[], choice: Choice): HTMLElement[] {
  const { shown, stateBytes, canisters } = choice;
  const result = results[shown];
  const chapter = CHAPTERS[shown];
  const before = results[0];
  if (!result || !chapter || !before) return [];
  const size = `${formatNumberOf(result.pages, "page")}, ${formatPagesAsBytes(result.pages)}`;
  const text = chapter
    .paragraphs(result, stateBytes)
    .map((paragraph) => element("p", {}, paragraph));
  const story = element(
    "div",
    { class: "story" },
    ...text,
    ...(result.refusal ? [renderRefusal(chapter.refused ?? "", result.refusal)] : []),
    element("p", { class: "fleet" }, fleetText(result, before, canisters)),
  );
  const picture = element(
    "div",
    { class: "picture" },
    element(
      "p",
      { class: "size" },
      element("code", {}, "memory.size()"),
      element("strong", {}, size),
    ),
    renderPageGrid(result.owners),
    element("p", { class: "note" }, restoredText(result)),
  );
  const title = element("h2", { id: "step-title" }, `${shown + 1}. ${chapter.title}`);
  return [title, element("div", { class: "columns" }, story, picture)];
}

function restoredText({ restored, isSame }: StepResult): string {
  const users = formatNumberOf(restored.users.length, "user");
  return `Read back after the upgrade: ${users}, ${isSame ? "just as they were saved" : "but not as they were saved"}.`;
}

function renderRefusal(what: string, { code, message }: NonNullable<StepResult["refusal"]>) {
  return element(
    "div",
    { class: "refusal" },
    element("p", {}, `${what}:`),
    element("p", {}, element("code", {}, code), ` ${message}`),
  );
}

/** A listing, with the comments set back. */
function renderListing(language: string, source: string): HTMLElement {
  const parts = source.trimEnd().split(/((?:\/\/|\/\*\*).*)/);
  const code = parts.map((part, i) => {
    return i % 2 === 1 ? element("span", { class: "comment" }, part) : part;
  });
  return scrollable(language, element("pre", {}, element("code", {}, ...code)));
}

function statusOf(results: readonly StepResult[], { shown }: Choice): string {
  const pages = formatNumberOf(results[shown]?.pages ?? 0, "page");
  return `Step ${shown + 1} of ${STEP_COUNT}: ${pages}.`;
}
