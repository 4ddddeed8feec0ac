import { BufferedStableWriter, type Memory, UpgradeSerializer } from "stable-structures";
import { format, type State } from "./state.js";

const BUFFER_SIZE = 2 ** 21;

const payload = new UpgradeSerializer(format, { layout: "raw" });

/** Writes `state` from offset 0 on, as a canister does that has nothing else in stable memory. */
export function saveRaw(memory: Memory, state: State): void {
  const writer = new BufferedStableWriter(memory, BUFFER_SIZE);
  writer.write(format.encode(state));
  writer.flush();
}

/** Reads the state at offset 0. Refuses a memory manager instead of decoding its header. */
export function restoreRaw(memory: Memory): State {
  return payload.restore(memory);
}
