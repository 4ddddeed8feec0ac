import type { Hooks } from "./canister.js";
import { restoreFromManager, saveInManager } from "./in-manager.js";
import type { State } from "./state.js";

/** Version 2, the second stage: both hooks use memory 0 of the manager. */
export function newHooks(bucketSizeInPages: number): Hooks<State> {
  return {
    preUpgrade: (memory, state) => saveInManager(memory, state, bucketSizeInPages),
    postUpgrade: restoreFromManager,
  };
}
