import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  E_GROW_FAILED,
  E_NOT_ASCENDING,
  FLAG_HAS_END,
  FLAG_HAS_START,
  FLAG_START_INCLUSIVE,
  FLAG_VALUES,
  IMAGE_BASE,
  MAP_OPTIONS,
  MAP_OPTIONS_SIZE,
  MAP_VERSION_2,
  MISSING,
  NODE_PAGE_SIZE_MARKER,
  NODE_VERSION_2,
  OK,
  OPTION_FIXED_KEYS,
  OPTION_FIXED_VALUES,
  OPTION_MAX_KEY_SIZE,
  OPTION_MAX_VALUE_SIZE,
  OPTION_NODE_VERSION,
  OUTPUT,
  OUTPUT_SIZE,
  PAGE_SIZE,
  RESULT,
  RESULT_COUNT,
  SCRATCH,
} from "../layout/index.js";
import { Core } from "../src/index.js";

// Operations on many entries, on the bare engine: a map of u32 keys and u32 values in the image itself.

const IMAGE = 255;
const NODE_PAGE_SIZE = 256;
const build = (name: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../build/${name}.wasm`, import.meta.url)));

function mapIn(module: WebAssembly.Module, maximumPages?: number): Core {
  const core = Core.instantiate({ module, ...(maximumPages ? { maximumPages } : {}) });
  const options = new DataView(core.memory.buffer, MAP_OPTIONS, MAP_OPTIONS_SIZE);
  for (const [offset, value] of [
    [OPTION_MAX_KEY_SIZE, 4],
    [OPTION_FIXED_KEYS, 1],
    [OPTION_MAX_VALUE_SIZE, 4],
    [OPTION_FIXED_VALUES, 1],
    [OPTION_NODE_VERSION, NODE_VERSION_2],
  ] as const)
    options.setUint32(offset, value, true);
  expect(core.mapCreate(IMAGE, MAP_VERSION_2, NODE_PAGE_SIZE, NODE_PAGE_SIZE_MARKER)).toBe(OK);
  return core;
}

/** Big-endian words where the engine reads them. */
function put(core: Core, words: readonly number[], at = SCRATCH): number {
  for (const [i, word] of words.entries()) core.view.setUint32(at + i * 4, word);
  return at;
}

const entries = (keys: readonly number[]) => keys.flatMap((key) => [key, key * 10]);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const counted = (core: Core) => core.view.getUint32(RESULT + RESULT_COUNT, true);
const imageOf = (core: Core) =>
  core.bytes.slice(IMAGE_BASE, IMAGE_BASE + core.exports.imageSize() * PAGE_SIZE);

/** All keys, as one walk gives them. */
function keysOf(core: Core): number[] {
  const more = core.exports.mapWalk(IMAGE, FLAG_VALUES, 0, 0, 0, 0, OUTPUT_SIZE);
  expect(more).toBe(0);
  return upTo(counted(core)).map((i) => {
    const key = core.view.getUint32(OUTPUT + i * 8);
    expect(core.view.getUint32(OUTPUT + i * 8 + 4)).toBe(key * 10);
    return key;
  });
}

describe.each(["release", "debug"])("many entries at a time, in the %s build", (name) => {
  const module = build(name);

  it("are inserted, found and removed in one call each", () => {
    const core = mapIn(module);
    const keys = upTo(500).map((i) => (i * 7919) % 500);
    expect(core.mapInsertMany(IMAGE, put(core, entries(keys)), keys.length)).toBe(OK);
    expect(core.exports.mapLength(IMAGE)).toBe(500);
    expect(keysOf(core)).toEqual(upTo(500));
    expect(core.exports.mapGetMany(IMAGE, put(core, [3, 5000]), 2)).toBe(OK);
    expect(core.view.getUint32(OUTPUT, true)).toBe(4);
    expect(core.view.getUint32(OUTPUT + 4)).toBe(30);
    expect(core.view.getUint32(OUTPUT + 8, true)).toBe(MISSING);

    const range = FLAG_HAS_START | FLAG_START_INCLUSIVE | FLAG_HAS_END;
    const remove = (most: number) => {
      const at = put(core, [100, 400]);
      return core.mapRemoveRange(IMAGE, range, at, 4, at + 4, 4, most);
    };
    expect([remove(200), counted(core)]).toEqual([1, 200]);
    expect([remove(200), counted(core)]).toEqual([0, 100]);
    expect(keysOf(core)).toEqual(upTo(500).filter((key) => key < 100 || key >= 400));
  });

  it("leave the image that one after the other leaves", () => {
    const [many, single] = [mapIn(module), mapIn(module)];
    const keys = upTo(300).map((i) => (i * 7919) % 300);
    many.mapInsertMany(IMAGE, put(many, entries(keys)), keys.length);
    for (const key of keys) {
      const at = put(single, [key, key * 10]);
      expect(single.mapInsert(IMAGE, at, 4, at + 4, 4, true)).toBe(0);
    }
    expect(Buffer.compare(imageOf(many), imageOf(single))).toBe(0);
  });

  it("are appended in ascending order only, and pack the nodes", () => {
    const core = mapIn(module);
    expect(core.mapAppend(IMAGE, put(core, entries(upTo(400))), 400)).toBe(OK);
    expect(core.mapAppend(IMAGE, put(core, entries([400, 402, 401])), 3)).toBe(E_NOT_ASCENDING);
    expect(counted(core)).toBe(2);
    expect(core.mapFinish(IMAGE)).toBe(OK);
    expect(keysOf(core)).toEqual([...upTo(401), 402]);
  });

  it("stop where the image can grow no further, with the entries before that in it", () => {
    const core = mapIn(module, 1);
    const keys = upTo(2000);
    expect(core.mapInsertMany(IMAGE, put(core, entries(keys)), keys.length)).toBe(E_GROW_FAILED);
    const length = core.exports.mapLength(IMAGE);
    expect(length).toBeGreaterThan(500);
    expect(keysOf(core)).toEqual(upTo(length));
  });
});
