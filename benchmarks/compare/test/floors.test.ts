import {
  blob,
  MemoryManager,
  StableBTreeMap,
  type StorableKey,
  text,
  u64,
  WasmMemory,
} from "stable-structures";
import { describe, expect, test } from "vitest";
import { type Case, FLOORS } from "../src/case.js";
import { workloadOf } from "../src/streams.js";
import { Ways } from "../src/subjects/floors/ways.js";
import { type Flavour, openOurs } from "../src/subjects/ours.js";

const CASE: Case = { keys: "u64", values: "u64", entries: 2000, bucketSizeInPages: 128, maps: 1 };
const WASM: Flavour = { engine: "wasm", integers: "bigint", counting: false };

function filled(chosen: Case, flavour: Flavour) {
  const session = openOurs(workloadOf(chosen), flavour);
  session.reset();
  session.run("insert");
  return session;
}

const KINDS: readonly (readonly [string, Partial<Case>, Flavour])[] = [
  ["u64 as bigint", {}, WASM],
  ["u64 as number", {}, { ...WASM, integers: "number" }],
  ["principals", { keys: "principal", values: "blob128" }, WASM],
  ["text", { keys: "text", values: "blob500" }, WASM],
];

describe.each(KINDS)("floors of %s", (_, types, flavour) => {
  const chosen = { ...CASE, ...types };

  test("leave the image as it was, and the map as useful", async () => {
    const session = filled(chosen, flavour);
    const before = await session.image?.();
    for (const floor of FLOORS) {
      await session.run(floor);
      expect(await session.image?.()).toBe(before);
    }
    expect(await session.run("remove")).toEqual({ operations: 2000, checksum: 2000 });
  });

  test("are those of as many operations, and find what a walk finds", async () => {
    const session = filled(chosen, flavour);
    expect(await session.run("floor")).toMatchObject({ operations: 2000, checksum: 0 });
    expect(await session.run("floor-change")).toMatchObject({ operations: 2000, checksum: 0 });
    expect(await session.run("floor-iterate")).toMatchObject({ ...(await session.run("iterate")) });
  });
});

test.each(FLOORS)("%s is of one map in the WebAssembly engine", async (floor) => {
  expect(await filled({ ...CASE, maps: 2 }, WASM).run(floor)).toBeUndefined();
  expect(await filled(CASE, { ...WASM, engine: "js" }).run(floor)).toBeUndefined();
});

describe("a way", () => {
  const SIZE = 700;
  const view = ({ core }: WasmMemory) => new DataView(core.bytes.buffer);

  function fill<K>(key: StorableKey<K>, keys: Iterable<K>) {
    const memory = WasmMemory.create();
    const map = StableBTreeMap.create(
      MemoryManager.create(memory, { bucketSizeInPages: 128 }).get(0),
      { key, value: blob },
    );
    for (const each of keys) map.insert(each, new Uint8Array(SIZE));
    return { memory, ways: new Ways(memory.core.bytes, key) };
  }

  const texts = Array.from({ length: 500 }, (_, i) => `key ${(i * 7919) % 500}`);
  const numbers = Array.from({ length: 500 }, (_, i) => BigInt((i * 7919) % 500));

  test.each([
    ["of sized keys", () => fill<never>(text as StorableKey<never>, texts as never[]), texts],
    ["of fixed keys", () => fill<never>(u64 as StorableKey<never>, numbers as never[]), numbers],
  ] as const)("%s leads to the value, whose node ends in its last page", (_, make, keys) => {
    const { memory, ways } = make();
    for (const key of keys) {
      const { node, index, keyEnd } = ways.to(key as never);
      const value = node.valueOffset(index, keyEnd);
      // Sizes below 64 Ki; one that lies in two pages has its second half elsewhere.
      expect(view(memory).getUint8(node.pointerTo(value))).toBe(SIZE & 0xff);
      expect(view(memory).getUint8(node.pointerTo(value + 1))).toBe(SIZE >> 8);
      const pages = node.pages(node.end(index, keyEnd));
      expect(pages.length).toBeGreaterThan(3);
      expect(view(memory).getBigUint64((pages.at(-1) as number) + 3, true)).toBe(0n);
    }
  });

  test("leads to no key that is not there", () => {
    const { ways } = fill(text, texts);
    expect(() => ways.to("none")).toThrow("a way that is measured must lead to an entry");
  });
});
