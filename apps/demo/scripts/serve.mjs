// Serves the built page and opens it:  node scripts/serve.mjs [--port N] [--no-open]
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { preview } from "vite";

const DEFAULT_PORT = 4173;
const USAGE = `usage: npm run demo -- [--port N] [--no-open]

  --port N    serve on port N; without it on ${DEFAULT_PORT}, or the next port that is free
  --no-open   do not open a browser`;

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Ends with a message instead of a stack.
 *
 * @param {string} message
 * @param {number} code
 * @returns {never}
 */
function fail(message, code) {
  console.error(message);
  process.exit(code);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        "no-open": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`, 2);
  }
}

/** @param {string} text */
function parsePort(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  return fail(
    `--port takes a number from 0 (any free port) to 65535, got "${text}"\n\n${USAGE}`,
    2,
  );
}

/** True when a browser can be shown: not in CI, and on Linux only with a display. */
function hasDisplay() {
  if (process.env.CI !== undefined) return false;
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** @param {{ port: number, strictPort: boolean, open: boolean }} options */
async function serve(options) {
  try {
    return await preview({ root, preview: options });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = options.strictPort
      ? "choose another one with --port, or leave --port out"
      : "try --port N";
    return fail(`The page cannot be served on port ${options.port}: ${reason}\n${hint}`, 1);
  }
}

const options = readOptions();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
if (!existsSync(fileURLToPath(new URL("../dist/index.html", import.meta.url)))) {
  fail(
    "The page is not built yet: run `npm run demo` at the root of the repository, which builds it.",
    1,
  );
}
const server = await serve({
  port: options.port === undefined ? DEFAULT_PORT : parsePort(options.port),
  strictPort: options.port !== undefined,
  open: !options["no-open"] && hasDisplay(),
});
console.log(`The page is served at ${server.resolvedUrls?.local[0]} (Ctrl-C ends it)`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    await server.close();
    process.exit(0);
  });
}
