import {
  blob,
  MemoryManager,
  SparseMemory,
  StableBTreeMap,
  text,
  u64,
  unit,
} from "stable-structures";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Content,
  cellsOf,
  countPages,
  describeContent,
  mapsOf,
  openMap,
  summarize,
} from "../src/model.js";
import { sampleImage } from "./sample.js";

/** A manager with buckets of 4 pages: memory 1 with 6 pages of text, 7 a manager with buckets of 2. */
function nestedImage(): SparseMemory {
  const memory = new SparseMemory();
  const outer = MemoryManager.create(memory, { bucketSizeInPages: 4 });
  outer.get(1).grow(6);
  outer.get(1).write(0, new TextEncoder().encode("text"));
  const inner = MemoryManager.create(outer.get(7), { bucketSizeInPages: 2 });
  inner.get(0).grow(1);
  inner.get(0).write(0, new Uint8Array([1]));
  StableBTreeMap.create(inner.get(5), { key: u64, value: unit }).insert(77n, null);
  return memory;
}

/** The image again, with nothing open on it. */
function reopened(memory: SparseMemory): SparseMemory {
  const image = new Uint8Array(memory.size() * 65_536);
  memory.read(0, image);
  return SparseMemory.from(image);
}

function memoryOf(content: Content, id: number) {
  const memory = content.manager?.memories.find((candidate) => candidate.id === id);
  if (!memory) throw new Error(`no memory ${id}`);
  return memory;
}

describe("the model of the sample", () => {
  let content: Content;

  beforeAll(() => {
    content = describeContent(SparseMemory.from(sampleImage()));
  });

  it("sums up what is stored and what is occupied", () => {
    expect(summarize(content)).toEqual({
      pages: 1281,
      dataPages: 10,
      entries: 2500,
      livePages: 19,
      emptyPages: 1262,
    });
  });

  it("finds the structures, entries and buckets of its memories", () => {
    const rows = content.manager?.memories.map(({ id, kind, map, pages, buckets, slackPages }) => {
      return [id, kind, map?.entries, pages, buckets.join(), slackPages];
    });
    expect(rows).toEqual([
      [3, "btree-map", 2000, 8, "8", 120],
      [9, "btree-map", 500, 2, "9", 126],
      [254, "memory-manager", undefined, 897, "0,1,2,3,4,5,6,7", 127],
    ]);
  });

  it("gives each bucket its owner and the pages in use", () => {
    const buckets = content.manager?.buckets.map(({ owner, ordinal, claimed, live }) => {
      return [owner?.id, ordinal, claimed, countPages(live)];
    });
    expect(buckets).toEqual([
      [254, 0, 128, 2],
      ...[1, 2, 3, 4, 5, 6].map((ordinal) => [254, ordinal, 128, 1]),
      [254, 7, 1, 0],
      [3, 0, 8, 8],
      [9, 0, 2, 2],
    ]);
  });

  it("offers the maps, the canister's own first", () => {
    const names = mapsOf(content).map(({ name, entries }) => `${name}: ${entries}`);
    expect(names.slice(0, 3)).toEqual(["memory 3: 2000", "memory 9: 500", "memory 254 › 230: 0"]);
    expect(names).toHaveLength(7);
  });
});

describe("the model", () => {
  it("counts a nested manager's page and the pages of its memories as in use, nothing else", () => {
    const content = describeContent(reopened(nestedImage()));
    const nested = memoryOf(content, 7);
    expect(nested.manager?.memories.map(({ path }) => path)).toEqual([
      [7, 0],
      [7, 5],
    ]);
    // The manager's page, page 1 (memory 0) and page 3 (memory 5) of five pages.
    expect(nested.pages).toBe(5);
    expect(nested.live).toEqual([
      { start: 0, end: 1 },
      { start: 1, end: 2 },
      { start: 3, end: 4 },
    ]);
    expect(content.manager?.buckets.map(({ live }) => countPages(live))).toEqual([4, 2, 3, 0]);
    expect(summarize(content)).toMatchObject({ pages: 17, dataPages: 6, livePages: 10 });
  });

  it("opens maps whose keys have a fixed size", () => {
    const content = describeContent(reopened(nestedImage()));
    const [map] = mapsOf(content);
    if (!map) throw new Error("no map");
    expect(map).toMatchObject({ name: "memory 7 › 5", entries: 1 });
    const [key] = openMap(map.memory, map.key).keys();
    expect(key).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 77));
  });

  it("describes a map that lies at the start of the image", () => {
    const memory = new SparseMemory();
    StableBTreeMap.create(memory, { key: text, value: blob }).insert("a", Uint8Array.of(1));
    const content = describeContent(reopened(memory));
    expect(mapsOf(content)).toMatchObject([{ name: "the whole image", entries: 1 }]);
    expect(summarize(content)).toMatchObject({ pages: 1, dataPages: 1, entries: 1 });
  });

  it("names what it does not know, and calls zeroes empty", () => {
    const memory = SparseMemory.from(new TextEncoder().encode("no structure"));
    expect(describeContent(memory).description).toBe("bytes of no known structure");
    expect(summarize(describeContent(SparseMemory.from(new Uint8Array(65_536))))).toMatchObject({
      livePages: 0,
      emptyPages: 1,
    });
  });

  it("says why a damaged structure cannot be read, and describes the others", () => {
    const memory = nestedImage();
    // The version of the manager inside memory 7, whose first bucket is the manager's third.
    memory.write(65_536 * (1 + 2 * 4) + 3, Uint8Array.of(9));
    const content = describeContent(reopened(memory));
    expect(memoryOf(content, 7).problem).toMatch(/version 9/);
    expect(memoryOf(content, 1)).toMatchObject({ pages: 6, kind: "unknown" });
  });
});

describe("the model of a damaged image", () => {
  it("says what is damaged in the manager, and describes what can be read", () => {
    const memory = nestedImage();
    memory.write(40 + 8, Uint8Array.of(200)); // the size of memory 1
    const content = describeContent(reopened(memory));
    expect(content.problem).toMatch(/memory 1 has a size of 200 pages/);
    expect(memoryOf(content, 1)).toMatchObject({ ownedPages: 8, slackPages: 0 });
    expect(memoryOf(content, 7).manager?.memories).toHaveLength(2);
  });

  it("has no manager to draw where the bucket size is 0", () => {
    const memory = nestedImage();
    memory.write(6, Uint8Array.of(0, 0));
    const content = describeContent(reopened(memory));
    expect(content.manager).toBeUndefined();
    expect(content.problem).toMatch(/bucket size is 0/);
  });

  it("counts pages from the start of the image where the manager is on page 1", () => {
    const image = new Uint8Array((1 + nestedImage().size()) * 65_536);
    nestedImage().read(0, image.subarray(65_536));
    const content = describeContent(SparseMemory.from(image));
    expect(content.manager?.startPage).toBe(1);
    expect(summarize(content)).toMatchObject({ pages: 18, livePages: 11 });
    expect(mapsOf(content)).toMatchObject([{ name: "memory 7 › 5", entries: 1 }]);
  });
});

describe("cellsOf", () => {
  const bucket = { claimed: 5, live: [{ start: 2, end: 3 }] };

  it("shows page by page", () => {
    const states = cellsOf(bucket, 8, 8);
    expect(states.map((state) => state[0]).join("")).toBe("cclccfff");
  });

  it("shows several pages as one square, in use when one of them is", () => {
    expect(cellsOf(bucket, 8, 4)).toEqual(["claimed", "live", "claimed", "free"]);
  });
});
