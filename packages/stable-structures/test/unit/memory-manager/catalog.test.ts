import { describe, expect, it } from "vitest";
import {
  blob,
  boundedBlob,
  type Memory,
  MemoryManager,
  readImage,
  SparseMemory,
  StableBTreeMap,
  StableBTreeSet,
  StableCell,
  StableLog,
  StableMinHeap,
  StableVec,
  text,
  u32,
  u64,
  u64Number,
  VectorMemory,
  WasmMemory,
} from "../../../src/index.js";

const MEMORIES: Readonly<Record<string, () => Memory>> = {
  WasmMemory: () => WasmMemory.create(),
  SparseMemory: () => new SparseMemory(),
};
const ONE_PAGE = { bucketSizeInPages: 1 };
const MISMATCH = { code: "STABLE_CATALOG_MISMATCH" };

describe.each(Object.entries(MEMORIES))("the catalog of a manager on a %s", (_, create) => {
  const setUp = () => {
    const memory = create();
    const manager = MemoryManager.create(memory, ONE_PAGE);
    const reopen = () => {
      manager.close();
      return MemoryManager.load(memory);
    };
    return { memory, manager, reopen };
  };

  it("is not there until a name is given, and a manager without names has the crate's bytes", () => {
    const { memory, manager } = setUp();
    StableBTreeMap.create(manager.get(0), { key: u64, value: u64 }).insert(1n, 2n);
    const before = readImage(memory);
    expect(manager.catalog()).toEqual([]);
    expect(() => manager.memory("users")).toThrow(expect.objectContaining(MISMATCH));
    expect(manager.forget("users")).toBe(false);
    expect(readImage(memory)).toEqual(before);
  });

  it("leads from a name to its memory, and remembers it", () => {
    const { manager, reopen } = setUp();
    const users = manager.memory("users", { id: 3, version: 7 });
    expect(users).toBe(manager.get(3));
    expect(manager.memory("users")).toBe(users);
    const again = reopen();
    expect(again.memory("users", { version: 7 }).id).toBe(3);
    expect(again.catalog()).toEqual([{ name: "users", id: 3, version: 7 }]);
  });

  it("is a map of text to JSON text in memory 253, and leaves 254 alone", () => {
    const { manager, reopen } = setUp();
    const cell = StableCell.create(manager.memory("cell", { id: 9 }), { value: u32, initial: 5 });
    cell.close();
    const rows = StableBTreeMap.load(reopen().get(253), { key: text, value: text });
    expect([...rows]).toEqual([
      ["", '{"catalog":1}'],
      ["cell", '{"id":9,"version":1,"structure":"cell","codecs":["u32 (4 bytes)"]}'],
    ]);
  });

  it("says what is there when another id, version or name is asked for", () => {
    const { manager } = setUp();
    manager.memory("users", { id: 3, version: 2 });
    const error = (property: string, found: string, asked: string) =>
      expect.objectContaining({ ...MISMATCH, property, found, asked });
    expect(() => manager.memory("users", { id: 4 })).toThrow(error("id", "3", "4"));
    expect(() => manager.memory("users", { version: 1 })).toThrow(error("version", "2", "1"));
    expect(() => manager.memory("user")).toThrow(error("name", '"users"', '"user"'));
    expect(() => manager.memory("others", { id: 3 })).toThrow(
      error("name", '"users" for id 3', '"others"'),
    );
    expect(manager.catalog()).toEqual([{ name: "users", id: 3, version: 2 }]);
  });

  it("refuses another codec over what was created there, also through the plain id", () => {
    const { manager } = setUp();
    const memory = manager.memory("users", { id: 0 });
    StableBTreeMap.create(memory, { key: u64, value: boundedBlob(8) }).close();
    const wrong = { key: u64, value: boundedBlob(9) };
    expect(() => StableBTreeMap.load(memory, wrong)).toThrow(
      expect.objectContaining({
        ...MISMATCH,
        property: "codecs",
        found: "u64 (8 bytes), boundedBlob(8) (up to 8 bytes)",
        asked: "u64 (8 bytes), boundedBlob(9) (up to 9 bytes)",
      }),
    );
    expect(() => StableBTreeMap.init(manager.get(0), wrong)).toThrow(
      expect.objectContaining(MISMATCH),
    );
    StableBTreeMap.load(memory, { key: u64Number, value: boundedBlob(8) }).close();
  });

  it("refuses another structure over the one on record", () => {
    const { memory, manager } = setUp();
    StableVec.create(manager.memory("list", { id: 0 }), { value: u32 }).close();
    // The bytes are replaced behind the manager's back.
    manager.close();
    const other = MemoryManager.load(memory);
    StableMinHeap.create(other.get(0), { value: u32, overwrite: true }).close();
    expect(() => StableMinHeap.load(other.memory("list"), { value: u32 })).toThrow(
      expect.objectContaining({ ...MISMATCH, property: "structure", found: "vec" }),
    );
  });

  it("has every structure on record, each with its codecs", () => {
    const { manager } = setUp();
    StableBTreeMap.init(manager.memory("map", { id: 0 }), { key: text, value: blob });
    StableBTreeSet.init(manager.memory("set", { id: 1 }), { key: text });
    StableVec.init(manager.memory("vec", { id: 2 }), { value: u64 });
    StableMinHeap.init(manager.memory("heap", { id: 3 }), { value: u64 });
    StableCell.init(manager.memory("cell", { id: 4 }), { value: text, initial: "" });
    const [index, data] = [manager.memory("index", { id: 5 }), manager.memory("data", { id: 6 })];
    StableLog.init(index, data, { value: text });
    const found = manager.catalog().map(({ name, structure, codecs }) => [name, structure, codecs]);
    expect(found).toEqual([
      ["cell", "cell", ["text"]],
      ["data", "log-data", ["text"]],
      ["heap", "min-heap", ["u64 (8 bytes)"]],
      ["index", "log-index", ["text"]],
      ["map", "btree-map", ["text", "blob"]],
      ["set", "btree-map", ["text", "unit (up to 0 bytes)"]],
      ["vec", "vec", ["u64 (8 bytes)"]],
    ]);
  });

  it("puts on record what had no name, when it is opened", () => {
    const { manager } = setUp();
    StableVec.create(manager.get(0), { value: u32 }).close();
    const memory = manager.memory("old", { id: 0 });
    expect(manager.catalog()[0]?.structure).toBeUndefined();
    StableVec.load(memory, { value: u32 }).close();
    expect(manager.catalog()[0]).toMatchObject({ structure: "vec", codecs: ["u32 (4 bytes)"] });
  });

  it("replaces the record where a structure is created anew, and forgets when told to", () => {
    const { manager } = setUp();
    const memory = manager.memory("data", { id: 0 });
    StableVec.create(memory, { value: u32 }).close();
    StableVec.create(memory, { value: u64, overwrite: true }).close();
    expect(manager.catalog()[0]?.codecs).toEqual(["u64 (8 bytes)"]);
    expect(manager.forget("data")).toBe(true);
    expect(manager.catalog()).toEqual([]);
    expect(manager.memory("data", { id: 0, version: 2 })).toBe(memory);
  });

  it("chooses ids from the top that nobody has", () => {
    const { manager } = setUp();
    manager.get(251);
    expect(manager.memory("a", { id: "next" }).id).toBe(252);
    expect(manager.memory("b", { id: "next" }).id).toBe(250);
    expect(manager.memory("a", { id: "next" }).id).toBe(252);
  });

  it("refuses a memory 253 that holds something else, and changes no byte of it", () => {
    const { memory, manager } = setUp();
    StableVec.create(manager.get(253), { value: u32 }).close();
    const before = readImage(memory);
    const foreign = expect.objectContaining({ code: "STABLE_FOREIGN_BYTES" });
    expect(() => manager.memory("a", { id: 0 })).toThrow(foreign);
    expect(readImage(memory)).toEqual(before);
  });

  it("takes a map of text for no catalog, and a catalog that was cut off for a new one", () => {
    const { manager } = setUp();
    const map = StableBTreeMap.create(manager.get(253), { key: text, value: text });
    map.insert("a", "b");
    map.close();
    const foreign = expect.objectContaining({ code: "STABLE_FOREIGN_BYTES" });
    expect(() => manager.catalog()).toThrow(foreign);
    StableBTreeMap.create(manager.get(253), { key: text, value: text, overwrite: true }).close();
    expect(manager.memory("a", { id: 0 }).id).toBe(0);
  });

  it.each(["no json", "7", "{}", '{"id":253,"version":1}', '{"id":1,"version":1,"codecs":"u64"}'])(
    "gives a coded error for the damaged entry %s",
    (entry) => {
      const { manager } = setUp();
      manager.memory("a", { id: 0 });
      const rows = StableBTreeMap.load(manager.get(253), { key: text, value: text });
      rows.insert("b", entry);
      rows.close();
      expect(() => manager.catalog()).toThrow(
        expect.objectContaining({ code: "STABLE_DECODE_FAILED" }),
      );
    },
  );

  it("refuses names, ids and versions that are none", () => {
    const { manager } = setUp();
    expect(() => manager.memory("", { id: 0 })).toThrow(RangeError);
    expect(() => manager.memory(7 as never, { id: 0 })).toThrow(TypeError);
    for (const id of [253, 254, -1, 0.5]) {
      expect(() => manager.memory("a", { id })).toThrow(RangeError);
    }
    expect(() => manager.memory("a", { id: 0, version: -1 })).toThrow(RangeError);
    expect(manager.catalog()).toEqual([]);
  });
});

it("refuses a name that does not fit, and changes no byte", () => {
  const memory = new VectorMemory({ maximumPages: 2 });
  const manager = MemoryManager.create(memory, ONE_PAGE);
  StableVec.create(manager.get(0), { value: u32 }).close();
  const before = readImage(memory);
  expect(() => manager.memory("a", { id: 0 })).toThrow(
    expect.objectContaining({ code: "STABLE_GROW_FAILED" }),
  );
  expect(readImage(memory)).toEqual(before);
});
