import { execFileSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser of this machine. */
function chromiumPath(): string {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const names = "chromium chromium-browser google-chrome google-chrome-stable";
  const find = `for name in ${names}; do command -v $name && exit 0; done; exit 1`;
  try {
    return execFileSync("sh", ["-c", find], { encoding: "utf8" }).trim();
  } catch (cause) {
    const hint = "install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH";
    throw new Error(`no Chromium on PATH: ${hint}`, { cause });
  }
}

export function launchChromium(): Promise<Browser> {
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", ...ARGS] : ARGS;
  return chromium.launch({ executablePath: chromiumPath(), args });
}
