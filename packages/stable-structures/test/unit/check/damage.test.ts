import { describe, expect, it } from "vitest";
import { type CheckReport, check, type StructureCodecs } from "../../../src/check.js";
import { readImage, SparseMemory, type StorableKey, u32, u64 } from "../../../src/index.js";
import { behind, goldenImage, hex, nestedImage } from "../../support/images.js";

const PAGE = 65_536;
const NUMBERS: StructureCodecs = { key: u64, value: u64 };

/** A golden image with one map, in which a test changes bytes at addresses of the map's memory. */
class Patient {
  readonly image: Uint8Array;
  readonly path: readonly number[];
  readonly #view: DataView;

  constructor(name: string) {
    this.image = goldenImage(name);
    this.#view = new DataView(this.image.buffer);
    this.path = check(this.image).memories[0]?.path ?? [];
  }

  /** All buckets of these images are the map's, and in order. */
  at(address: number): number {
    return PAGE + address;
  }

  u64(address: number): number {
    return Number(this.#view.getBigUint64(this.at(address), true));
  }

  set(address: number, digits: string): this {
    this.image.set(hex(digits), this.at(address));
    return this;
  }

  setU64(address: number, value: number): this {
    this.#view.setBigUint64(this.at(address), BigInt(value), true);
    return this;
  }

  get root(): number {
    return this.u64(12);
  }

  /** Address of child `index` of the node at `node`. */
  child(index: number, node = this.root): number {
    return this.u64(node + 15 + index * 8);
  }

  /** The first leaf. */
  get leaf(): number {
    let node = this.root;
    while (this.image[this.at(node) + 4] === 1) node = this.child(0, node);
    return node;
  }

  check(codecs: StructureCodecs = {}): CheckReport {
    return check(this.image, { codecs: { [this.path.join("/")]: codecs } });
  }
}

type Damage = (map: Patient) => { code: string; address: number; codecs?: StructureCodecs };

const damages: [what: string, damage: Damage][] = [
  [
    "a chunk's magic",
    (map) => {
      map.set(map.leaf - 16, "00");
      return { code: "damaged-chunk", address: map.leaf - 16 };
    },
  ],
  [
    "a node's magic",
    (map) => {
      const { leaf } = map;
      map.set(leaf, "00");
      return { code: "damaged-structure", address: leaf };
    },
  ],
  [
    "a node's version",
    (map) => {
      map.set(map.leaf + 3, "07");
      return { code: "damaged-structure", address: map.leaf + 3 };
    },
  ],
  [
    "a node's count",
    (map) => {
      map.set(map.leaf + 5, "0c");
      return { code: "damaged-structure", address: map.leaf + 5 };
    },
  ],
  [
    "the length of a value",
    (map) => {
      const count = map.image[map.at(map.leaf + 5)] as number;
      map.set(map.leaf + 15 + count * 8, "ffffff7f");
      return { code: "damaged-structure", address: map.leaf };
    },
  ],
  [
    "a child that is its own parent",
    (map) => {
      map.setU64(map.root + 15, map.root);
      return { code: "shared-chunk", address: map.root + 15 };
    },
  ],
  [
    "two children that are one",
    (map) => {
      map.setU64(map.root + 23, map.child(0));
      return { code: "shared-chunk", address: map.root + 23 };
    },
  ],
  [
    "a child between two chunks",
    (map) => {
      map.setU64(map.root + 15, map.child(0) + 1);
      return { code: "unallocated-chunk", address: map.root + 15 };
    },
  ],
  [
    "a child beyond 2^53",
    (map) => {
      map.setU64(map.root + 15, 2 ** 60);
      return { code: "damaged-structure", address: map.root + 15 };
    },
  ],
  [
    "a node in a free chunk",
    (map) => {
      const child = map.child(0);
      map.set(child - 16 + 4, "00");
      return { code: "unallocated-chunk", address: map.root + 15 };
    },
  ],
  [
    "an overflow page that is none",
    (map) => {
      map.setU64(map.leaf + 7, 116);
      return { code: "damaged-structure", address: 116 };
    },
  ],
  [
    "a free list that leads into a node",
    (map) => {
      map.setU64(76, map.root - 16);
      return { code: "free-list", address: 76 };
    },
  ],
  [
    "a free list that leads nowhere",
    (map) => {
      map.setU64(76, 2 ** 62);
      return { code: "free-list", address: 76 };
    },
  ],
  [
    "a count of allocated chunks",
    (map) => {
      map.setU64(68, map.u64(68) - 1);
      return { code: "chunk-count", address: 68 };
    },
  ],
  [
    "a frontier that is gone",
    (map) => {
      let address = 100;
      const size = map.u64(60) + 16;
      while (map.image[map.at(address) + 4] === 1 || map.u64(address + 8) !== 0) address += size;
      map.set(address, "000000");
      return { code: "free-list", address };
    },
  ],
  [
    "the number of entries",
    (map) => {
      map.setU64(20, map.u64(20) + 1);
      return { code: "entry-count", address: 20 };
    },
  ],
  [
    "two keys out of order",
    (map) => {
      map.set(map.leaf + 15, "ffffffffffffffff");
      return { code: "order", address: map.leaf, codecs: NUMBERS };
    },
  ],
  [
    "a leaf turned into an internal node",
    (map) => {
      map.set(map.leaf + 4, "02");
      return { code: "damaged-structure", address: map.leaf + 4 };
    },
  ],
  [
    "the map's root",
    (map) => {
      map.setU64(12, map.root + 1);
      return { code: "unallocated-chunk", address: 12 };
    },
  ],
  [
    "the allocator's magic",
    (map) => {
      map.set(52, "00");
      return { code: "damaged-structure", address: 52 };
    },
  ],
  [
    "the node page size",
    (map) => {
      map.set(4, "14");
      return { code: "damaged-structure", address: 60 };
    },
  ],
];

describe.each(["btreemap-u64-u64-mixed", "btreemap-u64-u64-seq100"])("damage of %s", (name) => {
  it.each(damages)("%s is found at its address", (_, damage) => {
    const map = new Patient(name);
    const { code, address, codecs } = damage(map);
    const report = map.check(codecs);
    expect(report.isSound).toBe(false);
    const where = report.findings.map((f) => [
      f.code,
      f.severity,
      f.path,
      f.address,
      f.imageAddress,
    ]);
    expect(where).toContainEqual([code, "error", map.path, address, map.at(address)]);
    for (const { message, advice } of report.findings) expect(message && advice).toBeTruthy();
  });
});

describe("a check of damage", () => {
  it("gives addresses in the image through managers inside managers, and behind pages before them", () => {
    // Memory 5 is the only one of the manager in memory 7, whose first bucket is the outer fourth.
    const start = (1 + 3 * 2) * PAGE + PAGE;
    const nested = readImage(nestedImage());
    nested[start + 116] = 0;
    const find = (image: Parameters<typeof check>[0]) =>
      check(image).findings.find(({ code }) => code === "damaged-structure");
    expect(find(nested)).toMatchObject({ path: [7, 5], address: 116, imageAddress: start + 116 });
    const moved = behind(2, SparseMemory.from(nested));
    expect(find(moved)?.imageAddress).toBe(2 * PAGE + start + 116);
  });

  it("says how many entries can still be read", () => {
    const map = new Patient("btreemap-u64-u64-mixed");
    const length = map.u64(20);
    const lost = map.image[map.at(map.leaf + 5)] as number;
    const report = map.set(map.leaf, "00").check();
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        code: "entry-count",
        figures: { length, entries: length - lost, unreadableNodes: 1 },
      }),
    );
    expect(report.findings.map(({ code }) => code)).not.toContain("leaked-chunks");
    expect(report.memories[0]?.map?.entries).toBe(length - lost);
  });

  it("finds free chunks that are not on the list", () => {
    const map = new Patient("btreemap-u64-u64-mixed");
    const head = map.u64(76);
    const second = map.u64(head + 8);
    expect(map.u64(second + 8)).toBeGreaterThan(0); // there are two free chunks before the frontier
    map.setU64(head + 8, map.u64(second + 8));
    expect(map.check().findings).toMatchObject([
      { code: "unlisted-chunks", severity: "warning", address: second, figures: { chunks: 1 } },
    ]);
  });

  it("finds leaves on other levels, and nodes with too few entries", () => {
    const map = new Patient("btreemap-u64-u64-mixed");
    const inner = map.child(0);
    map.setU64(map.root + 15, map.child(0, inner));
    const codes = map.check().findings.map(({ code }) => code);
    expect(codes).toContain("leaf-depth");
    expect(codes).toContain("leaked-chunks");
    const small = new Patient("btreemap-u64-u64-seq100");
    small.set(small.leaf + 5, "01");
    expect(small.check().findings).toContainEqual(
      expect.objectContaining({ code: "sparse-node", severity: "warning", address: small.leaf }),
    );
  });

  it("names codecs that are not those of the map", () => {
    const map = new Patient("btreemap-u64-u64-mixed");
    expect(map.check({ key: u32 }).findings).toMatchObject([{ code: "codec-mismatch" }]);
    const even: StorableKey<bigint> = {
      ...u64,
      fromBytes(bytes) {
        const key = u64.fromBytes(bytes);
        if (key % 2n === 1n) throw new Error("odd");
        return key;
      },
    };
    const report = map.check({ key: even });
    expect(report.findings.filter(({ code }) => code === "undecodable")).toHaveLength(10);
    expect(report.findings.at(-1)).toMatchObject({ code: "more-findings", severity: "info" });
    expect(map.check({ key: u64, value: u32 }).findings[0]?.code).toBe("undecodable");
    const unused = check(map.image, { codecs: { "9/9": NUMBERS } }).findings;
    expect(unused).toMatchObject([{ code: "codec-unused", severity: "warning" }]);
  });

  it("is bounded where every node points at the same ones", () => {
    const map = new Patient("btreemap-u64-u64-mixed");
    map.setU64(map.leaf + 7, map.leaf);
    for (let i = 0; i < 3; i++) map.setU64(map.child(i) + 15, map.root);
    const start = performance.now();
    expect(map.check().isSound).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
