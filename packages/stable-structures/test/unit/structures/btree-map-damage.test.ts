import { describe, expect, it } from "vitest";
import {
  blob,
  type Memory,
  PAGE_SIZE,
  readImage,
  StableBTreeMap,
  u32,
  u64Number,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { engines, filled, numbers } from "../../support/maps.js";

describe.each(engines)("damaged images on the engine in %s", (_, create) => {
  const damage = (address: number, bytes: number[], count = 100) => {
    const memory = create();
    filled(memory, count).close();
    memory.write(address, Uint8Array.from(bytes));
    return memory;
  };
  const read = (memory: Memory) => () => [...StableBTreeMap.load(memory, numbers)];
  const address = (memory: Memory, offset: number) =>
    new DataView(readImage(memory).buffer).getUint32(offset, true);

  const headers: [string, number, number[], string][] = [
    ["an unknown version", 3, [7], "STABLE_UNSUPPORTED_VERSION"],
    ["a node page size below 128", 4, [127, 0, 0, 0], "STABLE_CORRUPTED"],
    ["another marker", 8, [0], "STABLE_CORRUPTED"],
    ["a root behind the end", 12, [0, 0, 0, 1], "STABLE_CORRUPTED"],
    ["a root above 2^32 whose low half is right", 16, [1], "STABLE_CORRUPTED"],
    ["a root above 2^53", 19, [0x80], "STABLE_CORRUPTED"],
    ["a length above 2^53", 27, [1], "STABLE_CORRUPTED"],
    ["a length of zero with a root", 20, [0], "STABLE_CORRUPTED"],
    ["no allocator", 52, [0], "STABLE_CORRUPTED"],
    ["an unknown allocator version", 55, [2], "STABLE_UNSUPPORTED_VERSION"],
    ["another chunk size", 60, [1], "STABLE_CORRUPTED"],
    ["more chunks than fit", 70, [0xff], "STABLE_CORRUPTED"],
  ];
  it.each(headers)("with %s are refused", (_name, at, bytes, code) => {
    expect(codeOf(read(damage(at, bytes)))).toBe(code);
  });

  it("with a broken root are refused, naming the address", () => {
    const memory = damage(0, []);
    const root = address(memory, 12);
    for (const [offset, value] of [
      [0, 0],
      [3, 9],
      [3, 1],
      [4, 2],
      [5, 0],
      [5, 12],
    ] as const) {
      const broken = damage(root + offset, [value]);
      expect(codeOf(read(broken))).toBe("STABLE_CORRUPTED");
      expect(read(broken)).toThrow(new RegExp(`address ${root}|address ${root + offset}`));
    }
  });

  it("whose nodes point in a circle end in an error, not in a hang", () => {
    const memory = damage(0, [], 2000);
    const root = address(memory, 12);
    const circle = new Uint8Array(8);
    new DataView(circle.buffer).setUint32(0, root, true);
    memory.write(root + 15, circle);
    const map = StableBTreeMap.load(memory, numbers);
    expect(codeOf(() => map.get(0))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.insert(0, 0))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.remove(0))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => [...map])).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.popFirst())).toBe("STABLE_CORRUPTED");
  });

  it("whose overflow pages point in a circle end in an error", () => {
    const memory = create();
    const map = StableBTreeMap.create(memory, { key: u32, value: blob });
    map.insert(1, new Uint8Array(5000));
    map.close();
    const first = address(memory, 116 + 7);
    const next = new Uint8Array(8);
    new DataView(next.buffer).setUint32(0, first, true);
    memory.write(first + 3, next);
    expect(codeOf(() => StableBTreeMap.load(memory, { key: u32, value: blob }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });

  it("whose children are shared give no entry twice", () => {
    const memory = damage(0, [], 2000);
    const root = address(memory, 12);
    const child = readImage(memory).slice(root + 15, root + 23);
    memory.write(root + 23, child);
    const map = StableBTreeMap.load(memory, numbers);
    expect(codeOf(() => [...map])).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => [...map.keys({ reverse: true })])).toBe("STABLE_CORRUPTED");
  });

  it("with a free list that leads to an allocated chunk refuse to insert and change nothing", () => {
    const memory = damage(76, [100, 0]);
    const map = StableBTreeMap.load(memory, numbers);
    const before = readImage(memory);
    let code = "none";
    for (let i = 1000; code === "none"; i++) code = codeOf(() => map.insert(i, i));
    expect(code).toBe("STABLE_CORRUPTED");
    expect(map.get(50)).toBeDefined();
    expect(readImage(memory).length).toBe(before.length);
  });

  it("that were cut short are refused", () => {
    const memory = create();
    const map = StableBTreeMap.create(memory, { key: u32, value: blob });
    for (let i = 0; i < 300; i++) map.insert(i, new Uint8Array(900).fill(i));
    const cut = create();
    cut.grow(2);
    cut.write(0, readImage(memory).subarray(0, 2 * PAGE_SIZE));
    const code = codeOf(() => [...StableBTreeMap.load(cut, { key: u32, value: blob })]);
    expect(code).toBe("STABLE_CORRUPTED");
  });
});

