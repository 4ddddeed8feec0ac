import { DecodeError } from "../errors.js";
import type { Storable } from "../storable/storable.js";
import { ByteSource } from "./byte-source.js";
import type { PayloadFormat } from "./payload-format.js";

/**
 * Encodes a value, and refuses at once what could not be decoded.
 * @throws RangeError when it is nested too deeply, or has too many values.
 */
export function encodeWhole<T>(format: PayloadFormat<T>, value: T): Uint8Array {
  const payload = format.encode(value);
  if (isWhole(format, payload)) return payload;
  throw new RangeError(
    `this state is nested too deeply, or has too many values, for ${format.name}`,
  );
}

function isWhole<T>({ shapeAt }: PayloadFormat<T>, bytes: Uint8Array): boolean {
  return shapeAt === undefined || shapeAt(new ByteSource(bytes), 0)?.end === bytes.length;
}

/**
 * Values of a map in a serialization format: `asStorable(cbor<User>())` for a Rust type whose `Storable`
 * calls ciborium, and the same for MessagePack and JSON. For Candid there is `candidValue`. Unbounded;
 * each value is measured before a decoder sees it. Not a key: the formats have no order.
 * @throws TypeError from `toBytes` for what the format cannot say.
 */
export function asStorable<T>(format: PayloadFormat<T>): Storable<T> {
  const { name } = format;
  return {
    name,
    bound: "unbounded",
    toBytes: (value) => encodeWith(name, () => encodeWhole(format, value)),
    fromBytes(bytes) {
      if (!isWhole(format, bytes)) throw new DecodeError(name, "not one well-formed value");
      // A copy: a decoder may keep views of what it is given.
      return format.decode(new Uint8Array(bytes));
    },
  };
}

/** Runs an encoder that is not ours; what it refuses is a mistake of the caller. */
function encodeWith(name: string, encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new TypeError(`${name} cannot say this value: ${(cause as Error).message}`, { cause });
  }
}
