import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Case } from "./case.js";
import { SubjectProcess } from "./subject-process.js";

const RIVALS = fileURLToPath(new URL("../rivals", import.meta.url));
const REFERENCE = fileURLToPath(new URL("../../../vectors/reference", import.meta.url));
const RUST = `${REFERENCE}/target/release/bench`;

/** Installs the rivals, unless they are there. What does not install is found out later. */
export function installRivals(say: (text: string) => void): void {
  if (existsSync(`${RIVALS}/node_modules`)) return;
  say("Installing what the maps are compared with (once; some are compiled, which takes a minute)");
  const options = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  spawnSync("npm", options, { cwd: RIVALS, stdio: "ignore", shell: process.platform === "win32" });
}

/** Builds the crate's benchmark, when there is a Rust toolchain; why not, when not. */
export function buildRust(say: (text: string) => void): string | undefined {
  const cargo = spawnSync("cargo", ["--version"], { encoding: "utf8" });
  if (cargo.error) return "cargo is not installed";
  if (cargo.status !== 0) return `cargo does not run: ${cargo.stderr.split("\n")[0]}`;
  if (!existsSync(RUST)) say("Building the Rust crate natively, with LTO (once, about 3 minutes)");
  const options = ["build", "--release", "--locked", "--quiet", "--bin", "bench"];
  const build = spawnSync("cargo", options, {
    cwd: REFERENCE,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return build.status === 0
    ? undefined
    : `it does not build: ${String(build.stderr).split("\n")[0]}`;
}

/** Starts a subject; it may still turn out not to load. */
export function startSubject(name: string): SubjectProcess {
  return name === "rust" ? new SubjectProcess("rust", RUST, []) : SubjectProcess.node(name);
}

const PROBE: Case = { keys: "u64", values: "u64", entries: 1000, bucketSizeInPages: 1, maps: 1 };

/** Whether a subject can be measured here; why not, when not. */
export async function probe(name: string): Promise<string | undefined> {
  const subject = startSubject(name);
  try {
    await subject.prepare(PROBE);
    await subject.reset();
    await subject.run("insert");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await subject.close();
  }
}
