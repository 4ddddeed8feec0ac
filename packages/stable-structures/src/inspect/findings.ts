import { CorruptedError, StableStructuresError, UnsupportedVersionError } from "../errors.js";
import type { Finding } from "./report.js";

/** Managers inside managers are followed so far down. */
export const MAX_DEPTH = 4;
/** Most managers looked into: a hostile image may hold one in every page. */
const MAX_MANAGERS = 64;
/** Pages of zeroes looked through in all, so that an image of any size is inspected at once. */
const MAX_ZERO_PAGES = 2048;

const DAMAGE_ADVICE =
  "restore this memory from a backup or a snapshot; what other memories hold is not affected";

/** What one inspection has found so far, and how much it may still look at. */
export class Findings {
  readonly list: Finding[] = [];
  #managersLeft = MAX_MANAGERS;
  #zeroPagesLeft = MAX_ZERO_PAGES;

  add(finding: Finding): void {
    this.list.push(finding);
  }

  /** The result of `read`; undefined, and a finding, when it meets damaged bytes. */
  attempt<T>(path: readonly number[], read: () => T, firstByte = 0): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StableStructuresError)) throw error;
      this.add(findingOf(error, path, firstByte));
      return undefined;
    }
  }

  /** True when one more manager may be looked into. */
  takeManager(): boolean {
    return this.#managersLeft-- > 0;
  }

  /** How many of `pages` pages may be looked through. */
  takeZeroPages(pages: number): number {
    const taken = Math.min(pages, this.#zeroPagesLeft);
    this.#zeroPagesLeft -= taken;
    return taken;
  }
}

/** A refusal of damaged bytes as a finding. */
export function findingOf(
  error: StableStructuresError,
  path: readonly number[],
  firstByte: number,
): Finding {
  const { message } = error;
  if (error instanceof UnsupportedVersionError) {
    const advice = `use a later version of this library, if there is one that reads layout version ${error.version}`;
    return { code: "unsupported-version", severity: "error", path, message, advice };
  }
  const address = error instanceof CorruptedError ? { address: firstByte + error.address } : {};
  return {
    code: "damaged-structure",
    severity: "error",
    path,
    ...address,
    message,
    advice: DAMAGE_ADVICE,
  };
}
