import { Packr } from "msgpackr";
import { decodeWith } from "./storable/storable.js";
import { type PayloadFormat, plainValue } from "./upgrade/payload-format.js";
import { messagePackShape } from "./upgrade/payload-shape.js";

/**
 * MessagePack, as serde with rmp-serde reads and writes it. Needs the package `msgpackr`.
 *
 * Structs written with `with_struct_map` are plain objects, others arrays; maps with other keys than
 * text are `Map`. Integers beyond 2^53 are `bigint`, bytes `Uint8Array`; -0 is written as 0. An
 * `undefined` is written as nil.
 */
export function messagePack<T>(): PayloadFormat<T> {
  const packr = new Packr({
    useRecords: false,
    mapsAsObjects: false,
    int64AsType: "bigint",
    encodeUndefinedAsNil: true,
  });
  return {
    name: "messagepack",
    shapeAt: messagePackShape,
    // A copy: the packer hands out its own buffer, a Buffer where there is one.
    encode: (state) => new Uint8Array(packr.pack(withWideIntegers(state))),
    decode: (bytes) => decodeWith("MessagePack", () => plainValue(packr.unpack(bytes)) as T),
  };
}

/**
 * Makes integers of more than 32 bits a `bigint`: as a number the packer writes them as floats, which
 * Rust does not take for integers.
 */
function withWideIntegers(value: unknown): unknown {
  if (typeof value === "number") {
    const isWide = Number.isSafeInteger(value) && (value > 0xffff_ffff || value < -0x8000_0000);
    return isWide ? BigInt(value) : value;
  }
  // The packer would write nil.
  if (typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`MessagePack has no ${typeof value}`);
  if (Array.isArray(value)) return value.map(withWideIntegers);
  if (value instanceof Set) return new Set([...value].map(withWideIntegers));
  if (value instanceof Map) {
    const entries = [...value].map((entry) => entry.map(withWideIntegers) as [unknown, unknown]);
    return new Map(entries);
  }
  const isStruct = typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
  if (!isStruct || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withWideIntegers(item)]),
  );
}
