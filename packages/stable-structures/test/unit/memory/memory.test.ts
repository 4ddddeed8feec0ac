import { describe, expect, it } from "vitest";
import { PAGE_SIZE } from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { allMemories } from "../../support/memories.js";

describe.each(allMemories)("%s", (_, create) => {
  const read = (memory: ReturnType<typeof create>, offset: number, length: number) => {
    const target = new Uint8Array(length).fill(0xaa);
    memory.read(offset, target);
    return [...target];
  };

  it("starts empty and grows by zero pages, giving its previous size", () => {
    const memory = create();
    expect(memory.size()).toBe(0);
    expect(memory.grow(0)).toBe(0);
    expect(memory.grow(2)).toBe(0);
    expect(memory.grow(1)).toBe(2);
    expect(memory.size()).toBe(3);
    for (const offset of [0, PAGE_SIZE - 4, 3 * PAGE_SIZE - 8]) {
      expect(read(memory, offset, 8)).toEqual(new Array(8).fill(0));
    }
  });

  it("reads what was written, over page ends too", () => {
    const memory = create();
    memory.grow(3);
    const bytes = Uint8Array.from({ length: PAGE_SIZE + 100 }, (_, i) => i % 251);
    memory.write(PAGE_SIZE - 50, bytes);
    expect(read(memory, PAGE_SIZE - 51, 5)).toEqual([0, 0, 1, 2, 3]);
    expect(Buffer.from(read(memory, PAGE_SIZE - 50, bytes.length)).equals(bytes)).toBe(true);
    expect(read(memory, 2 * PAGE_SIZE + 49, 3)).toEqual([(PAGE_SIZE + 99) % 251, 0, 0]);
    memory.write(PAGE_SIZE - 1, Uint8Array.of(9, 8));
    expect(read(memory, PAGE_SIZE - 2, 4)).toEqual([48, 9, 8, 51]);
  });

  it("keeps its bytes when it grows", () => {
    const memory = create();
    memory.grow(1);
    memory.write(100, Uint8Array.of(1, 2, 3));
    memory.grow(200);
    expect(read(memory, 99, 5)).toEqual([0, 1, 2, 3, 0]);
    expect(read(memory, 200 * PAGE_SIZE, 3)).toEqual([0, 0, 0]);
  });

  it("takes empty reads and writes anywhere inside, its end included", () => {
    const memory = create();
    memory.grow(1);
    memory.write(PAGE_SIZE, new Uint8Array(0));
    expect(read(memory, PAGE_SIZE, 0)).toEqual([]);
    expect(codeOf(() => memory.write(PAGE_SIZE + 1, new Uint8Array(0)))).toBe(
      "STABLE_OUT_OF_BOUNDS",
    );
  });

  it("refuses what is out of bounds, and changes nothing", () => {
    const memory = create();
    memory.grow(1);
    const offsets = [PAGE_SIZE - 1, PAGE_SIZE, -1, 0.5, Number.NaN, Infinity, 2 ** 32, 2 ** 53];
    for (const offset of offsets) {
      const target = new Uint8Array(2).fill(7);
      expect(codeOf(() => memory.read(offset, target))).toBe("STABLE_OUT_OF_BOUNDS");
      expect([...target]).toEqual([7, 7]);
      expect(codeOf(() => memory.write(offset, target))).toBe("STABLE_OUT_OF_BOUNDS");
    }
    expect(read(memory, PAGE_SIZE - 2, 2)).toEqual([0, 0]);
  });

  it("keeps a copy of what is written, of a Buffer too", () => {
    const memory = create();
    memory.grow(1);
    const source = Buffer.alloc(8192, 5);
    memory.write(0, source);
    source.fill(6);
    expect(read(memory, 4000, 300)).toEqual(new Array(300).fill(5));
    memory.write(4096, Uint8Array.of(7));
    expect(source[4096]).toBe(6);
  });

  it("returns -1 beyond its limit, and stays as it was", () => {
    const memory = create({ maximumPages: 4 });
    expect(memory.grow(3)).toBe(0);
    memory.write(5, Uint8Array.of(5));
    expect(memory.grow(2)).toBe(-1);
    expect(memory.size()).toBe(3);
    expect(read(memory, 4, 3)).toEqual([0, 5, 0]);
    expect(memory.grow(1)).toBe(3);
    expect(memory.grow(1)).toBe(-1);
    expect(memory.grow(1e9)).toBe(-1);
    expect(memory.grow(0)).toBe(4);
  });

  it("refuses a number of pages that is none", () => {
    for (const pages of [-1, 1.5, Number.NaN, Infinity])
      expect(() => create().grow(pages)).toThrow(RangeError);
  });
});
