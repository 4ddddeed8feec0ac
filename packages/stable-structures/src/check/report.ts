import type { Finding, ReportedKind } from "../inspect/report.js";
import type { MapStatistics } from "./map-statistics.js";

/** A memory that was checked: all but those that hold a manager. */
export interface CheckedMemory {
  /** Its memory: ids from the outermost manager inwards; [] is the image itself. */
  readonly path: readonly number[];
  readonly kind: ReportedKind;
  /** The kind as words. */
  readonly description: string;
  /** Errors that were found in this memory. */
  readonly errors: number;
  /** Of a BTreeMap or BTreeSet whose header can be read. */
  readonly map?: MapStatistics;
}

/** What `check` finds in an image: plain data, safe to write as JSON. */
export interface CheckReport {
  /** Version of this report's form. */
  readonly version: 1;
  readonly sizeInBytes: number;
  /** Size in pages of 64 KiB. */
  readonly sizeInPages: number;
  /** True when there is no finding of severity "error". */
  readonly isSound: boolean;
  readonly memories: readonly CheckedMemory[];
  /** What `inspect` finds, and what only a check does. */
  readonly findings: readonly Finding[];
}
