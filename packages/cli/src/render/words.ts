import { PAGE_SIZE } from "stable-structures";
import type { ReportedKind } from "stable-structures/inspect";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** "1,281". */
export function formatNumber(number: number): string {
  return number.toLocaleString("en-US");
}

/** "1 page", "1,281 pages". */
export function count(number: number, thing: string): string {
  return `${formatNumber(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** "2 GiB", "80.1 MiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${UNITS[unit]}`;
}

/** "1,281 pages (80.1 MiB)". */
export function formatPages(pages: number): string {
  return `${count(pages, "page")} (${formatBytes(pages * PAGE_SIZE)})`;
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
