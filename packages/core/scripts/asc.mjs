// Compiles one target of asconfig.json: node scripts/asc.mjs debug | release | host
//
// The target `host` is the same engine over an image that is reached through calls: where a file has a
// twin NAME.host.ts, it takes the twin.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import asc from "assemblyscript/asc";

const [target = ""] = process.argv.slice(2);

/**
 * @param {string} name
 * @param {string} folder
 */
function readFile(name, folder) {
  const path = resolve(folder, name);
  const twin = path.replace(/\.ts$/, ".host.ts");
  const source = target === "host" && existsSync(twin) ? twin : path;
  return existsSync(source) ? readFileSync(source, "utf8") : null;
}

const args = ["--config", "asconfig.json", "--target", target];
const { error, stdout, stderr } = await asc.main(args, { readFile });
process.stdout.write(stdout.toString());
process.stderr.write(stderr.toString());
if (error) process.exitCode = 1;
