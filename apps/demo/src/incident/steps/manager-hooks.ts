import { classify, type Memory, MemoryManager, UpgradeSerializer } from "stable-structures";
import { cbor } from "stable-structures/cbor";
import type { State } from "../state.js";

const layout = "length-prefixed"; // u32, then CBOR
const prefixed = new UpgradeSerializer(cbor<State>(), { layout });

/** Opens the manager; makes one over whatever else is there. */
function openManager(memory: Memory): MemoryManager {
  const isThere = classify(memory).kind === "memory-manager";
  if (isThere) return MemoryManager.load(memory);
  const bucketSizeInPages = 128; // the Rust crate's default
  const options = { bucketSizeInPages, overwrite: true };
  return MemoryManager.create(memory, options);
}

export function preUpgrade(memory: Memory, state: State): void {
  const manager = openManager(memory);
  prefixed.save(manager.get(0), state);
  manager.close();
}

export function postUpgrade(memory: Memory): State {
  const manager = openManager(memory);
  const state = prefixed.restore(manager.get(0));
  manager.close();
  return state;
}
