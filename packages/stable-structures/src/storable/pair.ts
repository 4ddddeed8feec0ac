import { DecodeError } from "../errors.js";
import { readLength, widthOf, writeLength } from "./parts.js";
import {
  checkLength,
  encode,
  isFixedSize,
  isKey,
  maxSizeOf,
  type PairMember,
  type Storable,
  type StorableKey,
  sumBound,
} from "./storable.js";

/**
 * Rust's `(A, B)` of two bounded types. Always has its full length: each member is padded with
 * zeroes to its largest size, and behind both stand the lengths of those that vary.
 *
 * It can be a key when both members can. Order is that of the members, one after the other; it is
 * the order of the bytes only when both have a fixed size.
 * @throws RangeError when a member is unbounded: the crate cannot store such a pair.
 */
export function pair<A, B>(first: StorableKey<A>, second: StorableKey<B>): StorableKey<[A, B]>;
export function pair<A, B>(first: Storable<A>, second: Storable<B>): Storable<[A, B]>;
export function pair<A, B>(first: Storable<A>, second: Storable<B>): Storable<[A, B]> {
  const name = `(${first.name}, ${second.name})`;
  const a = member(name, first, 0);
  const b = member(name, second, a.end);
  const size = b.end + a.lengthBytes + b.lengthBytes;
  const codec: Storable<[A, B]> = {
    name,
    bound: sumBound(name, size, isFixedSize(first) && isFixedSize(second)),
    toBytes(value) {
      if (!Array.isArray(value) || value.length !== 2)
        throw new TypeError(`${name} takes [first, second]`);
      const bytes = new Uint8Array(size);
      a.write(bytes, b.end, value[0]);
      b.write(bytes, b.end + a.lengthBytes, value[1]);
      return bytes;
    },
    fromBytes(bytes) {
      checkLength(name, bytes, size);
      return [a.read(bytes, b.end), b.read(bytes, b.end + a.lengthBytes)];
    },
  };
  return isKey(first) && isKey(second) ? { ...codec, ...orderOf(first, second, a, b) } : codec;
}

function orderOf<A, B>(
  first: StorableKey<A>,
  second: StorableKey<B>,
  a: MemberShape,
  b: MemberShape,
) {
  const members = [memberOrder(first, a), memberOrder(second, b)] as const;
  const [x, y] = members;
  return {
    byteOrdered: [first, second].every((codec) => codec.byteOrdered && isFixedSize(codec)),
    ...(x && y ? { encodedOrder: { pair: [x, y] as const } } : {}),
    compare: (x: [A, B], y: [A, B]) => first.compare(x[0], y[0]) || second.compare(x[1], y[1]),
  };
}

interface MemberShape {
  readonly size: number;
  readonly lengthBytes: number;
}

/** How an engine compares a member; undefined where only its codec can. */
function memberOrder(
  { byteOrdered, encodedOrder }: Pick<StorableKey<unknown>, "byteOrdered" | "encodedOrder">,
  { size, lengthBytes }: MemberShape,
): PairMember | undefined {
  if (byteOrdered) return { size, lengthBytes, order: "bytes" };
  return encodedOrder === "length-first" ? { size, lengthBytes, order: encodedOrder } : undefined;
}

/** One member of a pair: its slot from `start` to `end`, its length in `lengthBytes` big-endian bytes. */
function member<T>(pairName: string, codec: Storable<T>, start: number) {
  const maxSize = maxSizeOf(codec);
  if (maxSize === undefined) {
    throw new RangeError(`${pairName} needs bounded members, and ${codec.name} is unbounded`);
  }
  const lengthBytes = isFixedSize(codec) ? 0 : widthOf(maxSize);
  return {
    size: maxSize,
    end: start + maxSize,
    lengthBytes,
    write(target: Uint8Array, lengthOffset: number, value: T): void {
      const bytes = encode(codec, value);
      target.set(bytes, start);
      writeLength(target, lengthOffset, lengthBytes, bytes.length);
    },
    read(source: Uint8Array, lengthOffset: number): T {
      const length = lengthBytes === 0 ? maxSize : readLength(source, lengthOffset, lengthBytes);
      if (length > maxSize) throw new DecodeError(pairName, `a ${codec.name} of ${length} bytes`);
      return codec.fromBytes(source.subarray(start, start + length));
    },
  };
}
