import type { EncodedBound, EncodedRange } from "../engine/map-engine.js";
import { DecodeError } from "../errors.js";
import { viewOf } from "../io/bytes.js";

/** A range of encoded keys, and which way to go through it. */
export interface MapPosition {
  readonly range: EncodedRange;
  readonly reverse: boolean;
}

/*
 *   offset   size  position of an iterator
 *        0      1  version of this layout (1)
 *        1      1  1 = backwards
 *   then for the lower and for the upper end of the range:
 *               1  0 = open, 1 = excludes its key, 2 = includes it
 *               4  size of the key (u32, big-endian), unless the end is open
 *             ...  key
 */
const VERSION = 1;
const OPEN = 0;
const EXCLUSIVE = 1;
const INCLUSIVE = 2;
const NAME = "cursor of a map or set";

/** The bytes of a position. */
export function encodePosition({ range, reverse }: MapPosition): Uint8Array {
  const { lower, upper } = range;
  const bytes = new Uint8Array(2 + sizeOf(lower) + sizeOf(upper));
  bytes[0] = VERSION;
  bytes[1] = Number(reverse);
  let at = 2;
  for (const bound of [lower, upper]) {
    putBound(bytes, at, bound);
    at += sizeOf(bound);
  }
  return bytes;
}

/** The position that bytes say. @throws DecodeError (`STABLE_DECODE_FAILED`) when they say none. */
export function decodePosition(bytes: Uint8Array): MapPosition {
  if (bytes[0] !== VERSION) throw new DecodeError(NAME, `its version is ${bytes[0]}, not 1`);
  if (bytes[1] !== 0 && bytes[1] !== 1)
    throw new DecodeError(NAME, `its direction is ${bytes[1]}, not 0 or 1`);
  const [lower, behind] = takeBound(bytes, 2);
  const [upper, end] = takeBound(bytes, behind);
  if (end !== bytes.length) throw new DecodeError(NAME, `${bytes.length - end} bytes too many`);
  return { range: { lower, upper }, reverse: bytes[1] === 1 };
}

function sizeOf(bound: EncodedBound | undefined): number {
  return bound === undefined ? 1 : 5 + bound.key.length;
}

function putBound(bytes: Uint8Array, at: number, bound: EncodedBound | undefined): void {
  if (bound === undefined) return;
  bytes[at] = bound.inclusive ? INCLUSIVE : EXCLUSIVE;
  viewOf(bytes).setUint32(at + 1, bound.key.length);
  bytes.set(bound.key, at + 5);
}

function takeBound(bytes: Uint8Array, at: number): [EncodedBound | undefined, number] {
  const kind = bytes[at];
  if (kind === OPEN) return [undefined, at + 1];
  if (kind !== EXCLUSIVE && kind !== INCLUSIVE) throw new DecodeError(NAME, "it is cut off");
  if (at + 5 > bytes.length) throw new DecodeError(NAME, "it is cut off");
  const end = at + 5 + viewOf(bytes).getUint32(at + 1);
  if (end > bytes.length) throw new DecodeError(NAME, "it is cut off");
  return [{ key: bytes.slice(at + 5, end), inclusive: kind === INCLUSIVE }, end];
}
