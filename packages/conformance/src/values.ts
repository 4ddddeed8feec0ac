import { valueCodec } from "./codecs.js";
import { Random } from "./random.js";
import { type Parts, partsOf } from "./type-parts.js";

/** Most bytes of a random blob or text, by how often it is chosen. */
const SIZES = [0, 1, 4, 8, 20, 40, 40, 100, 300] as const;

/** A random encoded value of a type of the script language. */
export function randomValue(random: Random, type: string, maxSize = 3000): Uint8Array {
  return valueCodec(type).toBytes(randomOf(random, type, maxSize));
}

/**
 * Encoded key number `index` of a type: always the same bytes, so that a small range of indexes gives
 * keys that meet again. Keys of long types vary in length with the index.
 */
export function keyAt(type: string, index: number): Uint8Array {
  return randomValue(new Random(0x5eed + index * 7919), type, 80);
}

/** A random value of a type, one that can be stored. */
export function randomOf(random: Random, type: string, maxSize: number): unknown {
  const parts = partsOf(type);
  return parts === undefined
    ? randomLeaf(random, type, maxSize)
    : randomWhole(random, type, parts, maxSize);
}

function randomWhole(random: Random, type: string, parts: Parts, maxSize: number): unknown {
  switch (parts.kind) {
    case "option":
      // The crate cannot store the None of an option of fixed size.
      return !isFixed(type) && random.chance(25) ? null : randomOf(random, parts.of, maxSize);
    case "reverse":
      return randomOf(random, parts.of, maxSize);
    case "tuple":
      return parts.members.map((member) => randomOf(random, member, maxSize));
    case "struct":
      return Object.fromEntries(
        parts.fields.map(([field, member]) => [field, randomOf(random, member, maxSize)]),
      );
  }
}

function isFixed(type: string): boolean {
  const { bound } = valueCodec(type);
  return bound !== "unbounded" && bound.fixedSize;
}

function randomLeaf(random: Random, type: string, maxSize: number): unknown {
  switch (type) {
    case "u8":
      return random.between(0, 0xff);
    case "u16":
      return random.between(0, 0xffff);
    case "u32":
      return random.between(0, 0xffff_ffff);
    case "u64":
      return bigOf(random.bytes(8));
    case "u128":
      return bigOf(random.bytes(16));
    case "f32":
    case "f64":
      return random.pick([0, -0, 1.5, -1e-30, Infinity, -Infinity, random.between(-1e9, 1e9) / 7]);
    case "bool":
      return random.chance(50);
    case "unit":
      return null;
    case "blob":
      return random.bytes(sizeOf(random, maxSize));
    case "string":
      return textOf(random, sizeOf(random, maxSize));
    case "principal":
      return random.bytes(random.pick([0, 1, 4, 10, 29, random.between(0, 29)]));
    case "bytes32":
      return random.bytes(32);
    case "blob4":
      return random.bytes(random.between(0, 4));
    case "blob64":
      return random.bytes(random.pick([0, 1, 63, 64, random.between(0, 64)]));
    case "boundedvec8":
      return random.bytes(random.between(0, 8));
    case "i8":
    case "i16":
    case "i32": {
      const half = 2 ** (Number(type.slice(1)) - 1);
      return random.between(-half, half - 1);
    }
    case "i64":
      return BigInt.asIntN(64, bigOf(random.bytes(8)));
    case "i128":
      return BigInt.asIntN(128, bigOf(random.bytes(16)));
    default:
      throw new Error(`no random values of type ${type}`);
  }
}

function sizeOf(random: Random, maxSize: number): number {
  const limit = random.chance(4) ? maxSize : Math.min(maxSize, random.pick(SIZES));
  return random.between(0, limit);
}

/** Text with characters of one to four bytes, some above U+FFFF and some between U+E000 and U+FFFF. */
function textOf(random: Random, length: number): string {
  return Array.from({ length }, () =>
    random.chance(90)
      ? String.fromCharCode(random.between(0x20, 0x7e))
      : random.pick(["ä", "€", "\uff5e", "😀", "\u0000"]),
  ).join("");
}

function bigOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}
