import { DecodeError } from "../errors.js";
import { compareBytes } from "../io/bytes.js";
import { type ByteArea, withDirect } from "./direct.js";
import type { StorableKey } from "./storable.js";

const encoder = /* @__PURE__ */ new TextEncoder();
// A byte order mark is a character like any other: Rust keeps it.
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Rust's `String`: UTF-8, unbounded, in the order of its bytes (not JavaScript's UTF-16 order). */
export const text: StorableKey<string> = /* @__PURE__ */ utf8();

function utf8(): StorableKey<string> {
  const codec: StorableKey<string> = {
    name: "text",
    bound: "unbounded",
    byteOrdered: true,
    compare: compareCodePoints,
    toBytes: encodeText,
    fromBytes: (bytes) => decodeText("text", bytes),
  };
  return withDirect(codec, {
    write: writeText,
    read: readText,
    decodes: "ascii",
  });
}

function checkText(value: string): void {
  checkString(value);
  if (!value.isWellFormed()) {
    throw new TypeError("text takes well-formed strings; half of a surrogate pair has no UTF-8");
  }
}

function checkString(value: unknown): void {
  if (typeof value !== "string") throw new TypeError(`text takes a string, got ${typeof value}`);
}

// PERF: up to this length a loop over characters beats `encodeInto` with the subarray it needs, which
// costs about 100 ns however short the text, and `encode`, which costs 700 (Node 20, 2026-11).
const SHORT_TEXT = 40;

const passage = /* @__PURE__ */ new Uint8Array(SHORT_TEXT);

function encodeText(value: string): Uint8Array {
  checkString(value);
  const { length } = value;
  if (length <= SHORT_TEXT && writeAscii(value, passage, 0)) return passage.slice(0, length);
  checkText(value);
  return encoder.encode(value);
}

function writeText(value: string, { bytes }: ByteArea, offset: number, end: number): number {
  checkString(value);
  const { length } = value;
  if (offset + length * 3 > end) return -1; // a UTF-16 unit is at most three bytes
  if (length <= SHORT_TEXT && writeAscii(value, bytes, offset)) return length;
  checkText(value);
  return encoder.encodeInto(value, bytes.subarray(offset, end)).written;
}

/** Writes a string as long as its characters are ASCII; false at one that is not. */
function writeAscii(value: string, bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 0x80) return false;
    bytes[offset + i] = unit;
  }
  return true;
}

// PERF: up to this length characters one by one beat the decoder with the view it needs, which cost
// about 120 ns however short the text (Node 20, 2026-11).
const SHORT_READ = 24;

/** Lists of each length up to `SHORT_READ`, for the characters of one text. */
const units: number[][] = /* @__PURE__ */ Array.from({ length: SHORT_READ + 1 }, (_, length) =>
  new Array<number>(length).fill(0),
);

function readText({ bytes, buffer }: ByteArea, offset: number, length: number): string {
  return (
    (length <= SHORT_READ ? readAscii(bytes, offset, length) : undefined) ??
    decodeText("text", new Uint8Array(buffer, offset, length))
  );
}

/** Reads a text whose characters are all ASCII; undefined when one is not. */
function readAscii(bytes: Uint8Array, offset: number, length: number): string | undefined {
  const list = units[length] as number[];
  let all = 0;
  for (let i = 0; i < length; i++) {
    const unit = bytes[offset + i] as number;
    all |= unit;
    list[i] = unit;
  }
  return all < 0x80 ? String.fromCharCode(...list) : undefined;
}

/**
 * Any value JSON can say, as UTF-8 JSON text; unbounded. As a key it is ordered by the bytes of that
 * text, and property order counts: `{a, b}` is not `{b, a}`, and 10 sorts before 9.
 * @throws TypeError from `toBytes` for what JSON cannot say: functions, undefined, bigints, cycles.
 */
export function json<T>(): StorableKey<T> {
  return {
    name: "JSON text",
    bound: "unbounded",
    byteOrdered: true,
    compare: (a, b) => compareBytes(encodeJson(a), encodeJson(b)),
    toBytes: encodeJson,
    fromBytes: (bytes) => parseJson(decodeText("JSON text", bytes)) as T,
  };
}

function encodeJson(value: unknown): Uint8Array {
  const source: string | undefined = JSON.stringify(value);
  if (source === undefined) throw new TypeError(`JSON cannot say a value of type ${typeof value}`);
  return encoder.encode(source);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new DecodeError("JSON text", (cause as Error).message, { cause });
  }
}

function decodeText(codec: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new DecodeError(codec, "not UTF-8", { cause });
  }
}

/** The order of code points, which is that of UTF-8, on UTF-16 strings. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for characters above all others, but lie below U+E000..U+FFFF as code units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
