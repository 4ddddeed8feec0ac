import { IDL } from "@icp-sdk/core/candid";
import type { Memory } from "./memory/memory.js";
import { decodeWith, type Storable } from "./storable/storable.js";
import { candidShape } from "./upgrade/candid-shape.js";
import { asStorable } from "./upgrade/payload-codec.js";
import type { PayloadFormat } from "./upgrade/payload-format.js";
import { UpgradeSerializer } from "./upgrade/upgrade-serializer.js";

/**
 * Candid arguments, as `candid::encode_args` writes them: the state is the list of their values. Needs
 * the package `@icp-sdk/core`. Bytes that follow the arguments are accepted, and so are arguments
 * beyond those of `types`, as ic-cdk does.
 */
export function candid<T extends unknown[] = unknown[]>(types: IDL.Type[]): PayloadFormat<T> {
  return {
    name: "candid",
    encode: (values) => IDL.encode(types, values),
    // The walk before it is what bounds the decoder: a few bytes can claim four billion values.
    shapeAt: candidShape,
    decode: (bytes) => decodeWith("Candid", () => IDL.decode(types, bytes) as T),
  };
}

/**
 * Values of one Candid type, as a Rust `Storable` with `Encode!(self)` and `Decode!(&bytes, Self)` stores
 * them: a whole message, with its type table, for each. Unbounded. Say the type of records and variants:
 * `candidValue<User>(IDL.Record({ ... }))`. Options are `[]` or `[value]`, integers
 * of 64 bits and more `bigint`, as `@icp-sdk/core` has them.
 * @throws TypeError from `toBytes` for values that are not of the type.
 */
export function candidValue<T>(type: IDL.Type<T> | IDL.Type): Storable<T> {
  const list = asStorable(candid<[T]>([type]));
  return {
    ...list,
    name: `Candid ${type.name}`,
    toBytes: (value) => list.toBytes([value]),
    fromBytes: (bytes) => list.fromBytes(bytes)[0],
  };
}

/**
 * Writes Candid arguments at offset 0 of raw stable memory; ic-cdk's `stable_save`.
 * @throws what {@link UpgradeSerializer.save} throws: unlike ic-cdk it refuses to overwrite a structure.
 */
export function stableSave(memory: Memory, types: IDL.Type[], values: unknown[]): void {
  new UpgradeSerializer(candid(types), { layout: "raw" }).save(memory, values);
}

/**
 * Reads the Candid arguments at offset 0 of raw stable memory; ic-cdk's `stable_restore`.
 * @throws what {@link UpgradeSerializer.restore} throws.
 */
export function stableRestore(memory: Memory, types: IDL.Type[]): unknown[] {
  return new UpgradeSerializer(candid(types), { layout: "raw" }).restore(memory);
}
