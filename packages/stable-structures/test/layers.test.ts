import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));

// Lowest first. A file may import from its own layer and from the ones before it.
const LAYERS = [
  "units.ts",
  "errors.ts",
  "memory",
  "io",
  "storable",
  "engine",
  "memory-manager",
  "structures",
  "upgrade",
  "inspect",
  "check",
  "index.ts",
  // Entries of the package beside the main one.
  "azle.ts",
  "candid.ts",
  "cbor.ts",
  "check.ts",
  "inspect.ts",
  "msgpack.ts",
  "node.ts",
];

const layerOf = (file: string) => relative(SOURCE, file).split("/")[0] as string;

function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/from "(\.[^"]+)\.js"/g)].map(
    ([, path]) => `${resolve(dirname(file), path as string)}.ts`,
  );
}

function upwardImports(): string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  return files.flatMap((name) => {
    const file = join(SOURCE, name);
    expect(LAYERS, `${name} belongs to a layer`).toContain(layerOf(file));
    return importsOf(file)
      .filter((target) => LAYERS.indexOf(layerOf(target)) > LAYERS.indexOf(layerOf(file)))
      .map((target) => `${name} imports ${relative(SOURCE, target)}`);
  });
}

it("imports point down only", () => {
  expect(upwardImports()).toEqual([]);
});

it("the JavaScript and the WebAssembly engine do not import each other", () => {
  const engines = ["engine/js", "engine/wasm"].map((folder) => join(SOURCE, folder));
  const [js = [], wasm = []] = engines.map((folder) =>
    readdirSync(folder).flatMap((name) => importsOf(join(folder, name))),
  );
  expect(js.filter((file) => file.startsWith(engines[1] as string))).toEqual([]);
  expect(wasm.filter((file) => file.startsWith(engines[0] as string))).toEqual([]);
});
