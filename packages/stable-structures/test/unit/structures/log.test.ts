import { describe, expect, it } from "vitest";
import { readImage, StableLog, StableVec, text, u8, VectorMemory } from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { FailingMemory } from "../../support/structures.js";

const memories = () => [new VectorMemory(), new VectorMemory()] as const;
const filled = (index = new VectorMemory(), data = new VectorMemory()) => {
  const log = StableLog.create(index, data, { value: text });
  for (const entry of ["ab", "", "cdef"]) log.append(entry);
  return log;
};

describe("StableLog", () => {
  it("appends, gets, and knows its sizes", () => {
    const log = filled();
    expect(log.append("g")).toBe(3);
    expect([log.get(0), log.get(1), log.get(3), log.get(4)]).toEqual(["ab", "", "g", undefined]);
    expect([log.first(), log.last(), log.length]).toEqual(["ab", "g", 4]);
    expect([log.logSizeBytes(), log.indexSizeBytes(), log.dataSizeBytes()]).toEqual([7, 72, 39]);
    expect(log.readEntry(2)).toEqual(new TextEncoder().encode("cdef"));
    expect(() => log.get(-1)).toThrow(RangeError);
  });

  it("is empty when it is new, and when it was cleared", () => {
    const log = filled();
    log.clear();
    expect([log.isEmpty(), log.first(), log.last(), [...log]]).toEqual([
      true,
      undefined,
      undefined,
      [],
    ]);
    expect([log.logSizeBytes(), log.append("x"), log.get(0)]).toEqual([0, 0, "x"]);
  });

  it("gives entries in both directions, and those of a range", () => {
    expect([...filled().values({ reverse: true })]).toEqual(["cdef", "", "ab"]);
    expect([...filled().values({ start: 2 })]).toEqual(["cdef"]);
  });

  it("can be appended to while it is iterated, without end or not", () => {
    const log = filled();
    for (const entry of log) log.append(entry);
    expect([...log]).toEqual(["ab", "", "cdef", "ab", "", "cdef"]);
  });

  it("needs two memories, and holds both", () => {
    const [index, data] = memories();
    expect(codeOf(() => StableLog.create(index, index, { value: text }))).toBe(
      "STABLE_MEMORY_IN_USE",
    );
    const log = filled(index, data);
    for (const memory of [index, data]) {
      expect(() => StableVec.create(memory, { value: u8 })).toThrow(/in use by a StableLog/);
    }
    log.close();
    expect(StableLog.load(index, data, { value: text }).length).toBe(3);
  });

  it("gives both memories back when it cannot be opened", () => {
    const [index, data] = memories();
    filled(index, data).close();
    expect(() => StableLog.load(data, index, { value: text })).toThrow(
      /index of a StableLog here: the memory holds the entries of a Log/,
    );
    expect(() => StableLog.init(index, new VectorMemory(), { value: text })).toThrow(
      /entries of a StableLog here: the memory holds nothing/,
    );
    expect(StableLog.init(index, data, { value: text }).length).toBe(3);
  });

  it("changes no byte when either memory refuses to grow", () => {
    for (const [indexPages, dataPages] of [
      [1, 9],
      [9, 1],
    ]) {
      const index = new VectorMemory({ maximumPages: indexPages as number });
      const data = new VectorMemory({ maximumPages: dataPages as number });
      const log = StableLog.create(index, data, { value: text });
      const append = () => log.append("seven b");
      while (codeOf(append) === "none");
      const { length } = log;
      expect(length).toBe(indexPages === 1 ? (65_536 - 40) / 8 : Math.floor((65_536 - 32) / 7));
      const before = [readImage(index), readImage(data)] as const;
      expect(codeOf(append)).toBe("STABLE_GROW_FAILED");
      expect(readImage(index)).toEqual(before[0]);
      expect(readImage(data)).toEqual(before[1]);
      expect([log.length, log.last()]).toEqual([length, "seven b"]);
      log.close();
      const larger = [VectorMemory.from(before[0]), VectorMemory.from(before[1])] as const;
      expect(StableLog.load(...larger, { value: text }).append("seven b")).toBe(length);
    }
  });

  it("is broken when either memory fails, and keeps the entries before", () => {
    for (const failing of [0, 1]) {
      const both = [new FailingMemory(), new FailingMemory()] as const;
      const log = filled(...both);
      (both[failing] as FailingMemory).writesLeft = 0;
      expect(codeOf(() => log.append("x"))).toBe("STABLE_BROKEN");
      (both[failing] as FailingMemory).writesLeft = Number.POSITIVE_INFINITY;
      expect(codeOf(() => log.length)).toBe("STABLE_BROKEN");
      log.close();
      expect([...StableLog.load(...both, { value: text })]).toEqual(["ab", "", "cdef"]);
    }
  });
});

describe("a damaged log", () => {
  const load = (change: (index: VectorMemory, data: VectorMemory) => void) => {
    const [index, data] = memories();
    filled(index, data).close();
    change(index, data);
    return StableLog.load(index, data, { value: text });
  };
  const cases: [string, 0 | 1, number, number[], string][] = [
    ["an unknown version of the index", 0, 3, [2], "STABLE_UNSUPPORTED_VERSION"],
    ["an unknown version of the entries", 1, 3, [0], "STABLE_UNSUPPORTED_VERSION"],
    ["more entries than fit", 0, 33, [0xff], "STABLE_CORRUPTED"],
    ["more entries than 2^53", 0, 39, [0xff], "STABLE_CORRUPTED"],
    ["a last end behind the memory", 0, 58, [1], "STABLE_CORRUPTED"],
    ["a last end above 2^53", 0, 63, [0xff], "STABLE_CORRUPTED"],
  ];
  it.each(cases)("with %s is refused", (_, which, at, bytes, code) => {
    const open = () =>
      load((...both) => (both[which] as VectorMemory).write(at, Uint8Array.from(bytes)));
    expect(codeOf(open)).toBe(code);
  });

  it("refuses the entry whose ends contradict each other, naming the address, and reads the others", () => {
    const log = load((index) => index.write(40, Uint8Array.of(200)));
    expect(() => log.get(0)).toThrow("address 40");
    expect(() => log.get(1)).toThrow("address 48");
    expect([log.get(2), log.length]).toEqual(["cdef", 3]);
  });
});
