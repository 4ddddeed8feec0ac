import { describe, expect, it } from "vitest";
import {
  readImage,
  StableCell,
  StableLog,
  StableMinHeap,
  StableVec,
  type ValueTooLargeError,
  VectorMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { allMemories } from "../../support/memories.js";
import { FailingMemory, foreignMemory, kinds, MAX_SIZE } from "../../support/structures.js";

const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const sizes = (values: Uint8Array[]) => values.map(({ length }) => length);

describe.each(kinds)("every structure: $name", ({ name, create, load, init }) => {
  it.each(allMemories)("keeps its contents over a close, on a %s", (_, memoryOf) => {
    const memory = memoryOf();
    const opened = init(memory);
    for (const size of [3, 0, 20_000, 300, 39_999, 1, MAX_SIZE]) opened.add(size);
    const before = opened.list();
    opened.close();
    const again = load(memory);
    const same = (values: Uint8Array[]) => isSame(Buffer.concat(values), Buffer.concat(before));
    expect([sizes(again.list()), same(again.list())]).toEqual([sizes(before), true]);
    again.close();
    expect(same(init(memory).list())).toBe(true);
  });

  it("refuses a memory that holds another structure, and names it", () => {
    const memory = foreignMemory();
    const before = readImage(memory);
    for (const open of [create, load, init]) expect(() => open(memory)).toThrow(/a MemoryManager/);
    expect(isSame(readImage(memory), before)).toBe(true);
  });

  it("refuses the memory of each other kind", () => {
    for (const other of kinds.filter((kind) => kind.name !== name)) {
      const memory = new VectorMemory();
      other.create(memory).close();
      for (const open of [create, load, init])
        expect(codeOf(() => open(memory))).toBe("STABLE_FOREIGN_BYTES");
    }
  });

  it("does not create with load, nor over itself with create", () => {
    const memory = new VectorMemory();
    expect(codeOf(() => load(memory))).toBe("STABLE_FOREIGN_BYTES");
    const opened = create(memory);
    opened.add(5);
    const before = opened.list();
    opened.close();
    expect(codeOf(() => create(memory))).toBe("STABLE_FOREIGN_BYTES");
    expect(load(memory).list()).toEqual(before);
  });

  it("overwrites when told to, keeping other bytes, and with zero keeps none", () => {
    const memory = foreignMemory();
    expect(readImage(memory)[3000]).toBe(0xff);
    create(memory, { overwrite: true }).close();
    expect(readImage(memory)[3000]).toBe(0xff);
    create(memory, { overwrite: true, zero: true }).close();
    const fresh = new VectorMemory();
    create(fresh);
    expect(isSame(readImage(memory), readImage(fresh))).toBe(true);
  });

  it("is alone on its memory until it is closed, and is of no use then", () => {
    const memory = new VectorMemory();
    const opened = create(memory);
    opened.add(1);
    for (const kind of kinds)
      expect(codeOf(() => kind.create(memory, { overwrite: true }))).toBe("STABLE_MEMORY_IN_USE");
    opened.close();
    opened.close();
    const uses = [() => opened.add(1), () => opened.list(), ...opened.others];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_STALE_HANDLE");
    expect(sizes(load(memory).list()).at(-1)).toBe(1);
  });

  it("refuses a value that is too large or of another type, and changes no byte", () => {
    const memory = new VectorMemory();
    const opened = create(memory);
    opened.add(9);
    const before = readImage(memory);
    let error: unknown;
    try {
      opened.add(MAX_SIZE + 1);
    } catch (thrown) {
      error = thrown;
    }
    expect((error as ValueTooLargeError).code).toBe("STABLE_VALUE_TOO_LARGE");
    expect(isSame(readImage(memory), before)).toBe(true);
    expect(sizes(opened.list())).toEqual([9]);
  });

  it("is broken after a write that failed, until it is opened again", () => {
    // The second write of an operation: the first one is in the memory then.
    const memory = new FailingMemory();
    const opened = create(memory);
    opened.add(10);
    const before = opened.list();
    memory.writesLeft = 1;
    expect(codeOf(() => opened.add(20))).toBe("STABLE_BROKEN");
    memory.writesLeft = Infinity;
    const uses = [() => opened.add(1), () => opened.list(), ...opened.others];
    for (const use of uses) expect(codeOf(use)).toBe("STABLE_BROKEN");
    opened.close();
    const again = load(memory);
    if (name !== "StableCell") expect(again.list()).toEqual(before);
    again.add(30);
    expect(sizes(again.list())).toContain(30);
  });
});

// A cell and a log have their own tests of this: one always fits a page, the other has two memories.
describe.each(kinds.filter(({ name }) => /Vec|Heap/.test(name)))(
  "a full memory: $name",
  ({ create, load }) => {
    it("refuses, changes nothing, and goes on where there is room", () => {
      const memory = new VectorMemory({ maximumPages: 2 });
      const opened = create(memory);
      const add = () => opened.add(MAX_SIZE);
      while (codeOf(add) === "none");
      const before = { image: readImage(memory), sizes: sizes(opened.list()) };
      expect(codeOf(add)).toBe("STABLE_GROW_FAILED");
      expect(isSame(readImage(memory), before.image)).toBe(true);
      expect(sizes(opened.list())).toEqual(before.sizes);
      opened.close();
      const larger = load(VectorMemory.from(before.image));
      larger.add(MAX_SIZE);
      expect(sizes(larger.list())).toEqual([...before.sizes, MAX_SIZE]);
    });
  },
);

it("every structure refuses what is no codec, and creates nothing", () => {
  const memory = new VectorMemory();
  const wrong = { value: 5, initial: 5 } as never;
  for (const open of ["create", "load", "init"] as const) {
    for (const use of [
      () => StableVec[open](memory, wrong),
      () => StableMinHeap[open](memory, wrong),
      () => StableCell[open](memory, wrong),
      () => StableLog[open](memory, new VectorMemory(), wrong),
      () => StableVec[open](memory, undefined as never),
    ])
      expect(use).toThrow(/options.value must be a codec/);
  }
  expect(memory.size()).toBe(0);
});
