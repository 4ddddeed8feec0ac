import type { Hooks } from "./canister.js";
import { saveInManager } from "./in-manager.js";
import { restoreRaw } from "./raw.js";
import type { State } from "./state.js";

/**
 * Version 1, the first stage: its post_upgrade reads what version 0 wrote raw, its pre_upgrade writes
 * for version 2. Every canister must pass through it exactly once.
 */
export function mixedHooks(bucketSizeInPages: number): Hooks<State> {
  return {
    preUpgrade: (memory, state) => saveInManager(memory, state, bucketSizeInPages),
    postUpgrade: restoreRaw,
  };
}
