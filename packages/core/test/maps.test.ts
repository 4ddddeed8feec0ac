import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Core } from "../src/index.js";
import { HostImage } from "./support/host.js";
import { imageOf, play } from "./support/scripts.js";

// Every map that the crate made, made again by each build of the engine, on its bare exports.

const GOLDEN = new URL("../../../vectors/golden/", import.meta.url);
const unpacked = (name: string) => gunzipSync(readFileSync(new URL(name, GOLDEN)));
const build = (name: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../build/${name}.wasm`, import.meta.url)));
const scriptOf = (vector: string) => unpacked(`${vector}.ops.gz`).toString("utf8").split("\n");

/** Scripts of maps alone: some write the header of a map with bare hands, which needs a raw memory. */
const vectors = readdirSync(GOLDEN)
  .filter((name) => /^(btreemap|manager-three-maps).*\.ops\.gz$/.test(name))
  .map((name) => name.replace(".ops.gz", ""))
  .filter((name) => !scriptOf(name).some((line) => / raw /.test(line)));

it("are there", () => {
  expect(vectors.length).toBeGreaterThanOrEqual(42);
});

describe.each(["release", "debug"])("maps of the %s build", (name) => {
  const module = build(name);

  it.each(vectors)("have the crate's image of %s", (vector) => {
    const core = Core.instantiate({ module });
    play(core, scriptOf(vector));
    expect(Buffer.compare(imageOf(core), unpacked(`${vector}.image.gz`))).toBe(0);
  });
});

describe("maps of the build over imported memory functions", () => {
  const module = build("host");

  it.each(vectors)("have the crate's image of %s", (vector) => {
    const host = new HostImage();
    const core: Core = Core.instantiate({ module, imports: host.imports(() => core.memory) });
    play(core, scriptOf(vector));
    expect(Buffer.compare(host.bytes, unpacked(`${vector}.image.gz`))).toBe(0);
  });
});
