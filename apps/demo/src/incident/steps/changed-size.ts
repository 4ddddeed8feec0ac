import { type Memory, MemoryManager, UpgradeSerializer } from "stable-structures";
import { cbor } from "stable-structures/cbor";
import type { State } from "../state.js";

const layout = "length-prefixed";
const prefixed = new UpgradeSerializer(cbor<State>(), { layout });

/** What the new code asks for. This throws: the image says 128. */
export function openWithOne(memory: Memory): void {
  MemoryManager.init(memory, { bucketSizeInPages: 1 }).close();
}

/** What Rust does without a word: the size of the image stays. */
export function upgrade(memory: Memory): State {
  const manager = MemoryManager.load(memory);
  const state = prefixed.restore(manager.get(0));
  prefixed.save(manager.get(0), state);
  manager.close();
  return state;
}
