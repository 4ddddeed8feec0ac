import type { Phase, Session } from "@stable-structures/benchmarks-compare/engines";
import { expect, it } from "vitest";
import { clockTick } from "../../src/benchmark/clock.js";
import { steady } from "../../src/benchmark/steady.js";

/** A session that counts its passes; each takes at least a millisecond. */
function counting(checksumOf: (pass: number) => number) {
  let passes = 0;
  const session: Session = {
    reset: () => {},
    run: () => {
      const start = performance.now();
      while (performance.now() - start < 1);
      return { operations: 10, checksum: checksumOf(++passes) };
    },
  };
  return { session, passes: () => passes };
}

// Long enough that a busy machine does not stretch one pass to it.
const LEAST = 200;

it.each<Phase>(["get", "iterate"])(
  "repeats %s until the clock can tell, and gives one pass",
  async (phase) => {
    const { session, passes } = counting(() => 7);
    const work = await steady(session, LEAST).run(phase);
    expect(work).toMatchObject({ operations: 10, checksum: 7 });
    expect(passes()).toBeGreaterThan(1);
    expect((work?.nanoseconds ?? 0) * passes()).toBeGreaterThanOrEqual(LEAST * 1e6);
  },
);

it.each<Phase>(["insert", "insert-many", "remove"])(
  "runs %s once: it changes the map",
  async (phase) => {
    const { session, passes } = counting(() => 7);
    expect(await steady(session, LEAST).run(phase)).toEqual({ operations: 10, checksum: 7 });
    expect(passes()).toBe(1);
  },
);

it("says so when a repetition finds something else", async () => {
  const { session } = counting((pass) => pass);
  await expect(steady(session, LEAST).run("get")).rejects.toThrow("get found something else again");
});

it("sees the clock move", () => {
  expect(clockTick()).toBeGreaterThan(0);
});
