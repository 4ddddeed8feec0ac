import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MemoryManager, PAGE_SIZE, StableBTreeMap, text, u64 } from "../../../src/index.js";
import { FileMemory } from "../../../src/node.js";
import { codeOf } from "../../support/errors.js";
import { temporaryPath } from "../../support/memories.js";

describe("FileMemory", () => {
  it("keeps what was written after it is closed", () => {
    const path = temporaryPath();
    const memory = FileMemory.create(path);
    const map = StableBTreeMap.create(
      MemoryManager.create(memory, { bucketSizeInPages: 1 }).get(0),
      {
        key: u64,
        value: text,
      },
    );
    map.insert(1n, "one");
    memory.close();
    using again = FileMemory.open(path);
    const manager = MemoryManager.load(again);
    expect(StableBTreeMap.load(manager.get(0), { key: u64, value: text }).get(1n)).toBe("one");
    expect(readFileSync(path).length).toBe(2 * PAGE_SIZE);
  });

  it("reaches offsets above 4 GiB", () => {
    const memory = FileMemory.create(temporaryPath());
    memory.grow(100_000); // a hole of 6.1 GiB
    const offset = 99_999 * PAGE_SIZE;
    memory.write(offset, Uint8Array.of(1, 2, 3));
    const target = new Uint8Array(4);
    memory.read(offset, target);
    expect([...target]).toEqual([1, 2, 3, 0]);
    memory.close();
  });

  it("refuses to write or grow when it was opened read-only", () => {
    const path = temporaryPath();
    writeFileSync(path, new Uint8Array(PAGE_SIZE));
    using memory = FileMemory.open(path, { readOnly: true });
    expect(codeOf(() => memory.write(0, Uint8Array.of(1)))).toBe("STABLE_READ_ONLY");
    expect(codeOf(() => memory.grow(1))).toBe("STABLE_READ_ONLY");
    expect(memory.size()).toBe(1);
  });

  it("refuses a file that is not made of whole pages", () => {
    const path = temporaryPath();
    writeFileSync(path, new Uint8Array(PAGE_SIZE + 1));
    expect(codeOf(() => FileMemory.open(path))).toBe("STABLE_CORRUPTED");
  });

  it("pads the last page with zeroes when asked to, read-only", () => {
    const path = temporaryPath();
    writeFileSync(path, new Uint8Array(PAGE_SIZE + 1).fill(7));
    using memory = FileMemory.open(path, { readOnly: true, padLastPage: true });
    expect([memory.size(), memory.lengthInBytes]).toEqual([2, PAGE_SIZE + 1]);
    const target = new Uint8Array(4).fill(9);
    memory.read(PAGE_SIZE - 1, target);
    expect([...target]).toEqual([7, 7, 0, 0]);
    memory.read(2 * PAGE_SIZE - 4, target);
    expect([...target]).toEqual([0, 0, 0, 0]);
    expect(() => FileMemory.open(path, { padLastPage: true })).toThrow(TypeError);
    truncateSync(path, 100);
    expect(codeOf(() => memory.read(0, new Uint8Array(101)))).toBe("STABLE_OUT_OF_BOUNDS");
  });

  it("says when another program cut the file", () => {
    const path = temporaryPath();
    writeFileSync(path, new Uint8Array(2 * PAGE_SIZE));
    using memory = FileMemory.open(path);
    truncateSync(path, 100);
    expect(codeOf(() => memory.read(PAGE_SIZE, new Uint8Array(8)))).toBe("STABLE_OUT_OF_BOUNDS");
  });

  it("does not make a file over one that exists, nor open one that does not", () => {
    const path = temporaryPath();
    expect(() => FileMemory.open(path)).toThrow(/ENOENT/);
    FileMemory.create(path).close();
    expect(() => FileMemory.create(path)).toThrow(/EEXIST/);
  });

  it("refuses everything after it was closed", () => {
    const memory = FileMemory.create(temporaryPath());
    memory.grow(1);
    memory.close();
    memory.close();
    expect(codeOf(() => memory.read(0, new Uint8Array(1)))).toBe("STABLE_STALE_HANDLE");
    expect(codeOf(() => memory.write(0, new Uint8Array(1)))).toBe("STABLE_STALE_HANDLE");
    expect(codeOf(() => memory.grow(1))).toBe("STABLE_STALE_HANDLE");
  });
});
