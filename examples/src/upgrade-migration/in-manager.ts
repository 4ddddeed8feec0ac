import { classify, type Memory, MemoryManager, UpgradeSerializer } from "stable-structures";
import { format, type State } from "./state.js";

/** The memory that upgrades use; the canister's maps would have ids of their own. */
const UPGRADE_MEMORY = 0;

/** A u32 length, then CBOR. */
const payload = new UpgradeSerializer(format, { layout: "length-prefixed" });

/** True when `memory` starts with a manager: not with bytes that only spell its name. */
export function hasManager(memory: Memory): boolean {
  const { kind, offset } = classify(memory);
  return kind === "memory-manager" && offset === 0;
}

/** Writes `state` to memory 0 of the manager, which it makes the first time. */
export function saveInManager(memory: Memory, state: State, bucketSizeInPages: number): void {
  // The first time the raw payload of the last upgrade lies there. Its content is on the heap, so it
  // may be overwritten; but only here, where it is.
  const manager = hasManager(memory)
    ? MemoryManager.load(memory)
    : MemoryManager.create(memory, { bucketSizeInPages, overwrite: true });
  payload.save(manager.get(UPGRADE_MEMORY), state);
  manager.close();
}

/** Reads the state from memory 0. Never makes a manager: `load` throws where there is none. */
export function restoreFromManager(memory: Memory): State {
  const manager = MemoryManager.load(memory);
  const state = payload.restore(manager.get(UPGRADE_MEMORY));
  manager.close();
  return state;
}
