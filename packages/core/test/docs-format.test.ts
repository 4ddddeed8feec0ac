import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as layout from "../layout/index.js";

// The tables of the documentation say what the constants say, and leave none out.

const DOCS = new URL("../../../docs/", import.meta.url);
const PAGES = [
  ...readdirSync(new URL("format/", DOCS)).map((name) => `format/${name}`),
  "engine.md",
].filter((name) => name.endsWith(".md"));

const constants: Readonly<Record<string, number>> = { ...layout };

interface Table {
  readonly page: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const cellsOf = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

function tablesOf(page: string): Table[] {
  const content = readFileSync(new URL(page, DOCS), "utf8");
  const tables = content.match(/(?:^\|.*\|\n)+/gm) ?? [];
  return tables.map((table) => {
    const [head = [], , ...rows] = table.trim().split("\n").map(cellsOf);
    return { page, head, rows };
  });
}

const tables = PAGES.flatMap(tablesOf);
const offsetTables = tables.filter(({ head }) => head[0] === "offset");
const valueTables = tables.filter(({ head }) => head[0] === "constant");

const namesIn = (cell = "") =>
  [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name ?? "");

/** `34848`, `34,848`, `0xff`, or the three letters of a magic; NaN for anything else. */
function numberIn(cell = ""): number {
  const [, magic] = /^`([A-Z]{3})`$/.exec(cell) ?? [];
  return magic === undefined
    ? Number(cell.replaceAll(",", "") || "NaN")
    : Buffer.from(magic).readUIntLE(0, 3);
}

describe("the tables of the documentation", () => {
  it("are found", () => {
    expect(offsetTables.length).toBeGreaterThanOrEqual(7);
    expect(valueTables.length).toBeGreaterThanOrEqual(5);
  });

  const offsets = offsetTables.flatMap(({ page, rows }) =>
    rows.flatMap(([offset, , , names]) =>
      namesIn(names).map((name) => ({ page, name, offset: numberIn(offset) })),
    ),
  );
  it.each(offsets)("$page: $name is at $offset", ({ name, offset }) => {
    expect(constants[name]).toBe(offset);
  });

  const values = valueTables.flatMap(({ page, rows }) =>
    rows.flatMap(([names, value]) =>
      namesIn(names).map((name) => ({ page, name, value: numberIn(value) })),
    ),
  );
  it.each(values)("$page: $name is $value", ({ name, value }) => {
    expect(constants[name]).toBe(value);
  });

  it("name every constant of the layout", () => {
    const named = new Set([...offsets, ...values].map(({ name }) => name));
    expect(Object.keys(constants).filter((name) => !named.has(name))).toEqual([]);
  });

  it.each(offsetTables)("$page: fields of $head lie back to back", ({ rows }) => {
    const gaps = rows.slice(1).flatMap(([offset], i) => {
      const [before, size] = rows[i] ?? [];
      const wanted = numberIn(before) + numberIn(size);
      return Number.isNaN(wanted) || Number.isNaN(numberIn(offset)) || wanted === numberIn(offset)
        ? []
        : [`${before} + ${size} is not ${offset}`];
    });
    expect(gaps).toEqual([]);
  });
});
