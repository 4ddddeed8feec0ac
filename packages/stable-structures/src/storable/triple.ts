import { joinBytes } from "../io/bytes.js";
import { lengthField, PartReader, widthOf } from "./parts.js";
import {
  encode,
  isFixedSize,
  isKey,
  maxSizeOf,
  type Storable,
  type StorableKey,
  sumBound,
} from "./storable.js";

/**
 * Rust's `(A, B, C)`, of any types: the members one behind the other. Unless the first two have a fixed
 * size, a byte in front says in how many bytes each stands its length, and those whose size varies stand
 * behind that length. The third takes what is left.
 *
 * It can be a key when all members can. Order is that of the members, one after the other; it is that of
 * the bytes when the first two have a fixed size and all are ordered by their bytes. Other maps run in
 * JavaScript.
 */
export function triple<A, B, C>(
  first: StorableKey<A>,
  second: StorableKey<B>,
  third: StorableKey<C>,
): StorableKey<[A, B, C]>;
export function triple<A, B, C>(
  first: Storable<A>,
  second: Storable<B>,
  third: Storable<C>,
): Storable<[A, B, C]>;
export function triple<A, B, C>(
  first: Storable<A>,
  second: Storable<B>,
  third: Storable<C>,
): Storable<[A, B, C]> {
  const name = `(${first.name}, ${second.name}, ${third.name})`;
  const hasWidths = !(isFixedSize(first) && isFixedSize(second));
  const codec: Storable<[A, B, C]> = {
    name,
    bound: boundOf(name, [first, second, third]),
    toBytes(value) {
      if (!Array.isArray(value) || value.length !== 3)
        throw new TypeError(`${name} takes [first, second, third]`);
      const a = encode(first, value[0]);
      const b = encode(second, value[1]);
      const c = encode(third, value[2]);
      if (!hasWidths) return joinBytes([a, b, c]);
      return joinBytes([
        widthsByte(a, b),
        ...behindLength(first, a),
        ...behindLength(second, b),
        c,
      ]);
    },
    fromBytes(bytes) {
      const reader = new PartReader(name, bytes);
      const widths = hasWidths ? reader.takeLength(1) : 0;
      const a = reader.take(sizeIn(reader, first, widths >> 2));
      const b = reader.take(sizeIn(reader, second, widths));
      return [first.fromBytes(a), second.fromBytes(b), third.fromBytes(reader.rest)];
    },
  };
  return isKey(first) && isKey(second) && isKey(third)
    ? { ...codec, ...orderOf(first, second, third) }
    : codec;
}

function boundOf(name: string, members: readonly Storable<unknown>[]) {
  const lead = members.slice(0, 2).filter((member) => !isFixedSize(member));
  const sizes = members.map((member) => maxSizeOf(member) ?? Infinity);
  const widths = lead.map((member) => widthOf(maxSizeOf(member) ?? Infinity));
  const maxSize = [Math.min(lead.length, 1), ...widths, ...sizes].reduce((sum, n) => sum + n);
  return sumBound(name, maxSize, members.every(isFixedSize));
}

function orderOf<A, B, C>(a: StorableKey<A>, b: StorableKey<B>, c: StorableKey<C>) {
  return {
    byteOrdered: [a, b].every(isFixedSize) && a.byteOrdered && b.byteOrdered && c.byteOrdered,
    compare: (x: [A, B, C], y: [A, B, C]) =>
      a.compare(x[0], y[0]) || b.compare(x[1], y[1]) || c.compare(x[2], y[2]),
  };
}

/** COMPAT: two bits for each of the first two, their width less 1; also for one that has no length. */
function widthsByte(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.of(((widthOf(a.length) - 1) << 2) | (widthOf(b.length) - 1));
}

function behindLength(codec: Storable<unknown>, bytes: Uint8Array): Uint8Array[] {
  return isFixedSize(codec) ? [bytes] : [lengthField(widthOf(bytes.length), bytes.length), bytes];
}

/** Size of a member, which stands in front of it unless it is fixed. */
function sizeIn(reader: PartReader, codec: Storable<unknown>, widths: number): number {
  if (isFixedSize(codec)) return maxSizeOf(codec) as number;
  const width = (widths & 3) + 1;
  if (width === 3) reader.fail("a length of three bytes");
  return reader.takeLength(width);
}
