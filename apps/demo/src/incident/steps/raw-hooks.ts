import { BufferedStableWriter, type Memory, UpgradeSerializer } from "stable-structures";
import { cbor } from "stable-structures/cbor";
import type { State } from "../state.js";

const format = cbor<State>();
const raw = new UpgradeSerializer(format, { layout: "raw" });

/** The state from byte 0 on, and nothing else. */
export function preUpgrade(memory: Memory, state: State): void {
  const writer = new BufferedStableWriter(memory, 32 * 1024);
  writer.write(format.encode(state));
  writer.flush();
}

export function postUpgrade(memory: Memory): State {
  return raw.restore(memory);
}
