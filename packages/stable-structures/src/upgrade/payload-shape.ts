import type { ByteSource } from "./byte-source.js";

/**
 * How far the first item of a serialized payload reaches, found without decoding it: enough to tell
 * formats apart, with little code and memory whatever the bytes say.
 */
export interface Shape {
  /** One past the last byte of the item. */
  readonly end: number;
  /** Values in it, containers included. */
  readonly items: number;
}

/** Deepest nesting that is followed. */
const MAX_DEPTH = 256;
/** Most values that are looked at; a walk that reaches it has no shape. */
const MAX_ITEMS = 20_000_000;

/** Most bytes of JSON text that are looked through, because every one of them has to be: 1 GiB. */
const MAX_JSON_BYTES = 2 ** 30;

/** What an item's first bytes say: where it ends, or how many items are in it. */
interface Head {
  /** One past the bytes of the item itself, those of its members not counted. */
  readonly end: number;
  /** Items inside; `Infinity` until a break. */
  readonly members: number;
  /** True for the end of a container of unknown length. */
  readonly isBreak?: boolean;
  /** True for a mark that belongs to the item behind it. */
  readonly isTag?: boolean;
}

/** Reads the head of an item at an offset; undefined for bytes that no writer makes. */
type ReadHead = (source: ByteSource, offset: number) => Head | undefined;

/** Shape of a CBOR item (RFC 8949) at `start`; undefined when the bytes are none. */
export function cborShape(source: ByteSource, start: number): Shape | undefined {
  return walk(source, start, cborHead);
}

/** Shape of a MessagePack item at `start`; undefined when the bytes are none. */
export function messagePackShape(source: ByteSource, start: number): Shape | undefined {
  return walk(source, start, messagePackHead);
}

function walk(source: ByteSource, start: number, readHead: ReadHead): Shape | undefined {
  const open: number[] = []; // items still missing in each container
  let offset = start;
  for (let items = 1; items <= MAX_ITEMS; items++) {
    if (offset >= source.length) return undefined;
    const head = readHead(source, offset);
    if (head === undefined || !(head.end <= source.length)) return undefined;
    offset = head.end;
    if (head.isTag) continue;
    if (head.isBreak) {
      if (open.pop() !== Infinity) return undefined;
    } else if (head.members > 0) {
      if (
        open.length >= MAX_DEPTH ||
        (head.members < Infinity && head.members > source.length - offset)
      )
        return undefined;
      open.push(head.members);
      continue;
    }
    if (closeFull(open)) return { end: offset, items };
  }
  return undefined;
}

/** Counts one finished item off its container, and full containers off theirs; true at the end. */
function closeFull(open: number[]): boolean {
  while (open.length > 0) {
    const last = open.length - 1;
    const left = (open[last] as number) - 1;
    open[last] = left;
    if (left > 0) return false;
    open.pop();
  }
  return true;
}

function cborHead(source: ByteSource, offset: number): Head | undefined {
  const first = source.byte(offset);
  const major = first >> 5;
  const info = first & 31;
  if (info === 31) return cborIndefinite(major, offset);
  const size = info < 24 ? 0 : 1 << (info - 24);
  if (info > 27 || offset + 1 + size > source.length) return undefined;
  const argument = size === 0 ? info : source.uint(offset + 1, size);
  const end = offset + 1 + size;
  if (major === 2 || major === 3) return { end: end + argument, members: 0 };
  if (major === 4) return { end, members: argument };
  if (major === 5) return { end, members: argument * 2 };
  return { end, members: 0, isTag: major === 6 };
}

/** A string, array or map of unknown length, or the break that ends one. */
function cborIndefinite(major: number, offset: number): Head | undefined {
  const end = offset + 1;
  if (major === 7) return { end, members: 0, isBreak: true };
  return major >= 2 && major <= 5 ? { end, members: Infinity } : undefined;
}

function messagePackHead(source: ByteSource, offset: number): Head | undefined {
  const first = source.byte(offset);
  const end = offset + 1;
  if (first < 0x80 || first >= 0xe0) return { end, members: 0 };
  if (first < 0x90) return { end, members: (first & 15) * 2 };
  if (first < 0xa0) return { end, members: first & 15 };
  if (first < 0xc0) return { end: end + (first & 31), members: 0 };
  return MESSAGE_PACK[first - 0xc0]?.(source, end);
}

type Tail = (source: ByteSource, offset: number) => Head | undefined;

const skip =
  (bytes: number): Tail =>
  (_, offset) => ({ end: offset + bytes, members: 0 });
const sized =
  (size: number, extra = 0): Tail =>
  (source, offset) =>
    offset + size > source.length
      ? undefined
      : { end: offset + size + extra + source.uint(offset, size), members: 0 };
const container =
  (size: number, factor: number): Tail =>
  (source, offset) =>
    offset + size > source.length
      ? undefined
      : { end: offset + size, members: source.uint(offset, size) * factor };

/** What follows the bytes 0xc0 to 0xdf; undefined for the one that is never used. */
const MESSAGE_PACK: readonly (Tail | undefined)[] = [
  ...[skip(0), undefined, skip(0), skip(0)], // nil, never used, false, true
  ...[sized(1), sized(2), sized(4)], // bin
  ...[sized(1, 1), sized(2, 1), sized(4, 1)], // ext
  ...[skip(4), skip(8)], // floats
  ...[skip(1), skip(2), skip(4), skip(8)], // unsigned
  ...[skip(1), skip(2), skip(4), skip(8)], // signed
  ...[skip(2), skip(3), skip(5), skip(9), skip(17)], // fixext
  ...[sized(1), sized(2), sized(4)], // str
  ...[container(2, 1), container(4, 1)], // array
  ...[container(2, 2), container(4, 2)], // map
];

/** Shape of a JSON object or array at `start`, by its brackets; undefined when they do not close. */
export function jsonShape(source: ByteSource, start: number): Shape | undefined {
  const open: number[] = [];
  let items = 1;
  const limit = Math.min(source.length, start + MAX_JSON_BYTES);
  for (let offset = start; offset < limit; offset++) {
    const byte = source.byte(offset);
    if (byte === QUOTE) offset = endOfString(source, offset, limit);
    else if (byte === 0x7b || byte === 0x5b) open.push(byte + 2);
    else if (byte === 0x2c) items++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (open.pop() !== byte) return undefined;
    } else if (byte < 0x20 && !isWhitespace(byte)) return undefined;
    if (open.length === 0 || open.length > MAX_DEPTH) {
      return open.length === 0 && offset > start ? { end: offset + 1, items } : undefined;
    }
  }
  return undefined;
}

const QUOTE = 0x22;

const isWhitespace = (byte: number) => byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** Offset of the quote that ends the string which starts at `start`; `limit` when there is none. */
function endOfString(source: ByteSource, start: number, limit: number): number {
  for (let offset = start + 1; offset < limit; offset++) {
    const byte = source.byte(offset);
    if (byte === QUOTE) return offset;
    if (byte < 0x20) return limit; // JSON writes control characters as escapes
    if (byte === 0x5c) offset++;
  }
  return limit;
}
