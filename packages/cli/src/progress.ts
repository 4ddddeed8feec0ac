import type { CheckProgress } from "stable-structures/check";
import { placeOf } from "./render/words.js";

/** Nothing is shown before a check has taken so long, and then no more often. */
const INTERVAL_IN_MS = 200;
const CLEAR_LINE = "\r\x1b[K";

/** A line on a terminal that says how far a check has come; nothing on anything else. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #next = performance.now() + INTERVAL_IN_MS;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  readonly show = ({ path, checkedBytes, totalBytes }: CheckProgress): void => {
    if (!this.#stream.isTTY || performance.now() < this.#next) return;
    this.#next = performance.now() + INTERVAL_IN_MS;
    this.#isShown = true;
    const percent = Math.floor((checkedBytes / Math.max(totalBytes, 1)) * 100);
    this.#stream.write(`${CLEAR_LINE}checking ${placeOf(path)}: ${percent} %`);
  };

  clear(): void {
    if (this.#isShown) this.#stream.write(CLEAR_LINE);
  }
}
