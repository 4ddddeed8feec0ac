import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LISTINGS } from "../../src/incident/listings.js";
import { runSteps, STEP_COUNT } from "../../src/incident/run.js";
import { makeState } from "../../src/incident/state.js";
import { CHAPTERS, fleetText, formatFleet } from "../../src/incident/story.js";

const results = runSteps(makeState(5120), STEP_COUNT);

it("has a chapter and a listing for every step", () => {
  expect(CHAPTERS).toHaveLength(STEP_COUNT);
  expect(LISTINGS).toHaveLength(STEP_COUNT);
});

it("tells the numbers that the steps brought", () => {
  const texts = CHAPTERS.map(({ paragraphs }, step) => {
    const result = results[step];
    return result ? paragraphs(result, 5120).join(" ") : "";
  });
  expect(texts[0]).toContain("5,120 bytes of CBOR");
  expect(texts[1]).toContain("129 pages (8.06 MiB)");
  expect(texts[2]).toContain("still 129 pages");
  expect(texts[3]).toContain("1 bucket of 1 page and the manager's page, 2 pages in all");
  expect(texts[3]).toContain("32,769 pages");
});

it("counts what a fleet occupies", () => {
  expect([1, 129, 2].map((pages) => formatFleet(pages, 10_000))).toEqual([
    "0.61 GiB",
    "78.74 GiB",
    "1.22 GiB",
  ]);
  expect(formatFleet(1, 1)).toBe("64 KiB");
  const [before, managed] = results;
  if (!before || !managed) throw new Error("two steps have run");
  expect(fleetText(managed, before, 10_000)).toBe(
    "A fleet of 10,000 canisters occupies 78.74 GiB, 129 times as much as before.",
  );
  expect(fleetText(before, before, 1)).toBe("A fleet of 1 canister occupies 64 KiB.");
});

it("shows the very source that runs, without its imports", () => {
  const names = ["raw-hooks", "manager-hooks", "changed-size", "fresh-canister"];
  names.forEach((name, step) => {
    const url = new URL(`../../src/incident/steps/${name}.ts`, import.meta.url);
    const source = readFileSync(url, "utf8");
    const shown = LISTINGS[step]?.typescript ?? "";
    expect(source.endsWith(shown)).toBe(true);
    expect(source.slice(0, -shown.length)).toMatch(/^(import [^;]*;\n)+\n$/);
  });
});
