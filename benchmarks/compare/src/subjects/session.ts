import type { Phase } from "../case.js";
import type { Counts } from "./counting.js";

/** What a phase did; two subjects that did the same work say the same. */
export interface Work {
  readonly operations: number;
  /** A sum over what was found. */
  readonly checksum: number;
  /** How long it took, where that is not how long the call took. */
  readonly nanoseconds?: number;
}

/** One subject on one workload. */
export interface Session {
  /** Empty maps, in memory that was touched before. */
  reset(): void | Promise<void>;
  /** Runs a phase; undefined for one that the subject does not have. */
  run(phase: Phase): Work | undefined | Promise<Work | undefined>;
  /** `sha256 HEX pages N` of the whole image, where there is one. */
  readonly image?: (() => Promise<string>) | undefined;
  /** Bytes that the entries take now. */
  bytes?(): number;
  /** What was counted so far, where something is. */
  readonly counts?: (() => Counts) | undefined;
  close?(): void | Promise<void>;
}
