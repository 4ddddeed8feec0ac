import { joinBytes } from "../io/bytes.js";
import { encodePart, type Part, PartReader, sizedPart } from "./parts.js";
import { hasOneSize, maxSizeOf, type StorableKey, sumBound, type ValueOf } from "./storable.js";

/** The values of a {@link composite} of these codecs. */
export type TupleOf<M> = { -readonly [I in keyof M]: ValueOf<M[I]> };

/**
 * A key of several members, as an array, whose bytes have the order of the tuple: by the first member,
 * then by the next. So maps with such keys run in WebAssembly, and all keys that begin with the same
 * members lie together. The layout is ours: Rust needs an `impl Storable`, which docs/format/own-layouts.md
 * shows.
 *
 * Members lie back to back. One of fixed size is its bytes; text and other bytes of varying size have
 * each 00 written as 00 FF and 00 00 behind them; a principal stands behind its length; a `reverse` has
 * all bits of these turned round.
 * @throws TypeError for no members, and for one that has neither its bytes' order nor a principal's:
 * a `pair`, `triple` or `struct` that varies in size. Name their members instead.
 * @throws RangeError when its bound is above 2^32 - 1 bytes.
 */
export function composite<M extends readonly StorableKey<unknown>[]>(
  ...members: M
): StorableKey<TupleOf<M>>;
export function composite(...members: readonly StorableKey<unknown>[]): StorableKey<unknown> {
  const name = `composite(${members.map((member) => member.name).join(", ")})`;
  if (members.length === 0) throw new TypeError("a composite key needs a member");
  const parts = members.map((member) => orderedPart(name, member));
  const maxSize = parts.reduce((sum, part) => sum + part.maxSize, 0);
  const codec: StorableKey<unknown[]> = {
    name,
    bound: sumBound(
      name,
      maxSize,
      parts.every(({ oneSize }) => oneSize),
    ),
    byteOrdered: true,
    compare(a, b) {
      for (const [i, member] of members.entries()) {
        const order = member.compare(a[i], b[i]);
        if (order !== 0) return order;
      }
      return 0;
    },
    toBytes(value) {
      if (!Array.isArray(value) || value.length !== parts.length)
        throw new TypeError(`${name} takes an array of ${parts.length}`);
      return joinBytes(parts.map((part, i) => part.write(value[i])));
    },
    fromBytes(bytes) {
      const reader = new PartReader(name, bytes);
      const values = parts.map((part) => part.read(reader));
      reader.end();
      return values;
    },
  };
  return codec;
}

/** A member so written that its bytes, with anything behind them, have its order. */
function orderedPart<T>(name: string, member: StorableKey<T>): Part<T> {
  const { byteOrdered, encodedOrder } = member;
  if (byteOrdered) return hasOneSize(member) ? sizedPart(member) : endedPart(member);
  if (encodedOrder === "length-first") return sizedPart(member);
  if (typeof encodedOrder === "object" && "reversed" in encodedOrder)
    return turnedPart(name, orderedPart(name, encodedOrder.reversed as StorableKey<T>));
  throw new TypeError(`${name} cannot keep the order of ${member.name}; name its members instead`);
}

const ZERO = 0x00;
const ESCAPED = 0xff;
const END = /* @__PURE__ */ Uint8Array.of(ZERO, ZERO);

/** Bytes of any length: nothing in them is what ends them, and the end is below all that could follow. */
function endedPart<T>(member: StorableKey<T>): Part<T> {
  const most = maxSizeOf(member) ?? Infinity;
  return {
    maxSize: 2 * most + END.length,
    oneSize: false,
    write: (value) => joinBytes([escapeZeros(encodePart(member, value)), END]),
    read(reader) {
      const bytes = takeEscaped(reader);
      if (bytes.length > most) reader.fail(`a ${member.name} of ${bytes.length} bytes`);
      return member.fromBytes(bytes);
    },
  };
}

function escapeZeros(bytes: Uint8Array): Uint8Array {
  const zeros = bytes.reduce((count, byte) => count + Number(byte === ZERO), 0);
  if (zeros === 0) return bytes;
  const escaped = new Uint8Array(bytes.length + zeros);
  let at = 0;
  for (const byte of bytes) {
    escaped[at++] = byte;
    if (byte === ZERO) escaped[at++] = ESCAPED;
  }
  return escaped;
}

/** The bytes up to the next end, which is taken too. */
function takeEscaped(reader: PartReader): Uint8Array {
  const { rest } = reader;
  let length = 0;
  let at = rest.indexOf(ZERO);
  const pieces: Uint8Array[] = [];
  for (; at !== -1 && rest[at + 1] === ESCAPED; at = rest.indexOf(ZERO, length)) {
    pieces.push(rest.subarray(length, at + 1));
    length = at + 2;
  }
  if (at === -1 || rest[at + 1] !== ZERO) reader.fail("a member without an end");
  pieces.push(rest.subarray(length, at));
  reader.take(at + END.length);
  return joinBytes(pieces);
}

/** All bits of a part turned round, which turns its order round. */
function turnedPart<T>(name: string, part: Part<T>): Part<T> {
  return {
    ...part,
    write: (value) => turn(part.write(value)),
    read(reader) {
      const turned = new PartReader(name, turn(reader.rest));
      const value = part.read(turned);
      reader.take(turned.offset);
      return value;
    },
  };
}

const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xff);