describe.each(engines)("damaged leaves of numbers on the engine in %s", (engine, create) => {
  const words = { key: u64Number, value: u64Number };
  /** A map of even keys, and the third of its leaves. */
  const withLeaf = () => {
    const memory = create();
    const map = StableBTreeMap.create(memory, words);
    for (let i = 0; i < 2000; i++) map.insert(2 * i, i);
    map.close();
    const image = readImage(memory);
    const view = new DataView(image.buffer);
    let parent = view.getUint32(12, true);
    const child = (index: number) => view.getUint32(parent + 15 + index * 8, true);
    while (image[child(0) + 4] !== 0) parent = child(0);
    const leaf = child(2);
    const count = image[leaf + 5] as number;
    return { memory, leaf, count, first: view.getUint32(leaf + 15 + 4) };
  };
  /** Offset of the size of a value in a leaf of `count` entries. */
  const sizeAt = (count: number, index: number) => 15 + count * 8 + index * 12;

  it.each([
    // The engine in JavaScript holds a value to its bound when it decodes it.
    ...(engine === "wasm"
      ? ([["a value of another size", (count: number) => sizeAt(count, 2), [9]]] as const)
      : []),
    ["a value of more than 2^31 bytes", (count: number) => sizeAt(count, count - 1) + 3, [0x80]],
    ["an overflow page that is none", () => 7, [1]],
  ] as const)("with %s are neither inserted into nor removed from", (_name, offsetIn, bytes) => {
    const { memory, leaf, count, first } = withLeaf();
    memory.write(leaf + offsetIn(count), Uint8Array.from(bytes));
    const before = readImage(memory);
    const map = StableBTreeMap.load(memory, words);
    expect(codeOf(() => map.insert(first + 1, 5))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.insertMany([[first + 1, 5]]))).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => map.remove(first))).toBe("STABLE_CORRUPTED");
    expect(readImage(memory)).toEqual(before);
  });

  it.each([
    ["a value of another size", (count: number) => sizeAt(count, 2), [7]],
    ["keys in another order", () => 15 + 2 * 8, [0, 0, 0, 0, 0, 0, 0, 0]],
    ["no entry", () => 5, [0, 0]],
  ])("with %s end a walk", (_name, offsetIn, bytes) => {
    const { memory, leaf, count, first } = withLeaf();
    memory.write(leaf + offsetIn(count), Uint8Array.from(bytes));
    const map = StableBTreeMap.load(memory, words);
    expect(codeOf(() => [...map])).toBe("STABLE_CORRUPTED");
    expect(codeOf(() => [...map.range({ gte: 4 })])).toBe("STABLE_CORRUPTED");
    const before = Array.from({ length: first / 2 - 8 }, (_, i) => [2 * i, i]);
    expect([...map.range({ lt: first - 16 })]).toEqual(before);
  });
});

describe.each(engines)("hostile headers on the engine in %s", (_, create) => {
  it("with node pages of 4 GiB and keys as long give a coded error without the memory for them", () => {
    const memory = create();
    const map = StableBTreeMap.create(memory, { key: blob, value: blob });
    map.insert(Uint8Array.of(1), Uint8Array.of(1));
    map.close();
    const huge = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
    memory.write(4, huge); // node page size
    memory.write(60, huge); // chunk size
    memory.write(68, new Uint8Array(8)); // allocated chunks
    memory.write(116 + 15, Uint8Array.of(0xdd, 0xff, 0xff, 0xff)); // length of the first key
    expect(codeOf(() => StableBTreeMap.load(memory, { key: blob, value: blob }))).toBe(
      "STABLE_BOUND_MISMATCH",
    );
  });
});
