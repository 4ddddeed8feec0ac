import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** The stable memory of a real canister; `fixtures/README.md` says what it holds. */
export const AZLE = fileURLToPath(
  new URL("../../../fixtures/azle-users.image.gz", import.meta.url),
);

let folder: string | undefined;
let files = 0;

/** A path in a folder that is removed when the tests of a file are over. */
export function temporaryPath(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), "stable-structures-cli-"));
    afterAll(() => rmSync(folder as string, { recursive: true, force: true }));
  }
  return join(folder, `${files++}.bin`);
}

/** A file with these bytes. */
export function fileOf(bytes: Uint8Array): string {
  const path = temporaryPath();
  writeFileSync(path, bytes);
  return path;
}

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export interface RunOptions {
  readonly input?: Uint8Array;
  readonly env?: Record<string, string>;
  /** Arguments for Node itself. */
  readonly node?: readonly string[];
}

/** Runs the built program. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Answer> {
  const { input, env = {}, node = [] } = options;
  const { CI: _, FORCE_COLOR: __, ...rest } = process.env;
  return new Promise((done) => {
    const child = spawn(process.execPath, [...node, MAIN, ...args], { env: { ...rest, ...env } });
    const out: Buffer[] = [];
    const error: Buffer[] = [];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => error.push(chunk));
    child.stdin.on("error", () => {}); // it may end before it has read everything
    child.stdin.end(input);
    child.on("close", (code) => {
      done({ code, out: Buffer.concat(out).toString(), error: Buffer.concat(error).toString() });
    });
  });
}
