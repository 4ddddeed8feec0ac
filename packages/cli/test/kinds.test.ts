import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { platform } from "node:os";
import {
  boundedBlob,
  type Memory,
  MemoryManager,
  readImage,
  StableBTreeMap,
  StableCell,
  StableLog,
  StableMinHeap,
  StableVec,
  text,
  UpgradeSerializer,
  u8,
  u32,
  u64,
  VectorMemory,
} from "stable-structures";
import { cbor } from "stable-structures/cbor";
import { describe, expect, it } from "vitest";
import { AZLE, fileOf, run, temporaryPath } from "./support.js";

const imageOf = (fill: (memory: Memory) => void): string => {
  const memory = new VectorMemory();
  fill(memory);
  return fileOf(readImage(memory));
};

describe("inspect of a structure without a manager", () => {
  const log = (memory: Memory, data: Memory) => {
    const entries = StableLog.create(memory, data, { value: text });
    for (const entry of ["a", "b"]) entries.append(entry);
  };
  it.each<[string, (memory: Memory) => void]>([
    [
      "a BTreeMap or BTreeSet. Entries: 1.",
      (memory) => StableBTreeMap.create(memory, { key: u8, value: u8 }).insert(1, 2),
    ],
    ["a Vec. Entries: 1.", (memory) => StableVec.create(memory, { value: u64 }).push(5n)],
    ["a MinHeap. Entries: 1.", (memory) => StableMinHeap.create(memory, { value: u64 }).push(5n)],
    [
      "a Cell. Value: 5 bytes.",
      (memory) => StableCell.create(memory, { value: text, initial: "hello" }),
    ],
    ["the index of a Log. Entries: 2.", (memory) => log(memory, new VectorMemory())],
    ["the entries of a Log.", (memory) => log(new VectorMemory(), memory)],
    ["CBOR", (memory) => new UpgradeSerializer(cbor(), { layout: "raw" }).save(memory, { a: 1 })],
  ])("says that it holds %s", async (words, fill) => {
    const { code, out } = await run(["inspect", imageOf(fill)]);
    expect(code).toBe(0);
    expect(out).toContain("It holds ");
    expect(out).toContain(words);
    expect((await run(["verify", imageOf(fill)])).code).toBe(0);
  });
});

describe("inspect of a manager with one of each kind", () => {
  const image = () =>
    imageOf((memory) => {
      const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
      const of = (id: number) => manager.get(id);
      const codecs = { key: u64, value: u64 };
      StableBTreeMap.create(of(0), { ...codecs, layoutVersion: 1 }).insert(1n, 1n);
      StableVec.create(of(1), { value: boundedBlob(1000) }).push(new Uint8Array(7));
      StableMinHeap.create(of(2), { value: u32 }).push(5);
      StableCell.create(of(3), { value: text, initial: "hello" });
      StableLog.create(of(4), of(5), { value: text }).append("entry");
      new UpgradeSerializer(cbor(), { layout: "length-prefixed" }).save(of(6), { a: 1 });
      const inner = MemoryManager.create(of(7), { bucketSizeInPages: 2 });
      inner.get(9).grow(1);
      of(8).grow(1);
    });

  it("says of each what its header says", async () => {
    const { code, out } = await run(["inspect", image()]);
    expect(code).toBe(0);
    for (const row of [
      /^0 +BTreeMap\/Set +1 .*layout 1, /m,
      /^1 +Vec +1 .*up to 1,000 B$/m,
      /^2 +MinHeap +1 .*each 4 B$/m,
      /^3 +Cell .*5 bytes$/m,
      /^4 +Log, index +1 .*5 bytes$/m,
      /^5 +Log, entries /m,
      /^6 +length, payload .*cbor, 4 bytes$/m,
      /^7 +MemoryManager .*2-page buckets/m,
      /^ {2}9 +zeroes /m,
      /^8 +zeroes /m,
    ])
      expect(out).toMatch(row);
    expect(out).toContain("Inside memory 7");
  });

  it("and cuts lines at the width of the terminal", async () => {
    const narrow = "data:text/javascript,process.stdout.columns = 40";
    const { out } = await run(["inspect", image()], { node: ["--import", narrow] });
    const lines = out.split("\n");
    expect(lines.some((line) => line.endsWith("…"))).toBe(true);
    expect(lines.filter((line) => /^\d/.test(line)).every((line) => line.length <= 40)).toBe(true);
  });
});

describe("pictures of many buckets", () => {
  it("stand for several buckets a character, and name the first memories", async () => {
    const path = imageOf((memory) => {
      const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
      for (let id = 0; id < 70; id++) manager.get(id).grow(id === 0 ? 1200 : 1);
      const tables = new Uint8Array(1).fill(255);
      memory.write(2080 + 1200, tables); // the bucket of memory 1 belongs to nobody
    });
    const { out } = await run(["inspect", path]);
    expect(out).toContain("one character is 2 buckets of 1 page (64 KiB), by who owns most");
    expect(out).toMatch(/^a{80}$/m);
    expect(out).toContain("45 more");
    expect(out).toContain(". nobody");
  });
});

describe("what few meet", () => {
  it("shows how far a check has come on a terminal, and takes the line away", async () => {
    // A terminal, on which time passes faster than here.
    const terminal = `data:text/javascript,
      process.stderr.isTTY = true;
      const now = performance.now.bind(performance);
      performance.now = () => now() * 1e6;`.replaceAll("\n", " ");
    const { code, error } = await run(["verify", AZLE], { node: ["--import", terminal] });
    expect(code).toBe(0);
    const [before, ...lines] = error.split("\r\x1b[K");
    expect([before, lines.at(-1)]).toEqual(["", ""]);
    expect(lines[0]).toMatch(/^checking memory \d+( > \d+)?: \d+ %$/);
  });

  it("refuses to wait for an image from a terminal", async () => {
    const terminal = "data:text/javascript,process.stdin.isTTY = true";
    const { code, error } = await run(["inspect", "-"], { node: ["--import", terminal] });
    expect(code).toBe(2);
    expect(error).toContain("STABLE_USAGE: standard input is a terminal; give an image to it");
  });

  it("calls its own mistakes mistakes", async () => {
    for (const what of ["new Error('broken')", "'broken'"]) {
      const broken = `data:text/javascript,process.stdout.write = () => { throw ${what}; }`;
      const { code, error } = await run(["inspect", AZLE], { node: ["--import", broken] });
      expect(code).toBe(2);
      expect(error).toMatch(/^STABLE_UNEXPECTED: broken; this is a mistake in stable-structures/);
    }
  });

  it("says what is wrong with a path", async () => {
    const { code, error } = await run(["inspect", `${AZLE}/image`]);
    expect(code).toBe(2);
    expect(error).toContain("a part of the path is no folder");
    const long = await run(["inspect", "x".repeat(5000)]);
    expect(long.error).toMatch(/^STABLE_CANNOT_READ: .*ENAMETOOLONG.*; check the file\n$/);
  });

  it.skipIf(platform() === "win32")("reads an image from a named pipe", async () => {
    const pipe = temporaryPath();
    execFileSync("mkfifo", [pipe]);
    const answer = run(["inspect", pipe]);
    createReadStream(AZLE).pipe(createWriteStream(pipe));
    expect((await answer).out).toContain("1,281 pages (80.1 MiB) of stable memory");
  });
});
