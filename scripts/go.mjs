// Starts every root script, on a machine that has Node and npm and nothing else.
//
//   node scripts/go.mjs exec PROGRAM ARGS...   a program of node_modules/.bin, from the root
//   node scripts/go.mjs run FILE ARGS...       builds the package that FILE belongs to, then runs
//                                              FILE with Node, from where the user is
//
// Installs first when something it depends on has changed. Uses Node's own modules only.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const LEAST_NODE = [20, 19];

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "node_modules/.setup-stamp");

const env = {
  ...process.env,
  PATH: join(root, "node_modules/.bin") + delimiter + process.env.PATH,
  // Turbo does not see by itself which Node runs its tasks; results of one are not those of another.
  GO_NODE_VERSION: process.version,
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
};

/**
 * Runs a program to its end and returns its exit code. Ctrl-C reaches the program from the terminal,
 * other signals through us; either way it has the time it needs to close.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, quiet?: boolean }} [options] `quiet`: print only if it fails
 * @returns {Promise<number>}
 */
function start(program, args, { cwd = root, quiet = false } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
      // npm's and pnpm's commands are scripts on Windows.
      shell: process.platform === "win32" && program !== process.execPath,
    });
    /** @type {Buffer[]} */
    const output = [];
    if (child.stdout) child.stdout.on("data", (chunk) => output.push(chunk));
    if (child.stderr) child.stderr.on("data", (chunk) => output.push(chunk));

    const wait = () => {};
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGINT", wait);
    process.on("SIGTERM", forward);
    process.on("SIGHUP", forward);

    child.on("error", (error) => {
      console.error(`cannot start ${program}: ${error.message}`);
      done(127);
    });
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", forward);
      process.off("SIGHUP", forward);
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      if (signal) process.kill(process.pid, signal);
      else done(code === null ? 1 : code);
    });
  });
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  console.error(
    `This needs Node ${LEAST_NODE.join(".")} or newer; this is ${process.version}.\n` +
      "Install a newer one (https://nodejs.org), or switch to it, and run the command again.",
  );
  process.exit(1);
}

/** Every package.json of the workspace. */
function manifests() {
  const found = [join(root, "package.json")];
  for (const folder of ["packages", "apps", "benchmarks"]) {
    if (!existsSync(join(root, folder))) continue;
    for (const name of readdirSync(join(root, folder)).sort()) {
      const file = join(root, folder, name, "package.json");
      if (existsSync(file)) found.push(file);
    }
  }
  const examples = join(root, "examples/package.json");
  if (existsSync(examples)) found.push(examples);
  return found;
}

/**
 * What decides whether node_modules is up to date.
 *
 * @param {string} pnpm
 */
function stamp(pnpm) {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${pnpm}`);
  const files = [join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml")];
  for (const file of files.concat(manifests())) hash.update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Installs what pnpm-lock.yaml says, unless that is what node_modules has. */
async function install() {
  const pnpm = readJson(join(root, "package.json")).packageManager;
  const wanted = stamp(pnpm);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;

  // npx asks the registry whatever it has in its cache, so it serves only where pnpm is missing.
  const installedManifest = join(root, "node_modules/pnpm/package.json");
  const installed =
    existsSync(installedManifest) && pnpm === `pnpm@${readJson(installedManifest).version}`;
  const how = installed ? ["pnpm", "install"] : ["npx", "--yes", pnpm, "install"];
  const command = [...how, "--frozen-lockfile"];
  console.error(`Installing what this repository needs: ${command.join(" ")}`);

  rmSync(stampFile, { force: true });
  const [program = "", ...args] = command;
  const code = await start(program, args);
  if (code !== 0) {
    console.error(
      "\nThe installation failed; the reason stands above. Check that this machine reaches the npm\n" +
        "registry, then run the command again. If a package.json has changed and pnpm-lock.yaml has\n" +
        `not, bring it up to date first: npx --yes ${pnpm} install`,
    );
    process.exit(code);
  }
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/**
 * Builds the package that a file lies in, and says so only when that takes a while.
 *
 * @param {string} file relative to the root, such as packages/cli/dist/main.js
 */
async function build(file) {
  const { name } = readJson(join(root, ...file.split("/").slice(0, 2), "package.json"));
  const notice = setTimeout(() => console.error(`Building ${name} ...`), 1000);
  const code = await start("turbo", ["run", "build", `--filter=${name}`], { quiet: true });
  clearTimeout(notice);
  if (code !== 0) process.exit(code);
}

const [mode, target, ...args] = process.argv.slice(2);
if (!target || (mode !== "exec" && mode !== "run")) {
  console.error("usage: node scripts/go.mjs exec PROGRAM ARGS... | run FILE ARGS...");
  process.exit(2);
}

checkNode();
await install();
if (mode === "exec") {
  process.exitCode = await start(target, args);
} else {
  await build(target);
  const from = process.env.INIT_CWD ? resolve(process.env.INIT_CWD) : process.cwd();
  process.exitCode = await start(process.execPath, [join(root, target), ...args], { cwd: from });
}
