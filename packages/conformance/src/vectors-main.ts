import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import { imageDifference, readMaybeGzip, sha256 } from "./images.js";
import { buildOracle } from "./oracle.js";
import { ownScripts } from "./own-scripts.js";
import { goldenFolder, type Manifest, type VectorEntry } from "./vectors.js";

const MANIFEST = join(goldenFolder, "manifest.json");
const CRATES = { current: "0.7.2", v1: "0.5.6" };

const program = new Command("vectors")
  .description(
    "Writes the project's own scripts, plays every script of vectors/golden on the Rust crate, and writes\n" +
      "the images and manifest.json. With --check it writes nothing and fails if anything would change.",
  )
  .option("--check", "compare instead of writing")
  .action(main);

function main({ check = false }: { check?: boolean }): void {
  const built = buildOracle();
  if ("missing" in built)
    throw new Error(`the images are made by the Rust crate, and ${built.missing}`);
  const write = check ? expectSame : save;
  for (const [name, lines] of ownScripts())
    write(join(goldenFolder, `${name}.ops.gz`), Buffer.from(`${lines.join("\n")}\n`));
  const vectors: VectorEntry[] = scriptNames().map((name) => {
    const image = playOnCrate(built.program, join(goldenFolder, `${name}.ops.gz`));
    write(join(goldenFolder, `${name}.image.gz`), image);
    return { name, sha256: sha256(image), pages: image.length / 65536 };
  });
  const manifest: Manifest = { crates: CRATES, vectors };
  write(MANIFEST, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  console.log(`${vectors.length} vectors ${check ? "are what the crate makes" : "written"}`);
}

function scriptNames(): string[] {
  const names = readdirSync(goldenFolder).filter((name) => name.endsWith(".ops.gz"));
  return names.map((name) => name.slice(0, -".ops.gz".length)).sort();
}

function playOnCrate(reference: string, script: string): Uint8Array {
  const image = join(goldenFolder, "image.tmp");
  const run = spawnSync(reference, ["run", script, "--out", image], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${script}: ${run.stderr}`);
  const bytes = readFileSync(image);
  rmSync(image);
  return bytes;
}

/** Writes content, packed for `.gz`; leaves a file that already holds it. */
function save(path: string, content: Uint8Array): void {
  if (existsSync(path) && imageDifference(readMaybeGzip(path), content) === undefined) return;
  writeFileSync(path, path.endsWith(".gz") ? gzipSync(content, { level: 9 }) : content);
}

function expectSame(path: string, content: Uint8Array): void {
  const difference = existsSync(path)
    ? imageDifference(readMaybeGzip(path), content)
    : "it is missing";
  if (difference !== undefined) throw new Error(`${path} is not what it should be: ${difference}`);
}

try {
  program.parse();
} catch (error) {
  console.error(`vectors: ${(error as Error).message}`);
  process.exitCode = 1;
}
