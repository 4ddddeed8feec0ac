import { describe, expect, it } from "vitest";
import { cbor } from "../../../src/cbor.js";
import {
  classify,
  MemoryManager,
  readImage,
  SparseMemory,
  structureKindOf,
  UpgradeSerializer,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";

// What a canister meets on its way from raw stable memory into a manager. The hooks themselves, and
// the orders in which they may run, are tested in examples/test.

interface State {
  name: string;
  data: Uint8Array;
}

const raw = new UpgradeSerializer(cbor<State>(), { layout: "raw" });
const prefixed = new UpgradeSerializer(cbor<State>(), { layout: "length-prefixed" });

const stateOf = (length: number, fill = 7): State => ({
  name: "state",
  data: new Uint8Array(length).fill(fill),
});

function rawMemory(state: State): SparseMemory {
  const memory = new SparseMemory();
  raw.save(memory, state);
  return memory;
}

/** Equal bytes, without a comparison of millions of array elements. */
function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.compare(actual, expected)).toBe(0);
}

const TABLES_END = 34_848;

describe("a manager in a memory that holds a raw payload", () => {
  it.each([10, 30_000, 40_000, 200_000])("refuses one of %i bytes, and changes none", (length) => {
    const memory = rawMemory(stateOf(length));
    const before = readImage(memory);
    expect(codeOf(() => MemoryManager.init(memory, { bucketSizeInPages: 1 }))).toBe(
      "STABLE_FOREIGN_BYTES",
    );
    expect(codeOf(() => MemoryManager.load(memory))).toBe("STABLE_FOREIGN_BYTES");
    expectSameBytes(readImage(memory), before);
    expect(raw.restore(memory)).toEqual(stateOf(length));
  });

  it.each([10, 40_000, 200_000])(
    "made with overwrite, as Rust's init makes it, takes bytes 0 to 34,847 of one of %i and no other",
    (length) => {
      const memory = rawMemory(stateOf(length));
      const before = readImage(memory);
      MemoryManager.create(memory, { bucketSizeInPages: 1, overwrite: true }).close();
      const after = readImage(memory);
      expect(classify(memory)).toMatchObject({ kind: "memory-manager", confidence: "certain" });
      expect(after[TABLES_END - 1]).toBe(0xff);
      expectSameBytes(after.subarray(TABLES_END), before.subarray(TABLES_END));
      expect(codeOf(() => raw.restore(memory))).toBe("STABLE_FOREIGN_BYTES");
    },
  );

  it("leaves the rest of a longer payload in the buckets, and a new payload does not mind", () => {
    const memory = rawMemory(stateOf(200_000));
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1, overwrite: true });
    prefixed.save(manager.get(0), stateOf(100));
    expect(memory.size()).toBe(4); // those of the raw payload: nothing was added
    const bytes = readImage(manager.get(0));
    expect(bytes.at(-1)).toBe(7); // a page that was grown just now, and is not zero: as in Rust
    expect(prefixed.restore(manager.get(0))).toEqual(stateOf(100));
  });
});

describe("a raw read of a memory that holds a manager", () => {
  const memory = new SparseMemory();
  MemoryManager.create(memory, { bucketSizeInPages: 1 }).close();

  it("is refused by name", () => {
    expect(() => raw.restore(memory)).toThrow(
      expect.objectContaining({ code: "STABLE_FOREIGN_BYTES", found: "a MemoryManager" }),
    );
  });

  it("would give a decoder the 13 bytes behind the M, which are no struct", () => {
    expect(cbor<unknown>().decode(readImage(memory).subarray(0, 14))).toEqual(
      readImage(memory).slice(1, 14),
    );
  });
});

