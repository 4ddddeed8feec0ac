import { IDL } from "@icp-sdk/core/candid";
import {
  asStorable,
  blob,
  bool,
  boundedBlob,
  composite,
  f32,
  f64,
  fixedBlob,
  i8,
  i16,
  i32,
  i64,
  i128,
  option,
  pair,
  principal,
  reverse,
  type Storable,
  type StorableKey,
  type StorablePartialOrd,
  struct,
  text,
  triple,
  u8,
  u16,
  u32,
  u64,
  u128,
  unit,
  versioned,
} from "stable-structures";
import { candidValue } from "stable-structures/candid";
import { cbor } from "stable-structures/cbor";
import { messagePack } from "stable-structures/msgpack";

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
  boundedvec8: boundedBlob(8),
  option_u64: option(u64),
  option_string: option(text),
  option_principal: option(principal),
  reverse_u64: reverse(u64),
  reverse_string: reverse(text),
  tuple_u64_u64_u64: triple(u64, u64, u64),
  tuple_u8_bool_string: triple(u8, bool, text),
  tuple_string_u64_blob: triple(text, u64, blob),
  tuple_bytes32_blob4_principal: triple(fixedBlob(32), boundedBlob(4), principal),
  i8,
  i16,
  i32,
  i64,
  i128,
  point: struct({ x: i32, y: i32 }),
  account: struct({ owner: principal, balance: u64, limit: option(u64), note: text }),
  eventkey: composite(text, principal, reverse(u64)),
};

interface User {
  name: string;
  age: number;
}

const user = struct({ name: text, age: u8 });

/** The first version of the type `user`. */
export const oldUser = versioned(struct({ name: text }));

const VALUES: Readonly<Record<string, AnyValue>> = {
  ...KEYS,
  f32,
  f64,
  user: versioned(user, oldUser, ({ name }) => ({ name, age: 0 })),
  candiduser: candidValue<User>(IDL.Record({ name: IDL.Text, age: IDL.Nat8 })),
  cboruser: asStorable(cbor<User>()),
  packeduser: asStorable(messagePack<User>()),
};

/** Names of all types of the script language. */
export const typeNames: readonly string[] = Object.keys(VALUES);

/** Types whose bytes are a choice of the writer: Rust must read ours, and we Rust's. */
export const writersChoice: ReadonlySet<string> = new Set(["packeduser"]);

/** Names of the types that can be keys. */
export const keyTypeNames: readonly string[] = Object.keys(KEYS);

/** The codec of a type of the script language. */
export function valueCodec(type: string): AnyValue {
  const codec = VALUES[type];
  if (codec === undefined)
    throw new Error(`unknown type ${type}; known are ${typeNames.join(", ")}`);
  return codec;
}

/** The codec of a type of the script language, where it has an order. */
export function orderedCodec(type: string): AnyKey | undefined {
  return KEYS[type];
}

/** The codec of a type of the script language that can be a key. */
export function keyCodec(type: string): AnyKey {
  const codec = KEYS[type];
  if (codec === undefined)
    throw new Error(`no type ${type} for keys; known are ${Object.keys(KEYS).join(", ")}`);
  return codec;
}

/** True for a type whose values have an order, if a partial one. */
export function hasOrder(type: string): boolean {
  const codec = valueCodec(type);
  return "compare" in codec || "partialCompare" in codec;
}

/** The codec of a type of the script language that can be in a heap. */
export function heapCodec(type: string): AnyKey | StorablePartialOrd<unknown> {
  if (hasOrder(type)) return valueCodec(type) as AnyKey;
  throw new Error(`no type ${type} for heaps: it has no order`);
}
