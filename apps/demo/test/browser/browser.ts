import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { preview } from "vite";

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

function launchChromium(): Promise<Browser> {
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", ...ARGS] : ARGS;
  return chromium.launch({ executablePath: chromiumPath(), args });
}

/** The built page, served, and a browser. */
export interface Site {
  readonly address: string;
  readonly browser: Browser;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const server = await preview({ root, preview: { port: 0, host: "127.0.0.1", open: false } });
  const browser = await launchChromium();
  const stop = async () => {
    await browser.close();
    await server.close();
  };
  return { address: server.resolvedUrls?.local[0] ?? "", browser, stop };
}

/** What a page complains about from now on: its errors, and what it says on the console. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}
