import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  classify,
  type Memory,
  MemoryManager,
  readImage,
  StableStructuresError,
} from "stable-structures";
import { describe, expect, it } from "vitest";
import { anyHooks } from "../src/upgrade-migration/any-hooks.js";
import { Canister, type Hooks } from "../src/upgrade-migration/canister.js";
import { mixedHooks } from "../src/upgrade-migration/mixed-hooks.js";
import { newHooks } from "../src/upgrade-migration/new-hooks.js";
import { oldHooks } from "../src/upgrade-migration/old-hooks.js";
import { restoreRaw } from "../src/upgrade-migration/raw.js";
import type { State } from "../src/upgrade-migration/state.js";

const v0 = oldHooks;
const v1 = mixedHooks(1);
const v2 = newHooks(1);

/** A state of a little more than `bytes` bytes. */
function stateOf(bytes: number): State {
  const balances: State["balances"] = {};
  for (let i = 0; i * 20 < bytes; i++) balances[`account-${100_000 + i}`] = 100_000 + i;
  return { owner: "alice", balances };
}

/** A canister with `state` that was upgraded to each of `versions`. */
function canisterAfter(versions: readonly Hooks<State>[], state = stateOf(1000)): Canister<State> {
  const canister = new Canister(v0, structuredClone(state));
  for (const version of versions) canister.upgrade(version);
  return canister;
}

/** The code of the error that `action` throws; "none" when it throws none. */
function codeOf(action: () => void): string {
  try {
    action();
    return "none";
  } catch (error) {
    if (error instanceof StableStructuresError) return error.code;
    throw error;
  }
}

/** Tries an upgrade that must be refused and must change nothing; the error's code. */
function refusal(canister: Canister<State>, next: Hooks<State>): string {
  const stable = readImage(canister.stable);
  const state = structuredClone(canister.state);
  const code = codeOf(() => canister.upgrade(next));
  expect(code).not.toBe("none");
  expect(Buffer.compare(readImage(canister.stable), stable)).toBe(0);
  expect(canister.state).toEqual(state);
  return code;
}

describe("the program", () => {
  it("prints what the documentation says", () => {
    const program = fileURLToPath(new URL("../dist/upgrade-migration.js", import.meta.url));
    const page = readFileSync(new URL("../../docs/upgrades.md", import.meta.url), "utf8");
    const output = execFileSync(process.execPath, [program], { encoding: "utf8" });
    expect(output).toMatch(/^bucket size in pages: 128\n/);
    expect(page).toContain(`\`\`\`text\n${output}\`\`\`\n`);
  });
});

describe("v0, v1, v2", () => {
  it.each([0, 1000, 70_000, 300_000])("keeps a state of %i bytes", (bytes) => {
    const state = stateOf(bytes);
    expect(canisterAfter([v0, v1, v2, v2], state).state).toEqual(state);
  });

  it("keeps what the canister does between the upgrades, be it more or less", () => {
    for (const sizes of [
      [1000, 200_000, 400_000],
      [400_000, 200_000, 1000],
      [1000, 400_000, 70_000],
    ]) {
      const canister = canisterAfter([v0]);
      for (const [i, bytes] of sizes.entries()) {
        canister.state.balances = stateOf(bytes).balances;
        canister.upgrade([v1, v2, v2][i] as Hooks<State>);
        expect(canister.state).toEqual(stateOf(bytes));
      }
    }
  });

  it.each([
    [128, 129],
    [16, 17],
    [1, 2],
  ])("takes a small state from 1 page to, with buckets of %i, %i pages", (bucketSize, pages) => {
    const canister = canisterAfter([v0]);
    expect(canister.stable.size()).toBe(1);
    canister.upgrade(mixedHooks(bucketSize));
    expect(canister.stable.size()).toBe(1);
    canister.upgrade(newHooks(bucketSize));
    expect(canister.stable.size()).toBe(pages);
  });

  it("cannot take a bucket size back: a later module with another one changes nothing", () => {
    const canister = canisterAfter([mixedHooks(128), newHooks(128), newHooks(1), newHooks(1)]);
    expect(canister.stable.size()).toBe(129);
    expect(MemoryManager.load(canister.stable).bucketSizeInPages).toBe(128);
  });
});

