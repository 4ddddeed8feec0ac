import { Packr } from "msgpackr";
import { decodeWith, type PayloadFormat, structsToObjects } from "./upgrade/payload-format.js";
import { messagePackShape } from "./upgrade/payload-shape.js";

/**
 * MessagePack, as serde with rmp-serde reads and writes it. Needs the package `msgpackr`.
 *
 * Structs written with `with_struct_map` are plain objects, others arrays; maps with other keys than
 * text are `Map`. Integers beyond 2^53 are `bigint`, bytes `Uint8Array`.
 */
export function messagePack<T>(): PayloadFormat<T> {
  // "auto" (a number where it is exact) is missing from the package's types.
  const int64AsType = "auto" as "bigint";
  const packr = new Packr({ useRecords: false, mapsAsObjects: false, int64AsType });
  return {
    name: "messagepack",
    shapeAt: messagePackShape,
    // A copy: the packer hands out its own buffer, a Buffer where there is one.
    encode: (state) => new Uint8Array(packr.pack(state)),
    decode: (bytes) => decodeWith("MessagePack", () => structsToObjects(packr.unpack(bytes)) as T),
  };
}
