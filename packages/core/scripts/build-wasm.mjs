// Compiles assembly/ to build/debug.wasm, build/release.wasm and build/host.wasm, and writes the release
// build into src/generated/wasm.ts as text, so that the loader needs neither a file nor a network.
//
// Whatever the compiler warns about fails the build.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { printableOf } from "./printable.mjs";

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL("..", import.meta.url));
const asc = fileURLToPath(new URL("asc.mjs", import.meta.url));

/**
 * Compiles one target of asconfig.json.
 *
 * @param {"debug" | "release" | "host"} target
 */
async function compile(target) {
  const { output, failed } = await run(process.execPath, [asc, target], { cwd: packageDir }).then(
    ({ stdout, stderr }) => ({ output: stdout + stderr, failed: false }),
    (error) => ({ output: error.stdout + error.stderr || String(error), failed: true }),
  );
  const warned = /^(WARNING|ERROR|FAILURE)\b/m.test(stripVTControlCharacters(output));
  if (output.trim() !== "") process.stderr.write(output);
  if (failed || warned)
    throw new Error(`asc: target ${target} ${failed ? "failed" : "has warnings"}`);
  return readFile(join(packageDir, "build", `${target}.wasm`));
}

try {
  const targets = /** @type {const} */ (["debug", "release", "host"]);
  const builds = await Promise.all(targets.map(compile));
  const release = /** @type {Buffer} */ (builds[1]);
  const generated = join(packageDir, "src/generated/wasm.ts");
  await mkdir(dirname(generated), { recursive: true });
  await writeFile(
    generated,
    `// Written by scripts/build-wasm.mjs from assembly/.\nexport const wasm = "${printableOf(release)}";\n`,
  );
  console.log(targets.map((target, i) => `${target}.wasm ${builds[i]?.length} bytes`).join(", "));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
