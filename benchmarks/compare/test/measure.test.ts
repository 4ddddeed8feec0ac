import { expect, test } from "vitest";
import type { Case } from "../src/case.js";
import { checkWork, measurePart } from "../src/measure.js";
import type { Part } from "../src/plan.js";
import { SubjectProcess } from "../src/subject-process.js";

const CASE: Case = { keys: "u64", values: "u64", entries: 2000, bucketSizeInPages: 1, maps: 1 };
const PHASES = ["insert", "get", "get-absent", "iterate", "range", "get-many", "remove"] as const;

async function measured(chosen: Case, names: readonly string[]) {
  const part: Part = { name: "part", case: chosen, sequences: [PHASES], subjects: names };
  const subjects = names.map((name) => SubjectProcess.node(name));
  try {
    return await measurePart(part, subjects, () => {}, { warmUps: 1, timed: 3 });
  } finally {
    for (const subject of subjects) await subject.close();
  }
}

const TYPES = [
  ["u64", "u64"],
  ["principal", "blob128"],
  ["text", "blob500"],
] as const;

for (const [keys, values] of TYPES) {
  test(`measures every phase of ${keys} to ${values} in both engines, which leave one image`, async () => {
    // It throws when sums or images differ.
    const { rows, facts } = await measured({ ...CASE, keys, values }, ["wasm", "js"]);
    expect(rows.map(({ phase }) => phase)).toEqual(PHASES);
    for (const { subjects } of rows) {
      expect(Object.keys(subjects)).toEqual(["wasm", "js"]);
      for (const { nsPerOp, min, max, runs } of Object.values(subjects)) {
        expect(runs).toBe(3);
        expect(min).toBeGreaterThan(0);
        expect(min).toBeLessThanOrEqual(nsPerOp);
        expect(nsPerOp).toBeLessThanOrEqual(max);
      }
    }
    expect(facts.bytesPerEntry.wasm).toBe(facts.bytesPerEntry.js);
  });
}

test("two maps in turn leave one image in both engines", async () => {
  const { rows } = await measured({ ...CASE, maps: 2 }, ["wasm-number", "js"]);
  expect(rows).toHaveLength(PHASES.length);
});

test("refuses figures of subjects that found different things", () => {
  const done = { nsPerOp: 1, operations: 10, checksum: "1" };
  const other = { ...done, checksum: "2" };
  expect(() => checkWork("get", new Map(Object.entries({ a: done, b: done })))).not.toThrow();
  expect(() => checkWork("get", new Map(Object.entries({ a: done, b: other })))).toThrow(
    "get: b found 2 and a 1: not the same work",
  );
});

test("counts the same numbers each time", async () => {
  const count = async () => {
    const subject = SubjectProcess.node("wasm", true);
    await subject.prepare(CASE);
    await subject.reset();
    const counts = [await subject.count("insert"), await subject.count("get")];
    await subject.close();
    return counts;
  };
  const [first, second] = [await count(), await count()];
  expect(first).toEqual(second);
  expect(first[1]?.crossings).toBe(1);
});

test("says why a subject cannot be measured", async () => {
  const subject = SubjectProcess.node("nobody");
  await expect(subject.prepare(CASE)).rejects.toThrow("nobody: there is no subject nobody");
  await subject.close();
});
