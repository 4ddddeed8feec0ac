import type { Hooks } from "./canister.js";
import { restoreRaw, saveRaw } from "./raw.js";
import type { State } from "./state.js";

/** Version 0: stable memory is one raw payload. */
export const oldHooks: Hooks<State> = { preUpgrade: saveRaw, postUpgrade: restoreRaw };
