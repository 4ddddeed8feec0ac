import type { Storable, StorableKey } from "../storable/storable.js";

/** The codecs of a structure, as far as they are known. */
export interface StructureCodecs {
  /** Keys of a map or set. */
  readonly key?: StorableKey<unknown>;
  /** Values of a map; elements of a Vec, MinHeap or Log; the value of a Cell. */
  readonly value?: Storable<unknown>;
}

/** What `check` is told of an image. */
export interface CheckOptions {
  /**
   * Codecs by memory: `{ 3: { key: u64, value: text } }`; `"254/5"` is memory 5 of the manager inside
   * memory 254, and `""` the image itself where it has no manager. Only with them can the order of keys
   * and what values mean be checked.
   */
  readonly codecs?: Readonly<Record<string, StructureCodecs>>;
  /** Bytes that the image really has, where its last page is padded. Bytes given as an array tell it. */
  readonly lengthInBytes?: number;
  /** Is told now and then how far the check has come. */
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** How far a check has come. */
export interface CheckProgress {
  /** The memory that is being checked. */
  readonly path: readonly number[];
  /** Bytes of memories that were checked. */
  readonly checkedBytes: number;
  /** Bytes of all memories that will be checked. */
  readonly totalBytes: number;
}

/** The name of a memory in {@link CheckOptions.codecs}. */
export function nameOf(path: readonly number[]): string {
  return path.join("/");
}
