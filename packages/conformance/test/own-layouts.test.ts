// The Rust code of the documents is what the reference program is compiled from.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const blocks = [...read("docs/format/own-layouts.md").matchAll(/^```rust\n([\s\S]*?)^```$/gm)].map(
  ([, source = ""]) => source,
);

it("shows the Rust code that the reference program compiles", () => {
  const compiled = read("vectors/reference/src/own.rs");
  expect(blocks.length).toBeGreaterThan(5);
  expect(blocks.filter((block) => !compiled.includes(block))).toEqual([]);
});
