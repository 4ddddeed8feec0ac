import type { Hooks } from "./canister.js";
import { hasManager, restoreFromManager, saveInManager } from "./in-manager.js";
import { restoreRaw } from "./raw.js";
import type { State } from "./state.js";

/**
 * The safe form, which replaces both stages: post_upgrade looks before it reads, so a canister may
 * come from version 0, 1 or 2, and pass through this one as often as it likes.
 */
export function anyHooks(bucketSizeInPages: number): Hooks<State> {
  return {
    preUpgrade: (memory, state) => saveInManager(memory, state, bucketSizeInPages),
    postUpgrade: (memory) => (hasManager(memory) ? restoreFromManager(memory) : restoreRaw(memory)),
  };
}
