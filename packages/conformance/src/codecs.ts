import {
  blob,
  bool,
  boundedBlob,
  f32,
  f64,
  fixedBlob,
  pair,
  principal,
  type Storable,
  type StorableKey,
  type StorablePartialOrd,
  text,
  u8,
  u16,
  u32,
  u64,
  u128,
  unit,
} from "stable-structures";

// A codec of unknown values: scripts carry encoded bytes, and a codec's own values go back into it.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyKey = StorableKey<any>;
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyValue = Storable<any>;

const KEYS: Readonly<Record<string, AnyKey>> = {
  u8,
  u16,
  u32,
  u64,
  u128,
  bool,
  unit,
  blob,
  string: text,
  principal,
  bytes32: fixedBlob(32),
  blob4: boundedBlob(4),
  blob64: boundedBlob(64),
  tuple_u64_u64: pair(u64, u64),
  tuple_blob64_u16: pair(boundedBlob(64), u16),
  tuple_principal_u64: pair(principal, u64),
  tuple_u8_blob4: pair(u8, boundedBlob(4)),
};

const VALUES: Readonly<Record<string, AnyValue>> = { ...KEYS, f32, f64 };

/** Names of all types of the script language. */
export const typeNames: readonly string[] = Object.keys(VALUES);

/** Names of the types that can be keys. */
export const keyTypeNames: readonly string[] = Object.keys(KEYS);

/** The codec of a type of the script language. */
export function valueCodec(type: string): AnyValue {
  const codec = VALUES[type];
  if (codec === undefined)
    throw new Error(`unknown type ${type}; known are ${typeNames.join(", ")}`);
  return codec;
}

/** The codec of a type of the script language that can be a key. */
export function keyCodec(type: string): AnyKey {
  const codec = KEYS[type];
  if (codec === undefined)
    throw new Error(`no type ${type} for keys; known are ${Object.keys(KEYS).join(", ")}`);
  return codec;
}

/** The codec of a type of the script language that can be in a heap. */
export function heapCodec(type: string): AnyKey | StorablePartialOrd<unknown> {
  const codec = valueCodec(type);
  if ("compare" in codec || "partialCompare" in codec) return codec as AnyKey;
  throw new Error(`no type ${type} for heaps: it has no order`);
}
