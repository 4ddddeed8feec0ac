import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chartOf } from "./chart.js";
import { pageWith } from "./page.js";
import type { Result } from "./report.js";

// Draws docs/benchmarks.json: the chart, and the tables of docs/benchmarks.md.

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));
const result: Result = JSON.parse(readFileSync(`${docs}benchmarks.json`, "utf8"));
const page = readFileSync(`${docs}benchmarks.md`, "utf8");
writeFileSync(`${docs}benchmarks.svg`, chartOf(result));
writeFileSync(`${docs}benchmarks.md`, pageWith(page, result));
console.log("docs/benchmarks.md and docs/benchmarks.svg show what docs/benchmarks.json has");
