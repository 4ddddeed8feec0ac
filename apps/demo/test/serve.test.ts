import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";

const SERVE = fileURLToPath(new URL("../scripts/serve.mjs", import.meta.url));
const running: ChildProcess[] = [];

/** Starts scripts/serve.mjs and gathers what it prints. */
function serve(...args: string[]) {
  const child = spawn(process.execPath, [SERVE, "--no-open", ...args], { stdio: "pipe" });
  running.push(child);
  let output = "";
  const exit = new Promise<number | null>((done) => child.on("close", (code) => done(code)));
  const address = new Promise<string>((done) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/\S+/.exec(output);
      if (found) done(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
  return { child, address, exit, output: () => output };
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

it("serves the page, prints the address and ends on Ctrl-C", async () => {
  const { child, address, exit } = serve("--port", "0");
  const response = await fetch(await address);
  expect(await response.text()).toContain("<title>Inside a stable memory</title>");
  child.kill("SIGINT");
  expect(await exit).toBe(0);
});

it("says what to do when the port asked for is taken", async () => {
  const other = createServer().listen(0, "localhost");
  await new Promise((done) => other.once("listening", done));
  const { port } = other.address() as AddressInfo;
  const { exit, output } = serve("--port", `${port}`);
  expect(await exit).toBe(1);
  expect(output()).toMatch(new RegExp(`port ${port}.*\n.*another one with --port`));
  other.close();
});

it.each([["--port", "x"], ["--port", "65536"], ["--prot"]])("refuses %s %s", async (...args) => {
  const { exit, output } = serve(...args);
  expect(await exit).toBe(2);
  expect(output()).toContain("usage: npm run demo");
});
