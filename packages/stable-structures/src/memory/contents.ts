import type { Memory } from "./memory.js";

/** What a structure says of itself to a memory that keeps a record of it. */
export interface Contents {
  /** Its kind, such as `btree-map`. */
  readonly structure: string;
  /** What its codecs write, in words that stay the same from version to version. */
  readonly codecs: readonly string[];
}

/** Keeps a record of what a memory holds. */
export interface ContentsRecord {
  /** @throws CatalogMismatchError (`STABLE_CATALOG_MISMATCH`) when something else is on record. */
  check(contents: Contents): void;
  /** Puts `contents` on record. */
  keep(contents: Contents): void;
}

/** A memory whose contents are on record has the record under this name. */
export const contentsRecord: unique symbol = Symbol("contentsRecord");

/** The record of what `memory` holds, if it has one. */
export function recordOf(memory: Memory): ContentsRecord | undefined {
  return (memory as { readonly [contentsRecord]?: ContentsRecord | undefined })[contentsRecord];
}
