import { type Memory, MemoryManager, StableWriter, UpgradeSerializer } from "stable-structures";
import { cbor } from "stable-structures/cbor";
import type { State } from "../state.js";

const layout = "length-prefixed";
const prefixed = new UpgradeSerializer(cbor<State>(), { layout });
const options = { bucketSizeInPages: 1 };

export function preUpgrade(memory: Memory, state: State): void {
  const manager = MemoryManager.init(memory, options);
  prefixed.save(manager.get(0), state);
  manager.close();
}

export function postUpgrade(memory: Memory): State {
  const manager = MemoryManager.init(memory, options);
  const state = prefixed.restore(manager.get(0));
  manager.close();
  return state;
}

/** The price: takes every bucket that is left, and one more. */
export function growBeyondCap(memory: Memory): void {
  const manager = MemoryManager.init(memory, options);
  const writer = new StableWriter(manager.get(1));
  writer.grow(32_768 - manager.allocatedBuckets);
  writer.grow(1); // throws
}
