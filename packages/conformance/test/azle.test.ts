import {
  json,
  type Memory,
  MemoryManager,
  readImage,
  SparseMemory,
  StableBTreeMap,
  structureKindOf,
  VectorMemory,
  WasmMemory,
} from "stable-structures";
import { describe, expect, it } from "vitest";
import { azleImage, readMaybeGzip } from "../src/index.js";

const IMAGE = readMaybeGzip(azleImage);

interface User {
  id: number;
  name: string;
}

const users = { key: json<string>(), value: json<User>() };
const counts = { key: json<number>(), value: json<{ __bigint__: string }>() };

const memories: [string, () => Memory][] = [
  ["VectorMemory", () => VectorMemory.from(IMAGE)],
  ["SparseMemory", () => SparseMemory.from(IMAGE)],
  ["WasmMemory", () => WasmMemory.from(IMAGE)],
];

describe.each(memories)("the memory of a real Azle canister, in a %s", (_, create) => {
  it("is a manager of 10 buckets with two maps and a nested manager", () => {
    const memory = create();
    const manager = MemoryManager.load(memory);
    expect([memory.size(), manager.bucketSizeInPages, manager.allocatedBuckets]).toEqual([
      1281, 128, 10,
    ]);
    expect(manager.memories().map(({ id }) => [id, structureKindOf(manager.get(id))])).toEqual([
      [3, "btree-map"],
      [9, "btree-map"],
      [254, "memory-manager"],
    ]);
    const nested = MemoryManager.load(manager.get(254));
    expect(nested.memories().map(({ sizeInPages }) => sizeInPages)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it("has the 2,000 users and 500 counts that were inserted", () => {
    const manager = MemoryManager.load(create());
    const map = StableBTreeMap.load(manager.get(3), users);
    expect(map.length).toBe(2000);
    for (let id = 0; id < 2000; id++) {
      expect(map.get(`user-${(id * 7919) % 10007}`)).toEqual({ id, name: "n".repeat(id % 300) });
    }
    const counted = StableBTreeMap.load(manager.get(9), counts);
    expect(counted.length).toBe(500);
    for (let i = 0; i < 500; i++)
      expect(counted.get(i)).toEqual({ __bigint__: String((1500 + i) * 10) });
    expect([...counted.keys()].slice(0, 4)).toEqual([0, 1, 10, 100]); // in the order of JSON text
  });

  it("stays consistent while users are inserted and removed, and after a reload", () => {
    const memory = create();
    const manager = MemoryManager.load(memory);
    const map = StableBTreeMap.load(manager.get(3), users);
    const model = new Map(map);
    for (let i = 0; i < 1500; i++) {
      const removed = `user-${(i * 3 * 7919) % 10007}`;
      expect(map.remove(removed)).toEqual(model.get(removed));
      model.delete(removed);
      const added = `new-${i}`;
      map.insert(added, { id: i, name: "x".repeat((i * 37) % 1200) });
      model.set(added, { id: i, name: "x".repeat((i * 37) % 1200) });
    }
    map.close();
    manager.close();
    const again = StableBTreeMap.load(MemoryManager.load(memory).get(3), users);
    expect(again.length).toBe(model.size);
    expect(new Map(again)).toEqual(model);
  });
});

describe("reading the memory of a real Azle canister", () => {
  it("changes no byte", () => {
    const memory = VectorMemory.from(IMAGE);
    const map = StableBTreeMap.load(MemoryManager.load(memory).get(3), users);
    expect([...map].length).toBe(2000);
    expect(Buffer.compare(readImage(memory), IMAGE)).toBe(0);
  });
});
