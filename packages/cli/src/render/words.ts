import type { MemoryReport, ReportedKind } from "stable-structures/inspect";

/** "1,281". */
export function formatNumber(number: number): string {
  return number.toLocaleString("en-US");
}

const NAMES: Readonly<Record<ReportedKind, string>> = {
  empty: "nothing",
  zeroes: "zeroes",
  "not-looked-through": "zeroes at first",
  unreadable: "missing",
  "memory-manager": "MemoryManager",
  "btree-map": "BTreeMap/Set",
  vec: "Vec",
  "min-heap": "MinHeap",
  cell: "Cell",
  "log-index": "Log, index",
  "log-data": "Log, entries",
  candid: "Candid",
  cbor: "CBOR",
  messagepack: "MessagePack",
  json: "JSON text",
  "length-prefixed": "length, payload",
  "ic-storage": "ic-storage",
  unknown: "unknown bytes",
};

/** The structure in a few letters. */
export function shortNameOf(kind: ReportedKind): string {
  return NAMES[kind];
}

/** "3", or "3 users" when it has a name. */
export function nameOf({ id, name }: Pick<MemoryReport, "id" | "name">): string {
  return name === undefined ? `${id}` : `${id} ${plain(name)}`;
}

/** "memory 254 > 3"; "the image" for no path. */
export function placeOf(path: readonly number[]): string {
  return path.length === 0 ? "the image" : `memory ${path.join(" > ")}`;
}

/** A text in which nothing can steer the terminal, such as the name of a file. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

/** Splits a text into lines of at most `width` characters, at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
