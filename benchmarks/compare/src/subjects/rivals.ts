import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Loads a rival from the folder where the benchmark installs them. @throws when it does not load. */
export function loadRival(name: string): unknown {
  const require = createRequire(new URL("../rivals/package.json", import.meta.url));
  return require(name);
}

/** A folder for a store on disk, and what removes it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "stable-structures-bench-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
