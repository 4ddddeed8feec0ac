import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { classify, MemoryManager, SparseMemory } from "stable-structures";
import { expect, it } from "vitest";
import { Canister } from "../src/heap-and-map/canister.js";

it("prints what it kept over two upgrades", () => {
  const program = fileURLToPath(new URL("../dist/heap-and-map.js", import.meta.url));
  const output = execFileSync(process.execPath, [program], { encoding: "utf8" });
  expect(output).toBe("owner bob, 2 upgrades\nbob: 20\n3 pages of stable memory\n");
});

it("keeps the heap's state in memory 0, where it is told apart, and the map in memory 1", () => {
  const memory = new SparseMemory();
  const canister = Canister.init(memory, "alice");
  canister.balances.insert("alice", 1n);
  canister.preUpgrade();
  const manager = MemoryManager.load(memory);
  expect(classify(manager.get(0))).toMatchObject({ kind: "length-prefixed" });
  expect(manager.memories().map(({ id }) => id)).toEqual([0, 1]);
});

it("writes no page more when it is upgraded again and again", () => {
  const memory = new SparseMemory();
  let canister = Canister.init(memory, "alice");
  for (let i = 0; i < 100; i++) {
    canister.preUpgrade();
    canister = Canister.postUpgrade(memory);
  }
  expect(canister.settings).toEqual({ owner: "alice", upgrades: 100 });
  expect(memory.size()).toBe(3);
});
