import { describe, expect, it } from "vitest";
import {
  type Memory,
  MemoryManager,
  PAGE_SIZE,
  RestrictedMemory,
  readImage,
  SparseMemory,
  StableBTreeMap,
  u64,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { baseMemories } from "../../support/memories.js";

const size = (bucketSizeInPages: number) => ({ bucketSizeInPages });

const copyOf = (memory: Memory, create: (typeof baseMemories)[number][1]) => {
  const copy = create();
  copy.grow(memory.size());
  copy.write(0, readImage(memory));
  return copy;
};

describe.each(baseMemories)("MemoryManager over %s", (name, create) => {
  it("runs on the engine that the memory allows", () => {
    const manager = MemoryManager.create(create(), size(1));
    expect(manager.engine).toBe(name === "WasmMemory" ? "wasm" : "js");
  });

  it("demands a bucket size, at run time too", () => {
    expect(() => MemoryManager.init(create(), undefined as never)).toThrow(/bucketSizeInPages/);
    const wrong = [undefined, 0, -1, 1.5, 65536, "16", Number.NaN];
    for (const bucketSizeInPages of wrong) {
      const memory = create();
      expect(() => MemoryManager.create(memory, { bucketSizeInPages } as never)).toThrow(
        RangeError,
      );
      expect(() => MemoryManager.init(memory, { bucketSizeInPages } as never)).toThrow(
        /bucketSizeInPages/,
      );
      expect(memory.size()).toBe(0);
    }
  });

  it("takes one page for itself and whole buckets for its memories", () => {
    const memory = create();
    const manager = MemoryManager.create(memory, size(128));
    expect(memory.size()).toBe(1);
    expect(manager.get(0).grow(1)).toBe(0);
    expect(memory.size()).toBe(129); // the incident
    manager.get(0).grow(127);
    expect(memory.size()).toBe(129);
    manager.get(254).grow(1);
    expect(memory.size()).toBe(257);
    expect(manager.allocatedBuckets).toBe(2);
    expect(manager.memories()).toEqual([
      { id: 0, sizeInPages: 128, buckets: [0] },
      { id: 254, sizeInPages: 1, buckets: [1] },
    ]);
    expect([...manager.bucketOwners()]).toEqual([0, 254]);
  });

  it("creates in a memory of zeroes and refuses any other byte", () => {
    const memory = create();
    memory.grow(3);
    MemoryManager.create(memory, size(2)).close();
    const other = create();
    other.grow(2);
    other.write(2 * PAGE_SIZE - 1, Uint8Array.of(1));
    const before = readImage(other);
    expect(codeOf(() => MemoryManager.create(other, size(2)))).toBe("STABLE_FOREIGN_BYTES");
    expect(codeOf(() => MemoryManager.init(other, size(2)))).toBe("STABLE_FOREIGN_BYTES");
    expect(codeOf(() => MemoryManager.load(other))).toBe("STABLE_FOREIGN_BYTES");
    expect(Buffer.compare(readImage(other), before)).toBe(0);
  });

  it("names what a memory holds instead of a manager", () => {
    const memory = create();
    StableBTreeMap.create(memory, { key: u64, value: u64 }).close();
    expect(() => MemoryManager.init(memory, size(1))).toThrow(/holds a BTreeMap/);
    expect(() => MemoryManager.create(memory, size(1))).toThrow(/overwrite: true/);
    expect(() => MemoryManager.load(memory)).not.toThrow(/overwrite/);
    expect(() => MemoryManager.load(memory)).toThrow(/holds a BTreeMap/);
    expect(() => MemoryManager.load(create())).toThrow(/holds nothing/);
  });

  it("overwrites when told to: 34,848 bytes, or all with zero", () => {
    const dirty = () => {
      const memory = create();
      memory.grow(2);
      memory.write(0, new Uint8Array(2 * PAGE_SIZE).fill(0xa5));
      return memory;
    };
    const kept = dirty();
    MemoryManager.create(kept, { ...size(1), overwrite: true });
    expect(readImage(kept).indexOf(0xa5)).toBe(34848);
    const zeroed = dirty();
    MemoryManager.create(zeroed, { ...size(1), overwrite: true, zero: true });
    const fresh = create();
    fresh.grow(2);
    MemoryManager.create(fresh, size(1));
    expect(Buffer.compare(readImage(zeroed), readImage(fresh))).toBe(0);
  });

  it("opens what it wrote with load, and with init of the same bucket size", () => {
    const memory = create();
    const manager = MemoryManager.create(memory, size(3));
    manager.get(5).grow(4);
    manager.get(5).write(3 * PAGE_SIZE + 7, Uint8Array.of(1, 2));
    manager.close();
    const loaded = MemoryManager.load(memory);
    expect(loaded.bucketSizeInPages).toBe(3);
    const target = new Uint8Array(2);
    loaded.get(5).read(3 * PAGE_SIZE + 7, target);
    expect([...target]).toEqual([1, 2]);
    loaded.close();
    expect(MemoryManager.init(memory, size(3)).get(5).size()).toBe(4);
  });

  it("refuses another bucket size and names both", () => {
    const memory = create();
    MemoryManager.create(memory, size(128)).close();
    expect(codeOf(() => MemoryManager.init(memory, size(1)))).toBe("STABLE_BUCKET_SIZE_MISMATCH");
    expect(() => MemoryManager.init(memory, size(1))).toThrow(
      /buckets of 128 pages and 1 were asked for/,
    );
    expect(MemoryManager.init(memory, size(128)).bucketSizeInPages).toBe(128);
  });

  it("writes nothing when it opens", () => {
    const memory = create();
    MemoryManager.create(memory, size(2)).get(0).grow(1);
    const copy = copyOf(memory, create);
    const before = readImage(copy);
    MemoryManager.load(copy);
    expect(Buffer.compare(readImage(copy), before)).toBe(0);
  });

  it("is the only manager of its memory until it is closed", () => {
    const memory = create();
    const manager = MemoryManager.create(memory, size(1));
    expect(codeOf(() => MemoryManager.load(memory))).toBe("STABLE_MEMORY_IN_USE");
    expect(codeOf(() => StableBTreeMap.load(memory, { key: u64, value: u64 }))).toBe(
      "STABLE_MEMORY_IN_USE",
    );
    manager.close();
    manager.close();
    MemoryManager.load(memory);
  });

  it("gives the memory back when opening fails", () => {
    const memory = create();
    memory.grow(1);
    memory.write(0, Uint8Array.of(9));
    expect(codeOf(() => MemoryManager.load(memory))).toBe("STABLE_FOREIGN_BYTES");
    MemoryManager.create(memory, { ...size(1), overwrite: true });
  });

  it("cannot be closed under an open structure", () => {
    const manager = MemoryManager.create(create(), size(1));
    const map = StableBTreeMap.create(manager.get(3), { key: u64, value: u64 });
    expect(() => manager.close()).toThrow(/StableBTreeMap on memory 3/);
    map.insert(1n, 2n);
    map.close();
    manager.close();
  });

  it("leaves stale handles behind, which refuse everything", () => {
    const manager = MemoryManager.create(create(), size(1));
    const memory = manager.get(0);
    memory.grow(1);
    manager.close();
    const stale = [
      () => memory.size(),
      () => memory.grow(1),
      () => memory.read(0, new Uint8Array(1)),
      () => memory.write(0, new Uint8Array(1)),
      () => manager.get(7),
      () => manager.bucketSizeInPages,
      () => manager.allocatedBuckets,
      () => manager.memories(),
      () => manager.bucketOwners(),
    ];
    for (const use of stale) expect(codeOf(use)).toBe("STABLE_STALE_HANDLE");
  });

  it("gives the same object for the same id and refuses ids outside 0..254", () => {
    const manager = MemoryManager.create(create(), size(1));
    expect(manager.get(254)).toBe(manager.get(254));
    for (const id of [-1, 255, 1.5, "3", undefined])
      expect(() => manager.get(id as never)).toThrow(RangeError);
  });

  it("says that the buckets are used up, and stays as it was", () => {
    const manager = MemoryManager.create(create(), size(1));
    const memory = manager.get(0);
    expect(memory.grow(32768)).toBe(0);
    expect(memory.grow(1)).toBe(-1);
    const insertion = () => StableBTreeMap.create(manager.get(1), { key: u64, value: u64 });
    expect(codeOf(insertion)).toBe("STABLE_TOO_MANY_BUCKETS");
    expect(insertion).toThrow(/larger buckets/);
    expect(memory.size()).toBe(32768);
    expect(manager.get(1).size()).toBe(0);
  });

  it("says which memory is full, and stays as it was", () => {
    const memory = create({ maximumPages: 3 });
    const manager = MemoryManager.create(memory, size(2));
    manager.get(0).grow(1);
    const before = readImage(memory);
    expect(manager.get(0).grow(2)).toBe(-1);
    expect(codeOf(() => StableBTreeMap.create(manager.get(1), { key: u64, value: u64 }))).toBe(
      "STABLE_GROW_FAILED",
    );
    expect(Buffer.compare(readImage(memory), before)).toBe(0);
    expect(manager.get(0).grow(1)).toBe(1);
  });

  it("cannot serve a first bucket larger than its memory", () => {
    const manager = MemoryManager.create(create({ maximumPages: 1000 }), size(65535));
    expect(manager.get(0).grow(1)).toBe(-1);
    expect(manager.allocatedBuckets).toBe(0);
  });

  it("is found again inside one of its own memories", () => {
    const outer = MemoryManager.create(create(), size(4));
    const inner = MemoryManager.create(outer.get(254), size(1));
    expect(inner.engine).toBe("js");
    inner.get(0).grow(5);
    inner.get(0).write(5 * PAGE_SIZE - 1, Uint8Array.of(42));
    inner.close();
    const target = new Uint8Array(1);
    MemoryManager.load(outer.get(254))
      .get(0)
      .read(5 * PAGE_SIZE - 1, target);
    expect(target[0]).toBe(42);
  });

  const damages: [string, number, number[]][] = [
    ["a bucket size of zero", 6, [0, 0]],
    ["more buckets than the memory has pages for", 4, [9, 0]],
    ["a memory larger than its buckets", 40, [200]],
    ["a size above 2^53", 47, [0xff]],
  ];
  it.each(damages)("refuses %s as corrupted, at its address", (_, address, bytes) => {
    const memory = create();
    MemoryManager.create(memory, size(2)).get(0).grow(1);
    const damaged = copyOf(memory, create);
    damaged.write(address, Uint8Array.from(bytes));
    expect(() => MemoryManager.load(damaged)).toThrow(
      expect.objectContaining({ code: "STABLE_CORRUPTED", address: address === 47 ? 40 : address }),
    );
  });

  it("refuses a layout version it does not know", () => {
    const memory = create();
    MemoryManager.create(memory, size(2)).close();
    memory.write(3, Uint8Array.of(2));
    expect(codeOf(() => MemoryManager.load(memory))).toBe("STABLE_UNSUPPORTED_VERSION");
  });
});

describe("a publication that fails after some of its bytes", () => {
  it("leaves no owner behind that Rust would take for one", () => {
    class FailingOnce extends VectorMemory {
      failing = false;
      override write(offset: number, source: Uint8Array): void {
        super.write(offset, source);
        if (this.failing) throw new Error("the disk said no, after it wrote");
      }
    }
    const memory = new FailingOnce();
    const manager = MemoryManager.create(memory, size(1));
    manager.get(0).grow(1);
    memory.failing = true;
    expect(() => manager.get(1).grow(10)).toThrow(/the disk said no/);
    memory.failing = false;
    expect(manager.get(1).size()).toBe(0);
    manager.get(0).grow(1);
    expect([...readImage(memory).subarray(2080, 2084)]).toEqual([0, 0, 0xff, 0xff]);
    manager.close();
    expect(MemoryManager.load(memory).memories()).toEqual([
      { id: 0, sizeInPages: 2, buckets: [0, 1] },
    ]);
  });
});

describe("claims", () => {
  it("see through windows on the same memory, and let windows apart", () => {
    const memory = new VectorMemory();
    memory.grow(1);
    const window = new RestrictedMemory(memory, 1, 50);
    const manager = MemoryManager.create(window, size(1));
    expect(codeOf(() => MemoryManager.load(new RestrictedMemory(memory, 1, 60)))).toBe(
      "STABLE_MEMORY_IN_USE",
    );
    expect(codeOf(() => MemoryManager.init(memory, size(1)))).toBe("STABLE_MEMORY_IN_USE");
    MemoryManager.create(new RestrictedMemory(memory, 0, 1), size(1)).close();
    MemoryManager.create(new RestrictedMemory(memory, 50, 60), size(1)).close();
    manager.close();
    MemoryManager.load(new RestrictedMemory(memory, 1, 60));
  });
});

describe("both engines", () => {
  it("open images with holes, and never use the holes again, as Rust", () => {
    const images = [WasmMemory.create(), new VectorMemory(), new SparseMemory()].map((memory) => {
      const manager = MemoryManager.create(memory, size(1));
      for (const id of [0, 1, 0, 1]) manager.get(id).grow(1);
      manager.close();
      memory.write(2080, Uint8Array.of(0xff)); // bucket 0, once of memory 0
      memory.write(40, Uint8Array.of(1)); // which now has one page
      const holed = MemoryManager.load(memory);
      holed.get(0).grow(1);
      expect([...holed.bucketOwners()]).toEqual([0xff, 1, 0, 1, 0]);
      return readImage(memory);
    });
    expect(Buffer.compare(images[0] as Uint8Array, images[1] as Uint8Array)).toBe(0);
    expect(Buffer.compare(images[1] as Uint8Array, images[2] as Uint8Array)).toBe(0);
  });
});
