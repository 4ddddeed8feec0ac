// Moves a canister's state from raw stable memory into a memory manager, in two upgrades, and prints
// what each of them does to the size of stable memory.
import assert from "node:assert/strict";
import { classify, PAGE_SIZE } from "stable-structures";
import { Canister } from "./canister.js";
import { mixedHooks } from "./mixed-hooks.js";
import { newHooks } from "./new-hooks.js";
import { oldHooks } from "./old-hooks.js";
import type { State } from "./state.js";

const state: State = { owner: "alice", balances: {} };
for (let i = 0; i < 400; i++) state.balances[`user-${i}`] = i * 1000;

for (const bucketSizeInPages of [128, 1]) {
  const canister = new Canister(oldHooks, state);
  const upgrades = [
    ["v0 -> v0", oldHooks],
    ["v0 -> v1", mixedHooks(bucketSizeInPages)],
    ["v1 -> v2", newHooks(bucketSizeInPages)],
    ["v2 -> v2", newHooks(bucketSizeInPages)],
  ] as const;

  console.log(`bucket size in pages: ${bucketSizeInPages}`);
  for (const [name, hooks] of upgrades) {
    canister.upgrade(hooks);
    assert.deepEqual(canister.state, state);
    const kib = (canister.stable.size() * PAGE_SIZE) / 1024;
    console.log(`  ${name}: ${kib} KiB, starts with ${classify(canister.stable).kind}`);
  }
}
