/** Types of the keys: Rust's `u64` below 2^53, 29-byte `Principal`s, `String`s of 18 or 19 characters. */
export type KeyType = "u64" | "principal" | "text";
/** Types of the values: Rust's `u64`, `Blob<128>`, `Vec<u8>` of 500 bytes. */
export type ValueType = "u64" | "blob128" | "blob500";

/** What is measured: types, how many entries, and how they lie in the memory. */
export interface Case {
  readonly keys: KeyType;
  readonly values: ValueType;
  readonly entries: number;
  readonly bucketSizeInPages: number;
  /** With two maps, entries go to one and the other in turn. */
  readonly maps: 1 | 2;
}

/** What memory alone takes of a lookup and of a change, and what JavaScript alone takes of a walk. */
export const FLOORS = ["floor", "floor-change", "floor-iterate"] as const;
export type Floor = (typeof FLOORS)[number];

/** Whether a phase measures what could be reached at best, and not the map. */
export const isFloor = (phase: Phase): phase is Floor =>
  (FLOORS as readonly Phase[]).includes(phase);

/** What is done to the maps, and timed. */
export type Phase =
  | "insert"
  | "get"
  | "get-absent"
  | "get-many"
  | "iterate"
  | "range"
  | "remove"
  | "insert-ascending"
  | "insert-many"
  | "bulk-load"
  | Floor;

/**
 * Phases that cannot go below a floor. Batches can: their searches wait for memory together, where those
 * of a floor wait one after the other.
 */
export const FLOOR_OF: { readonly [phase in Phase]?: Floor } = {
  get: "floor",
  insert: "floor-change",
  remove: "floor-change",
  iterate: "floor-iterate",
  range: "floor-iterate",
};

/** Entries of a range. */
export const RANGE = 100;
/** Keys that are asked for at once. */
export const MANY = 1000;
export const MOST_RANGES = 10_000;
export const MOST_QUERIES = 1_000_000;
/** Keys that the JavaScript engine is asked for; it would take most of a run otherwise. */
export const MOST_SLOW_QUERIES = 50_000;
/** Most entries with which it also runs the phases that fill a map again in another way. */
export const MOST_SLOW_ENTRIES = 200_000;

/** `u64 u64 1000000 128 1`, as subjects are told of a case. */
export function wordsOf({ keys, values, entries, bucketSizeInPages, maps }: Case): string {
  return [keys, values, entries, bucketSizeInPages, maps].join(" ");
}

/** The case of these words. */
export function caseOf([keys, values, entries, bucket, maps]: readonly string[]): Case {
  return {
    keys: keys as KeyType,
    values: values as ValueType,
    entries: Number(entries),
    bucketSizeInPages: Number(bucket),
    maps: Number(maps) as 1 | 2,
  };
}
