import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

// Lowest first. A package may import from the packages of the steps before its own.
const STEPS = [
  ["@stable-structures/core"],
  ["stable-structures"],
  ["@stable-structures/conformance", "@stable-structures/benchmarks-compare"],
  [
    "@stable-structures/cli",
    "@stable-structures/demo",
    "@stable-structures/benchmarks-core",
    "@stable-structures/examples",
  ],
];

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Package {
  folder: string;
  manifest: Manifest;
}

const folders = ["packages", "apps", "benchmarks"].flatMap((group) =>
  readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name)),
);
const packages: Package[] = [...folders, join(ROOT, "examples")].flatMap((folder) => {
  const isPackage = readdirSync(folder).includes("package.json");
  if (!isPackage) return [];
  return [{ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }];
});
const names = new Set(packages.map(({ manifest }) => manifest.name));

const stepOf = (name: string) => STEPS.findIndex((step) => step.includes(name));

/** The packages of this repository that a manifest asks for. */
function dependenciesOf(manifest: Manifest): string[] {
  return Object.keys({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  }).filter((name) => names.has(name));
}

const NOT_SOURCES = new Set(["node_modules", "dist", "build", ".turbo", ".reports", "generated"]);

/** Every source file below a folder. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : sourcesOf(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });
}

const IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["']([^"']+)["']/g;

/** What a file imports, as it is written there. */
function importsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(IMPORT)].map((match) => match[1] ?? "");
}

/** `stable-structures` of `stable-structures/node`. */
const packageNameOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

describe("imports point one way", () => {
  it("knows the place of every package", () => {
    expect(STEPS.flat().sort()).toEqual([...names].sort());
  });

  it.each(packages)("$manifest.name depends on lower packages only", ({ manifest }) => {
    const upward = dependenciesOf(manifest).filter((name) => stepOf(name) >= stepOf(manifest.name));
    expect(upward).toEqual([]);
  });

  it.each(packages)("$manifest.name imports what it depends on", ({ folder, manifest }) => {
    const allowed = new Set([manifest.name, ...dependenciesOf(manifest)]);
    const wrong = sourcesOf(folder).flatMap((file) =>
      importsOf(file)
        .filter((specifier) =>
          specifier.startsWith(".")
            ? relative(folder, resolve(dirname(file), specifier)).startsWith("..")
            : names.has(packageNameOf(specifier)) && !allowed.has(packageNameOf(specifier)),
        )
        .map((specifier) => `${relative(ROOT, file)}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("the engine and its layout do not know what wraps them", () => {
    const core = join(ROOT, "packages/core");
    const wrong = ["assembly", "layout"].flatMap((room) =>
      sourcesOf(join(core, room)).flatMap((file) =>
        importsOf(file)
          .map((specifier) => relative(core, resolve(dirname(file), specifier)))
          .filter((path) => !/^(assembly|layout)\//.test(path))
          .filter((path) => room === "assembly" || !path.startsWith("layout/"))
          .map((path) => `${relative(ROOT, file)}: ${path}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
