// What can go wrong, in words, with the next step.
import { DisagreementError } from "@stable-structures/benchmarks-compare/engines";
import { messageOf } from "../format.js";

/** A worker could not be started, or ended by itself. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
}

/** The browser lacks something that the benchmark needs. */
export class BrowserError extends Error {
  override readonly name = "BrowserError";
}

/** What the benchmark needs of a browser. */
interface Needs {
  readonly WebAssembly?: unknown;
  readonly Worker?: unknown;
  readonly crypto?: { readonly subtle?: unknown };
}

/** @throws BrowserError when the benchmark cannot run here. */
export function checkBrowser(browser: Needs): void {
  if (browser.WebAssembly === undefined) {
    throw new BrowserError(
      "This browser has no WebAssembly, or it is switched off (some do so in a lockdown mode). " +
        "Allow it for this page, or open the page in another browser.",
    );
  }
  if (browser.Worker === undefined) {
    throw new BrowserError(
      "This browser has no workers, and the benchmark runs in two. Open the page in another browser.",
    );
  }
  if (browser.crypto?.subtle === undefined) {
    throw new BrowserError(
      "The images cannot be hashed: browsers allow that on secure pages only. " +
        "Open the page from https or from localhost.",
    );
  }
}

/** What to tell of an error. There are no figures after any of them. */
export function problemOf(error: unknown): string {
  const message = messageOf(error).trim().replace(/\.$/, "");
  if (error instanceof BrowserError) return `${message}.`;
  if (error instanceof DisagreementError) {
    return (
      `The engines disagree, so there are no figures. ${message}. ` +
      "Please report this, with the name and version of the browser and what was chosen."
    );
  }
  if (isOutOfMemory(message)) {
    return `The memory of this browser does not suffice: ${message}. Choose fewer entries, or close other tabs, and run it again.`;
  }
  if (error instanceof WorkerError) {
    const why = message === "" ? "" : `: ${message}`;
    return `A worker could not be started, or ended by itself${why}. Reload the page and run it again; if that does not help, choose fewer entries.`;
  }
  return `The benchmark ended with an error: ${message}. Reload the page and run it again.`;
}

/** In the words of the engines of browsers and of the library. */
function isOutOfMemory(message: string): boolean {
  return /out of memory|allocation failed|could not allocate|cannot grow|invalid array (buffer )?length/i.test(
    message,
  );
}
