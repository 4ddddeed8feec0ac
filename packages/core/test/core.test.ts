import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  ABI_VERSION,
  ALLOCATED_BUCKETS_OFFSET,
  BUCKET_OWNERS_OFFSET,
  E_BAD_MAGIC,
  E_CORRUPTED,
  E_GROW_FAILED,
  E_OUT_OF_BOUNDS,
  E_TOO_MANY_BUCKETS,
  E_UNSUPPORTED_VERSION,
  IMAGE_BASE,
  MANAGER_TABLES_END,
  MAX_BUCKETS,
  MAX_IMAGE_PAGES,
  MEMORY_SIZES_OFFSET,
  OK,
  PAGE_SIZE,
  SCRATCH,
  TABLES,
} from "../layout/index.js";
import { Core, EngineMismatchError } from "../src/index.js";

const build = (name: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../build/${name}.wasm`, import.meta.url)));

const MODULES = { release: build("release"), debug: build("debug") };

describe.each(Object.entries(MODULES))("the %s build", (_, module) => {
  const create = (bucketSizeInPages: number, maximumPages = MAX_IMAGE_PAGES) => {
    const core = Core.instantiate({ module, maximumPages });
    expect(core.managerCreate(bucketSizeInPages)).toBe(OK);
    return core;
  };
  const image = (core: Core) =>
    core.bytes.slice(IMAGE_BASE, IMAGE_BASE + core.exports.imageSize() * PAGE_SIZE);
  const put = (core: Core, bytes: Uint8Array) => {
    core.imageGrow(bytes.length / PAGE_SIZE);
    core.bytes.set(bytes, IMAGE_BASE);
  };
  const reopened = (bytes: Uint8Array) => {
    const core = Core.instantiate({ module });
    put(core, bytes);
    return { core, status: core.exports.managerOpen() };
  };

  it("imports nothing but its memory and exports no memory of its own", () => {
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
    expect(WebAssembly.Module.exports(module).map(({ kind }) => kind)).not.toContain("memory");
  });

  it("starts with an empty image and grows it page by page", () => {
    const core = Core.instantiate({ module });
    expect(core.exports.imageSize()).toBe(0);
    expect(core.imageGrow(3)).toBe(0);
    expect(core.imageGrow(1)).toBe(3);
    expect(core.exports.imageSize()).toBe(4);
    expect(image(core).every((byte) => byte === 0)).toBe(true);
  });

  it("keeps the view alive over growths of the linear memory", () => {
    const core = Core.instantiate({ module });
    core.imageGrow(1);
    core.bytes[IMAGE_BASE] = 7;
    core.imageGrow(1000);
    expect(core.bytes[IMAGE_BASE]).toBe(7);
    expect(core.bytes.length).toBeGreaterThanOrEqual(IMAGE_BASE + 1001 * PAGE_SIZE);
  });

  it("refuses to grow beyond the limit, and changes nothing", () => {
    const core = create(2, 5);
    expect(core.managerGrow(0, 3)).toBe(0);
    const before = image(core);
    expect(core.managerGrow(1, 1)).toBe(E_GROW_FAILED);
    expect(core.managerGrow(0, 1)).toBe(3);
    expect(core.managerGrow(0, 1)).toBe(E_GROW_FAILED);
    expect(core.imageGrow(1)).toBe(E_GROW_FAILED);
    before[40] = 4; // the growth that fitted
    expectSameBytes(image(core), before);
  });

  it("refuses a bucket size or a memory outside the format", () => {
    const core = Core.instantiate({ module });
    expect(core.managerCreate(0)).toBe(E_OUT_OF_BOUNDS);
    expect(core.managerCreate(65536)).toBe(E_OUT_OF_BOUNDS);
    expect(core.managerGrow(0, 1)).toBe(E_OUT_OF_BOUNDS); // no manager is open
    expect(core.managerCreate(1)).toBe(OK);
    expect(core.managerGrow(255, 1)).toBe(E_OUT_OF_BOUNDS);
    expect(core.exports.managerSize(255)).toBe(0);
  });

  it("refuses more than 32,768 buckets", () => {
    const core = create(1);
    expect(core.managerGrow(0, 32769)).toBe(E_TOO_MANY_BUCKETS);
    expect(core.managerGrow(0, 0xffffffff)).toBe(E_TOO_MANY_BUCKETS);
    expect(core.exports.managerSize(0)).toBe(0);
    expect(core.managerGrow(0, 32768)).toBe(0);
    expect(core.managerGrow(1, 1)).toBe(E_TOO_MANY_BUCKETS);
    expect(core.managerGrow(1, 0)).toBe(0);
  });

  it("translates, reads and writes across scattered buckets", () => {
    const core = create(1);
    for (const id of [0, 1, 0, 1, 0]) core.managerGrow(id, 1);
    const bytes = Uint8Array.from({ length: 3 * PAGE_SIZE }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
    core.bytes.set(bytes, SCRATCH);
    expect(core.exports.managerWrite(0, 0, SCRATCH, bytes.length)).toBe(OK);
    core.bytes.fill(0, SCRATCH, SCRATCH + bytes.length);
    expect(core.exports.managerRead(0, 0, SCRATCH, bytes.length)).toBe(OK);
    expectSameBytes(core.bytes.slice(SCRATCH, SCRATCH + bytes.length), bytes);
    const inOrder = [1, 3, 5].flatMap((page) => [
      ...image(core).subarray(page * PAGE_SIZE, page * PAGE_SIZE + 4),
    ]);
    expect(inOrder).toEqual(
      [0, 1, 2].flatMap((page) => [...bytes.subarray(page * PAGE_SIZE, page * PAGE_SIZE + 4)]),
    );
  });

  it("finds every bucket of memories whose lists take all the room there is for lists", () => {
    // One more than a power of two: their lists have just moved to twice the room.
    const counts = [...Array.from({ length: 11 }, (_, i) => 2 ** (i + 4) + 1), 5];
    expect(counts.reduce((sum, count) => sum + count)).toBe(MAX_BUCKETS);
    const owners = counts.flatMap((count, id) => new Array<number>(count).fill(id));
    for (let i = MAX_BUCKETS - 1, random = 1; i > 0; i--) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      const other = random % (i + 1);
      [owners[i], owners[other]] = [owners[other] as number, owners[i] as number];
    }
    const core = create(1);
    core.imageGrow(MAX_BUCKETS);
    const view = new DataView(core.bytes.buffer, IMAGE_BASE);
    view.setUint16(ALLOCATED_BUCKETS_OFFSET, MAX_BUCKETS, true);
    counts.forEach((count, id) => {
      view.setBigUint64(MEMORY_SIZES_OFFSET + id * 8, BigInt(count), true);
    });
    core.bytes.set(owners, IMAGE_BASE + BUCKET_OWNERS_OFFSET);
    expect(core.exports.managerOpen()).toBe(OK);
    const next = counts.map(() => 0);
    const wrong = owners.filter((id, bucket) => {
      const offset = (next[id] as number) * PAGE_SIZE;
      next[id] = (next[id] as number) + 1;
      const pointer = core.exports.managerTranslate(id, offset, 1) >>> 0;
      return pointer !== IMAGE_BASE + (1 + bucket) * PAGE_SIZE;
    });
    expect(wrong).toEqual([]);
    expect(next).toEqual(counts);
  });

  it("gives a pointer to a range exactly when it is whole in the image", () => {
    const core = create(1);
    for (const id of [0, 0, 1, 0]) core.managerGrow(id, 1);
    const { managerTranslate } = core.exports;
    expect(managerTranslate(0, 0, 2 * PAGE_SIZE)).toBe(IMAGE_BASE + PAGE_SIZE); // two neighbours
    expect(managerTranslate(0, 2 * PAGE_SIZE - 1, 2)).toBe(0); // scattered
    expect(managerTranslate(0, 2 * PAGE_SIZE, 1)).toBe(IMAGE_BASE + 4 * PAGE_SIZE);
    expect(managerTranslate(0, 3 * PAGE_SIZE - 1, 2)).toBe(0); // out of bounds
    expect(managerTranslate(0, 0, 0)).toBe(0);
    expect(managerTranslate(255, 0, 1)).toBe(0);
  });

  it("refuses accesses out of bounds and changes nothing", () => {
    const core = create(4);
    core.managerGrow(3, 1);
    const before = image(core);
    expect(core.exports.managerWrite(3, PAGE_SIZE - 1, SCRATCH, 2)).toBe(E_OUT_OF_BOUNDS);
    expect(core.exports.managerWrite(4, 0, SCRATCH, 1)).toBe(E_OUT_OF_BOUNDS);
    expect(core.exports.managerRead(3, 0xffffffff, SCRATCH, 2)).toBe(E_OUT_OF_BOUNDS);
    expect(core.exports.managerRead(255, 0, SCRATCH, 1)).toBe(E_OUT_OF_BOUNDS);
    expectSameBytes(image(core), before);
  });

  it("opens what it wrote, and goes on", () => {
    const core = create(2);
    for (const [id, pages] of [
      [7, 3],
      [254, 1],
      [7, 2],
      [0, 0],
    ] as const)
      core.managerGrow(id, pages);
    const { core: again, status } = reopened(image(core));
    expect(status).toBe(OK);
    expect([0, 7, 254].map((id) => again.exports.managerSize(id))).toEqual([0, 5, 1]);
    again.managerGrow(254, 4);
    core.managerGrow(254, 4);
    expectSameBytes(image(again), image(core));
  });

  it("keeps its tables equal to the image", () => {
    const core = create(3);
    for (const [id, pages] of [
      [1, 1],
      [2, 9],
      [1, 5],
    ] as const)
      core.managerGrow(id, pages);
    expectSameBytes(
      core.bytes.slice(TABLES, TABLES + MANAGER_TABLES_END),
      image(core).slice(0, MANAGER_TABLES_END),
    );
  });

  it("clears owner bytes past the count with the next growth, and reserved bytes too", () => {
    const core = create(1);
    core.managerGrow(0, 2);
    const damaged = image(core);
    damaged[8] = 1; // reserved
    damaged[2080 + 100] = 9; // an owner past the count
    const { core: again, status } = reopened(damaged);
    expect(status).toBe(OK);
    expectSameBytes(image(again), damaged); // opening writes nothing
    again.managerGrow(0, 0);
    expectSameBytes(image(again), image(core));
  });

  const broken: [string, (bytes: Uint8Array) => void, number][] = [
    ["another magic", (bytes) => bytes.set([0x4d, 0x47, 0x53]), E_BAD_MAGIC],
    ["another version", (bytes) => bytes.set([2], 3), E_UNSUPPORTED_VERSION],
    ["more buckets than the image holds", (bytes) => bytes.set([3], 4), E_CORRUPTED],
    ["more buckets than there can be", (bytes) => bytes.set([0x01, 0x80], 4), E_CORRUPTED],
    ["buckets of no pages", (bytes) => bytes.set([0, 0], 6), E_CORRUPTED],
    ["a size above the owned buckets", (bytes) => bytes.set([5], 40), E_CORRUPTED],
    ["a size above 2^32", (bytes) => bytes.set([1], 44), E_CORRUPTED],
  ];
  it.each(broken)("refuses a manager with %s, and then every access", (_name, damage, expected) => {
    const core = create(2);
    core.managerGrow(0, 3);
    const bytes = image(core);
    damage(bytes);
    const { core: again, status } = reopened(bytes);
    expect(status).toBe(expected);
    expect(again.exports.managerRead(0, 0, SCRATCH, 1)).toBe(E_OUT_OF_BOUNDS);
    expect(again.exports.managerTranslate(0, 0, 1)).toBe(0);
    expectSameBytes(image(again), bytes);
  });

  it("finds no manager in an empty image", () => {
    expect(Core.instantiate({ module }).exports.managerOpen()).toBe(E_BAD_MAGIC);
  });

  it("serves every list block when all memories take buckets in turn", () => {
    const core = create(1);
    for (let round = 0; round < 128; round++) {
      for (let id = 0; id < 255; id++) expect(core.managerGrow(id, 1)).toBe(round);
    }
    const addressOf = (id: number) => core.exports.managerTranslate(id, 127 * PAGE_SIZE, 1) >>> 0;
    expect(addressOf(0)).toBe(IMAGE_BASE + (1 + 127 * 255) * PAGE_SIZE);
    expect(addressOf(254)).toBe(IMAGE_BASE + (1 + 127 * 255 + 254) * PAGE_SIZE);
  });
});

describe("Core.instantiate", () => {
  it("compiles the embedded engine, the release build", () => {
    const core = Core.instantiate();
    expect(WebAssembly.Module.exports(MODULES.release).map(({ name }) => name)).toEqual(
      Object.keys(core.exports),
    );
  });

  it("gives every instance its own image", () => {
    const [one, other] = [Core.instantiate(), Core.instantiate()];
    one.imageGrow(2);
    expect(other.exports.imageSize()).toBe(0);
  });

  it("refuses another module, and one of another version", () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(() => Core.instantiate({ module: empty })).toThrow(EngineMismatchError);
    expect(() => Core.instantiate({ module: empty })).toThrow(/another module/);
    expect(() => Core.instantiate({ module: moduleOfAbi(99) })).toThrow(
      expect.objectContaining({
        code: "STABLE_ENGINE_MISMATCH",
        expected: ABI_VERSION,
        actual: 99,
      }),
    );
    expect(() => Core.instantiate({ module: moduleThatImports() })).toThrow(EngineMismatchError);
  });

  it("refuses an absurd limit", () => {
    for (const maximumPages of [-1, 1.5, 65515, Number.NaN]) {
      expect(() => Core.instantiate({ maximumPages })).toThrow(RangeError);
    }
  });
});

// Comparing whole pages with `toEqual` takes seconds.
function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(actual.findIndex((byte, i) => byte !== expected[i])).toBe(-1);
}

/** A module whose one function, `abi`, returns `version`. */
function moduleOfAbi(version: number): WebAssembly.Module {
  const body = [0, 0x41, version | 0x80, 0, 0x0b];
  return new WebAssembly.Module(
    Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
      ...[1, 5, 1, 0x60, 0, 1, 0x7f], // type: () -> i32
      ...[3, 2, 1, 0], // function 0
      ...[7, 7, 1, 3, 0x61, 0x62, 0x69, 0, 0], // export "abi"
      ...[10, body.length + 2, 1, body.length, ...body], // code: i32.const version
    ),
  );
}

/** A module that wants a function `env.f`, which the loader does not offer. */
function moduleThatImports(): WebAssembly.Module {
  return new WebAssembly.Module(
    Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[2, 9, 1, 3, 0x65, 0x6e, 0x76, 1, 0x66, 0, 0],
    ),
  );
}
