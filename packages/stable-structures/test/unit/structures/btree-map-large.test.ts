import { describe, expect, it } from "vitest";
import {
  blob,
  type Memory,
  type MemoryOptions,
  readImage,
  StableBTreeMap,
  u32,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { engines, filled, numbers, numbersTo } from "../../support/maps.js";

/** What `play` answers over each engine's memory, and the image it leaves. */
function onEach(play: (memory: Memory) => unknown, options?: MemoryOptions) {
  return engines.map(([, create]) => {
    const memory = create(options);
    return { answers: play(memory), image: Buffer.from(readImage(memory)) };
  });
}

function expectSame(played: ReturnType<typeof onEach>): void {
  const [first, ...others] = played;
  for (const other of others) {
    expect(other.answers).toEqual(first?.answers);
    expect(other.image.equals(first?.image as Buffer)).toBe(true);
  }
}

describe("nodes of thousands of overflow pages", () => {
  const bytes = (seed: number, size: number) => new Uint8Array(size).fill(seed);

  it.each([
    ["long keys", (i: number) => [bytes(i, 430_000 + i), bytes(i, 3)] as const],
    ["long values", (i: number) => [bytes(i, 1), bytes(i, 430_000 + i)] as const],
  ])("are split, merged and freed alike on both engines, with %s", (_, entry) => {
    const entries = numbersTo(14).map(entry);
    expectSame(
      onEach((memory) => {
        const map = StableBTreeMap.create(memory, { key: blob, value: blob });
        const answers: unknown[] = [map.insertMany(entries)];
        for (const _ of numbersTo(5)) answers.push(map.popFirst()?.[1].length);
        answers.push(map.insertMany(entries));
        for (const i of [9, 2]) answers.push(map.remove(entry(i)[0])?.length);
        answers.push(map.popFirst()?.[1].length, map.popLast()?.[1].length);
        answers.push([...map.values()].map((value) => value.length + (value[0] ?? 0)));
        answers.push(map.deleteRange({ gte: entry(4)[0], limit: 4 }), [...map.keys()].length);
        return [...answers, map.deleteRange({}), map.insertMany(entries.slice(0, 3))];
      }),
    );
  });

  it("leave no trace of what went through the memory above the image", () => {
    expectSame(
      onEach((memory) => {
        const map = StableBTreeMap.create(memory, { key: u32, value: blob });
        map.insert(1, bytes(255, 3_000_000));
        map.remove(1);
        memory.grow(100);
        return map.length;
      }),
    );
  });
});

describe("a full memory", () => {
  const entries = numbersTo(260).map(
    (i) => [(i * 7919) % 260, new Uint8Array(i * 23).fill(i)] as const,
  );
  const codecs = { key: u32, value: blob };
  const pages = 50;

  const attempt = (
    memory: Memory,
    action: (map: StableBTreeMap<number, Uint8Array>) => unknown,
  ) => {
    const map = StableBTreeMap.create(memory, codecs);
    const result: unknown[] = [];
    const code = codeOf(() => result.push(action(map)));
    const listed = [...map].map(([key, value]) => [key, value.length]);
    expect(map.length).toBe(listed.length);
    map.close();
    const again = StableBTreeMap.load(memory, codecs);
    expect([...again].map(([key, value]) => [key, value.length])).toEqual(listed);
    return { code, result, listed };
  };

  it("refuses an insertion at the same entry on both engines, and keeps all before it", () => {
    let refusals = 0;
    for (let maximumPages = 1; maximumPages < pages; maximumPages += 7) {
      const played = onEach(
        (memory) =>
          attempt(memory, (map) => {
            let inserted = 0;
            for (const [key, value] of entries) {
              const before = [...map.keys()].length;
              const code = codeOf(() => map.insert(key, value));
              if (code === "none") inserted++;
              else {
                expect(code).toBe("STABLE_GROW_FAILED");
                expect([...map.keys()].length).toBe(before);
                refusals++;
              }
            }
            return inserted;
          }),
        { maximumPages },
      );
      expectSame(played);
    }
    expect(refusals).toBeGreaterThan(100);
  });

  it("ends insertMany where it ends insertions one by one", () => {
    for (let maximumPages = 1; maximumPages < pages; maximumPages += 7) {
      const many = onEach((memory) => attempt(memory, (map) => map.insertMany(entries)), {
        maximumPages,
      });
      const single = onEach(
        (memory) =>
          attempt(memory, (map) => {
            for (const [key, value] of entries) map.insert(key, value);
            return map.length;
          }),
        { maximumPages },
      );
      expectSame([...single, ...many]);
    }
  });

  it("leaves a bulk load empty, or whole", () => {
    const sorted = [...entries].sort(([a], [b]) => a - b);
    const codes = new Set<unknown>();
    for (let maximumPages = 1; maximumPages < pages; maximumPages++) {
      const played = onEach((memory) => attempt(memory, (map) => map.bulkLoad(sorted)), {
        maximumPages,
      });
      const [{ code, listed }] = played.map(({ answers }) => answers) as [
        ReturnType<typeof attempt>,
      ];
      expect(listed.length).toBe(code === "none" ? entries.length : 0);
      codes.add(code);
      expect(played.map(({ answers }) => answers)).toEqual([
        played[0]?.answers,
        played[0]?.answers,
      ]);
    }
    expect(codes).toEqual(new Set(["STABLE_GROW_FAILED", "none"]));
  });

  it("lets deletions go on as far as they can, on both engines alike", () => {
    for (let maximumPages = 6; maximumPages < pages; maximumPages += 4) {
      const played = onEach(
        (memory) =>
          attempt(memory, (map) => {
            codeOf(() => map.insertMany(entries));
            const removed: unknown[] = [map.length];
            for (const gte of [100, 30, 200, 0, 0])
              codeOf(() => removed.push(map.deleteRange({ gte, limit: 40 })));
            return removed;
          }),
        { maximumPages },
      );
      expectSame(played);
    }
  });
});

describe.each(engines)("a part of a damaged map, on the engine in %s", (_, create) => {
  it("can be deleted when the damage lies behind the limit", () => {
    const memory = create();
    filled(memory, 5000).close();
    const last = new DataView(readImage(memory).buffer);
    let address = last.getUint32(12, true);
    while (last.getUint8(address + 4) === 1)
      address = last.getUint32(address + 15 + 8 * last.getUint16(address + 5, true), true);
    memory.write(address, Uint8Array.of(0));
    const map = StableBTreeMap.load(memory, numbers);
    expect(map.deleteRange({ limit: 5 })).toBe(5);
    expect([...map.keysRange({ lt: 8 })]).toEqual([5, 6, 7]);
    expect(() => [...map.keys()]).toThrow(new RegExp(`address ${address}`));
    expect(codeOf(() => map.popLast())).toBe("STABLE_CORRUPTED");
  });
});

describe("a memory that others write to under a map", () => {
  it("ends the map in WebAssembly when the damage shows between two writes", () => {
    const [, [, create]] = engines as [unknown, (typeof engines)[number]];
    const memory = create();
    const map = filled(memory, 300);
    for (let i = 0; i < 200; i++) map.remove(i);
    map.insert(0, 0); // now the engine knows what is free
    const head = new DataView(readImage(memory).buffer).getUint32(76, true);
    memory.write(head, Uint8Array.of(0));
    const iterator = map.keys();
    let code: string = "none";
    for (let i = 1; code === "none" && i < 200; i++) code = codeOf(() => map.insert(i, i));
    expect(code).toBe("STABLE_BROKEN");
    for (const action of [
      () => map.length,
      () => map.get(1),
      () => map.insert(1, 1),
      () => map.insertMany([[1, 1]]),
      () => map.getMany([1]),
      () => map.deleteRange({}),
      () => map.clear(),
      () => iterator.next(),
    ])
      expect(codeOf(action)).toBe("STABLE_BROKEN");
    map.close();
    expect(codeOf(() => map.length)).toBe("STABLE_STALE_HANDLE");
  });
});