describe("an upgrade out of order is refused, rolls back, and can still be made in order", () => {
  it("v0 to v2: the canister skipped v1", () => {
    const canister = canisterAfter([v0]);
    expect(refusal(canister, v2)).toBe("STABLE_FOREIGN_BYTES");
    expect(refusal(canister, v2)).toBe("STABLE_FOREIGN_BYTES"); // stuck, as often as one tries
    canister.upgrade(v1);
    canister.upgrade(v2);
    expect(canister.state).toEqual(stateOf(1000));
  });

  it("v1 to v1: the canister repeated it", () => {
    const canister = canisterAfter([v1]);
    expect(refusal(canister, v1)).toBe("STABLE_FOREIGN_BYTES");
    canister.upgrade(v2);
    expect(canister.state).toEqual(stateOf(1000));
  });

  it("v2 to v1 and v2 to v0: back to an older release", () => {
    const canister = canisterAfter([v1, v2]);
    expect(refusal(canister, v1)).toBe("STABLE_FOREIGN_BYTES");
    expect(refusal(canister, v0)).toBe("STABLE_FOREIGN_BYTES");
  });

  it("in any order: the newest state or a refusal that changes nothing, and never one of looking hooks", () => {
    const looking = anyHooks(1);
    const versions = [v0, v1, v2, looking];
    for (let order = 0; order < 4 ** 5; order++) {
      const canister = canisterAfter([]);
      for (let step = 0; step < 5; step++) {
        canister.state.owner = `step ${step}`;
        const state = structuredClone(canister.state);
        const stable = readImage(canister.stable);
        const next = versions[Math.floor(order / 4 ** step) % 4] as Hooks<State>;
        const code = codeOf(() => canister.upgrade(next));
        expect(canister.state).toEqual(state);
        if (code === "none") continue;
        expect(code).toBe("STABLE_FOREIGN_BYTES");
        expect(next).not.toBe(looking);
        expect(Buffer.compare(readImage(canister.stable), stable)).toBe(0);
      }
    }
    // 1,024 orders of five upgrades: 12 s alone on a core, more where many share it.
  }, 240_000);
});

describe("a post_upgrade that looks first", () => {
  it.each([
    ["v0", []],
    ["v1", [v1]],
    ["v2", [v1, v2]],
    ["itself", [anyHooks(1), anyHooks(1)]],
  ])("comes from %s", (_, versions) => {
    const canister = canisterAfter(versions);
    canister.upgrade(anyHooks(1));
    canister.upgrade(anyHooks(1));
    expect(canister.state).toEqual(stateOf(1000));
    expect(classify(canister.stable).kind).toBe("memory-manager");
  });
});

describe("what loses data", () => {
  /** A module that opens its manager, as Rust does, before it reads the raw payload. */
  const hasty = (open: (memory: Memory) => MemoryManager, restore = restoreRaw): Hooks<State> => ({
    ...v1,
    postUpgrade(memory) {
      open(memory).close();
      return restore(memory);
    },
  });
  const init = (memory: Memory) => MemoryManager.init(memory, { bucketSizeInPages: 1 });
  const asRustDoes = (memory: Memory) =>
    MemoryManager.create(memory, { bucketSizeInPages: 1, overwrite: true });

  it("a manager made before the raw payload is read: refused here", () => {
    expect(refusal(canisterAfter([v0]), hasty(init))).toBe("STABLE_FOREIGN_BYTES");
  });

  it("a manager made as Rust makes it destroys the payload, and the failing read saves it", () => {
    const canister = canisterAfter([v0]);
    expect(refusal(canister, hasty(asRustDoes))).toBe("STABLE_FOREIGN_BYTES");
    canister.upgrade(v1);
    expect(canister.state).toEqual(stateOf(1000));
  });

  it("the same with a hook that starts afresh when it cannot read: gone", () => {
    const canister = canisterAfter([v0]);
    const afresh = (memory: Memory): State => {
      try {
        return restoreRaw(memory);
      } catch {
        return { owner: "", balances: {} };
      }
    };
    canister.upgrade(hasty(asRustDoes, afresh));
    expect(canister.state.balances).toEqual({});
    expect(() => restoreRaw(canister.stable)).toThrow();
  });

  it("an upgrade without pre_upgrade: back to the state that was saved last", () => {
    for (const versions of [[v0], [v1, v2], [anyHooks(1), anyHooks(1)]]) {
      const canister = canisterAfter(versions);
      canister.state.owner = "bob";
      canister.upgrade(anyHooks(1), { skipPreUpgrade: true });
      expect(canister.state.owner).toBe("alice");
    }
  });
});
