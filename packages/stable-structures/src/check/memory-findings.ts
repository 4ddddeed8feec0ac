import { StableStructuresError } from "../errors.js";
import { findingOf } from "../inspect/findings.js";
import type { Finding, FindingCode } from "../inspect/report.js";
import { count } from "../inspect/words.js";

/** So many findings of one code are kept for a memory; the others are counted. */
const MAX_OF_ONE_CODE = 10;

/** The findings of one memory: a few of each code, and how many more there were. */
export class MemoryFindings {
  readonly path: readonly number[];
  readonly #kept: Finding[] = [];
  readonly #counts = new Map<FindingCode, number>();

  constructor(path: readonly number[]) {
    this.path = path;
  }

  add(finding: Omit<Finding, "path">): void {
    const found = (this.#counts.get(finding.code) ?? 0) + 1;
    this.#counts.set(finding.code, found);
    if (found <= MAX_OF_ONE_CODE) this.#kept.push({ ...finding, path: this.path });
  }

  /** The result of `read`; undefined, and a finding, when it meets damaged bytes. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StableStructuresError)) throw error;
      this.add(findingOf(error, this.path, 0));
      return undefined;
    }
  }

  get hasErrors(): boolean {
    return this.#kept.some(({ severity }) => severity === "error");
  }

  list(): Finding[] {
    return [...this.#kept, ...this.#rest()];
  }

  *#rest(): Iterable<Finding> {
    for (const [code, found] of this.#counts) {
      const more = found - MAX_OF_ONE_CODE;
      if (more <= 0) continue;
      yield {
        code: "more-findings",
        severity: "info",
        path: this.path,
        message: `${count(more, "more finding")} of the code ${code} in this memory`,
        advice: "deal with the first ones; the others are likely of the same cause",
        figures: { more },
      };
    }
  }
}
