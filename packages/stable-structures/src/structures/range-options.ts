import { encode, type StorableKey } from "../storable/storable.js";
import { decodePosition, type MapPosition } from "./map-position.js";

/** Options of the iterators of maps and sets. */
export interface IterationOptions {
  /** From the last entry to the first. */
  reverse?: boolean;
  /**
   * Go on where an iterator was when its {@link MapIterator.cursor} was taken: through what was left of
   * its range, in its direction. Takes no other option beside it. One that is none, or of other keys, is
   * refused (`STABLE_DECODE_FAILED`).
   */
  cursor?: Uint8Array;
}

/** A range of keys: from `gte` or behind `gt`, to `lte` or before `lt`; a missing end is open. */
export interface RangeOptions<K> extends IterationOptions {
  gt?: K;
  gte?: K;
  lt?: K;
  lte?: K;
}

/** Options of `deleteRange` of maps and sets. */
export interface DeleteRangeOptions<K> extends Omit<RangeOptions<K>, "reverse" | "cursor"> {
  /** Most entries to remove; all of the range unless given. */
  limit?: number;
}

/**
 * Where options say to go, and which way.
 * @throws TypeError for options that do not exist or exclude each other; what encoding a key throws.
 */
export function positionOf<K>(codec: StorableKey<K>, options: RangeOptions<K>): MapPosition {
  checkRangeOptions(options);
  const { cursor, reverse = false, gt, gte, lt, lte } = options;
  if (cursor !== undefined) return checked(codec, decodePosition(cursor));
  const bound = (key: K | undefined, inclusive: boolean) =>
    // A copy: the caller may change the bytes while the iterator runs.
    key === undefined ? undefined : { key: new Uint8Array(encode(codec, key)), inclusive };
  const lower = bound(gte, true) ?? bound(gt, false);
  const upper = bound(lte, true) ?? bound(lt, false);
  return { range: { lower, upper }, reverse };
}

/** A position from outside may have been taken from a map of other keys. */
function checked<K>(codec: StorableKey<K>, position: MapPosition): MapPosition {
  for (const bound of [position.range.lower, position.range.upper])
    if (bound !== undefined) encode(codec, codec.fromBytes(bound.key));
  return position;
}

const RANGE_OPTIONS = ["gt", "gte", "lt", "lte", "reverse", "cursor"];

/** A misspelt bound would otherwise widen a range to all entries. */
function checkRangeOptions(range: RangeOptions<unknown>): void {
  if (typeof range !== "object" || range === null) {
    throw new TypeError("a range is an object such as { gte: first, lt: end }");
  }
  for (const name of Object.keys(range)) {
    if (!RANGE_OPTIONS.includes(name)) {
      throw new TypeError(`a range has ${RANGE_OPTIONS.join(", ")}, not ${name}`);
    }
  }
  const { gt, gte, lt, lte, cursor } = range;
  if (gt !== undefined && gte !== undefined) throw new TypeError("a range has gt or gte, not both");
  if (lt !== undefined && lte !== undefined) throw new TypeError("a range has lt or lte, not both");
  if (cursor === undefined) return;
  if (!(cursor instanceof Uint8Array))
    throw new TypeError("a cursor is the bytes of an iterator's");
  if (Object.keys(range).length > 1)
    throw new TypeError("a cursor takes no other option beside it");
}
