import { firstNonZero, type Memory, readBytes } from "../memory/memory.js";
import { getMagic, magicText } from "./bytes.js";

/** What the first bytes of a memory say it holds. */
export type StructureKind =
  | "empty"
  | "zeroes"
  | "memory-manager"
  | "btree-map"
  | "vec"
  | "min-heap"
  | "cell"
  | "log-index"
  | "log-data"
  | "candid"
  | "unknown";

const KINDS_BY_MAGIC: Readonly<Record<string, StructureKind>> = {
  MGR: "memory-manager",
  BTR: "btree-map",
  SVC: "vec",
  SMH: "min-heap",
  SCL: "cell",
  GLI: "log-index",
  GLD: "log-data",
  DID: "candid",
};

const NAMES: Readonly<Record<StructureKind, string>> = {
  empty: "nothing",
  zeroes: "only zeroes",
  "memory-manager": "a MemoryManager",
  "btree-map": "a BTreeMap or BTreeSet",
  vec: "a Vec",
  "min-heap": "a MinHeap",
  cell: "a Cell",
  "log-index": "the index of a Log",
  "log-data": "the entries of a Log",
  candid: "Candid values",
  unknown: "bytes of no known structure",
};

/**
 * Names what lies at the start of `memory` by its magic; reads nothing else unless the memory starts
 * with zeroes, which are then looked through to the end. It does not prove that the rest is sound.
 */
export function structureKindOf(memory: Memory): StructureKind {
  const kind = kindByMagic(memory);
  return kind === "zeroes" && firstNonZero(memory) !== -1 ? "unknown" : kind;
}

/** What the first three bytes say; "zeroes" whatever follows these three. Reads nothing else. */
export function kindByMagic(memory: Memory): StructureKind {
  if (memory.size() === 0) return "empty";
  const start = readBytes(memory, 0, 3);
  return start.some((byte) => byte !== 0) ? (magicKind(start) ?? "unknown") : "zeroes";
}

/** The kind whose magic the first three bytes are. */
export function magicKind(start: Uint8Array): StructureKind | undefined {
  return KINDS_BY_MAGIC[magicText(getMagic(start, 0))];
}

/** `kind` as words of a sentence. */
export function describeKind(kind: StructureKind): string {
  return NAMES[kind];
}

/** True when nothing would be lost by writing over the memory. */
export function isBlank(kind: StructureKind): boolean {
  return kind === "empty" || kind === "zeroes";
}