describe("a length that spells a manager's magic", () => {
  const HEADER = 4;
  const sniff = (memory: SparseMemory, length: number) =>
    Buffer.from(readImage(memory).subarray(0, length)).toString("latin1");

  // 5,392,205 + k * 16,777,216: the first three bytes are "MGR". With k = 1 the fourth is 1.
  it.each([
    [5_392_205, "MGR\0"],
    [22_169_421, "MGR\x01"],
  ])("of %i bytes fools a sniff, and not classify", (length, start) => {
    const overhead = cbor<State>().encode(stateOf(70_000)).length - 70_000;
    const state = stateOf(length - overhead, 0);
    const memory = new SparseMemory();
    prefixed.save(memory, state);
    expect(sniff(memory, HEADER)).toBe(start);
    expect(structureKindOf(memory)).toBe("memory-manager"); // it looks at three bytes, and says so

    expect(classify(memory)).toMatchObject({
      kind: "length-prefixed",
      confidence: "certain",
      payload: "cbor",
      payloadBytes: length,
    });
    expectSameBytes(prefixed.restore(memory).data, state.data);
    // And what goes by the magic refuses, and overwrites nothing.
    const code = start === "MGR\0" ? "STABLE_UNSUPPORTED_VERSION" : "STABLE_CORRUPTED";
    expect(codeOf(() => MemoryManager.init(memory, { bucketSizeInPages: 1 }))).toBe(code);
    prefixed.save(memory, stateOf(10));
    expect(prefixed.restore(memory)).toEqual(stateOf(10));
  });

  it("is not seen in a manager that has that many bytes behind it", () => {
    const memory = new SparseMemory();
    MemoryManager.create(memory, { bucketSizeInPages: 1 }).close();
    memory.grow(400);
    expect(classify(memory)).toMatchObject({ kind: "memory-manager", confidence: "certain" });
  });
});

describe("a payload whose length does not fit", () => {
  it("longer than its memory is damage, and stays as it is", () => {
    const memory = new SparseMemory();
    prefixed.save(memory, stateOf(10));
    memory.write(0, Uint8Array.of(0xfd, 0xff, 0, 0)); // 65,533, and 65,532 bytes follow
    expect(codeOf(() => prefixed.restore(memory))).toBe("STABLE_CORRUPTED");
    memory.write(0, Uint8Array.of(0, 0, 0, 0));
    expect(codeOf(() => prefixed.restore(memory))).toBe("STABLE_DECODE_FAILED");
    expect(memory.size()).toBe(1);
  });

  it("of a memory that never held one is refused by name: Rust reads past the end and traps", () => {
    const manager = MemoryManager.create(new SparseMemory(), { bucketSizeInPages: 1 });
    expect(() => prefixed.restore(manager.get(0))).toThrow(
      expect.objectContaining({ code: "STABLE_FOREIGN_BYTES", found: "nothing" }),
    );
  });
});

describe("a state that changes its size", () => {
  it.each([
    ["raw", raw],
    ["length-prefixed", prefixed],
  ])("%s: grows the memory by the fewest pages, and never gives one back", (_, serializer) => {
    const memory = new SparseMemory();
    const sizes = [100, 70_000, 300_000, 65_000, 10].map((length) => {
      serializer.save(memory, stateOf(length, length % 251));
      expect(serializer.restore(memory)).toEqual(stateOf(length, length % 251));
      return memory.size();
    });
    expect(sizes).toEqual([1, 2, 5, 5, 5]);
  });

  it("leaves the tail of a longer payload behind a shorter one, which is read without it", () => {
    const memory = rawMemory(stateOf(50_000, 1));
    raw.save(memory, stateOf(100, 2));
    const end = cbor<State>().encode(stateOf(100)).length;
    expect(readImage(memory)[end]).toBe(1);
    expect(raw.restore(memory)).toEqual(stateOf(100, 2));
    expect(classify(memory)).toMatchObject({
      kind: "cbor",
      confidence: "possible",
      payloadBytes: end,
    });
    // A decoder that is given all of the memory sees the tail.
    expect(codeOf(() => cbor<State>().decode(readImage(memory)))).toBe("STABLE_DECODE_FAILED");
  });
});
