import { expect, test } from "vitest";
import { type Case, RANGE } from "../src/case.js";
import { workloadOf } from "../src/streams.js";

for (const keys of ["u64", "principal", "text"] as const) {
  test(`keys of ${keys} are distinct, asked for in another order, and absent ones are absent`, () => {
    const chosen: Case = { keys, values: "u64", entries: 3000, bucketSizeInPages: 1, maps: 1 };
    const { keys: inserted, queries, absent, starts, ends } = workloadOf(chosen);
    const present = new Set(Array.from(inserted, String));
    expect(present.size).toBe(3000);
    expect(new Set(Array.from(queries, String))).toEqual(present);
    expect(Array.from(queries, String)).not.toEqual(Array.from(inserted, String));
    expect(Array.from(absent, String).filter((key) => present.has(key))).toEqual([]);
    expect(starts.length).toBe(3000 / RANGE);
    expect(ends.length).toBe(starts.length);
  });
}
