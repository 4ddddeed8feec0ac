import { IDL } from "@icp-sdk/core/candid";
import type { Memory } from "./memory/memory.js";
import { decodeWith } from "./storable/storable.js";
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
    decode: (bytes) => decodeWith("Candid", () => decodeArguments(types, bytes) as T),
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

/**
 * `IDL.decode` refuses bytes behind the arguments, but only after it decoded all of them: so each
 * type keeps what it decodes, and that one refusal is passed over.
 */
function decodeArguments(types: IDL.Type[], bytes: Uint8Array): unknown[] {
  const values: unknown[] = [];
  const keepers = types.map((type) => ({
    decodeValue(...args: Parameters<IDL.Type["decodeValue"]>) {
      const value = type.decodeValue(...args);
      values.push(value);
      return value;
    },
  }));
  try {
    return IDL.decode(keepers as unknown as IDL.Type[], bytes);
  } catch (error) {
    if (values.length === types.length && /Left-over bytes/.test((error as Error).message))
      return values;
    throw error;
  }
}
