import type { Storable } from "stable-structures";

/** Encoded bytes as a word of the script language: lower-case hex, `-` for none. */
export function toWord(bytes: Uint8Array): string {
  return bytes.length === 0
    ? "-"
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/** The bytes of a word. */
export function fromWord(word: string): Uint8Array {
  if (word === "-") return new Uint8Array(0);
  const bytes = new Uint8Array(Buffer.from(word, "hex"));
  if (bytes.length * 2 !== word.length) throw new Error(`not hex: ${word.slice(0, 40)}`);
  return bytes;
}

/** `none`, or `some BYTES`. */
export function optional(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "none" : `some ${toWord(bytes)}`;
}

/** `none`, or `entry KEY VALUE`. */
export function optionalEntry(entry: readonly [Uint8Array, Uint8Array] | undefined): string {
  return entry === undefined ? "none" : `entry ${toWord(entry[0])} ${toWord(entry[1])}`;
}

/** `KIND COUNT WORD...` */
export function list(kind: string, words: readonly string[], count = words.length): string {
  return [kind, count, ...words].join(" ");
}

/** `values COUNT VALUE...` of all elements. */
export function valuesOf(codec: Storable<unknown>, elements: Iterable<unknown>): string {
  return list(
    "values",
    Array.from(elements, (element) => toWord(codec.toBytes(element))),
  );
}
