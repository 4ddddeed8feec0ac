import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  MemoryManager,
  PAGE_SIZE,
  readImage,
  StableBTreeMap,
  u64,
  VectorMemory,
} from "stable-structures";
import type { ImageReport } from "stable-structures/inspect";
import { FileMemory } from "stable-structures/node";
import { describe, expect, it } from "vitest";
import { AZLE, fileOf, run, temporaryPath } from "./support.js";

/** A manager with buckets of 16 pages and a map of one entry in memory 0. */
function smallImage(): Uint8Array {
  const memory = new VectorMemory();
  const manager = MemoryManager.create(memory, { bucketSizeInPages: 16 });
  StableBTreeMap.create(manager.get(0), { key: u64, value: u64 }).insert(1n, 2n);
  return readImage(memory);
}

const jsonOf = async (args: string[], input?: Uint8Array) => {
  const answer = await run(["inspect", "--json", ...args], input ? { input } : {});
  return { ...answer, report: JSON.parse(answer.out) as ImageReport };
};

describe("inspect of a real canister's memory", () => {
  it("prints the memories, the picture of the buckets and what to do", async () => {
    const { code, out, error } = await run(["inspect", AZLE]);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toContain("1,281 pages (80.1 MiB) of stable memory");
    expect(out).toContain("10 of 32,768 buckets of 128 pages (8 MiB)");
    expect(out).toMatch(/^3 +BTreeMap\/Set +2,000 +8 +8 +1 +120 /m);
    expect(out).toMatch(/^254 +MemoryManager +897 +8 +8 +127 /m);
    expect(out).toMatch(/^ {2}229 +Cell +1 +1 +1 +127 /m);
    expect(out).toContain("\nccccccccab\n");
    expect(out).toContain("c memory 254 (MemoryManager)");
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/warning waste .* 908 pages .* 19 pages .* 2 GiB/);
    expect(out).not.toContain("\x1b");
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(150);
  });

  it("calls memories by the names that a program gave them", async () => {
    const memory = new VectorMemory();
    const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
    StableBTreeMap.create(manager.memory("users\x07", { id: 3 }), { key: u64, value: u64 });
    const { out } = await run(["inspect", fileOf(readImage(memory))]);
    expect(out).toMatch(/^3 users\? +BTreeMap\/Set +0 /m);
    expect(out).toContain("a memory 3 users? (BTreeMap/Set)");
  });

  it("answers the same for the packed file, the plain one and both on standard input", async () => {
    const packed = readFileSync(AZLE);
    const plain = gunzipSync(packed);
    const answers = await Promise.all([
      jsonOf([AZLE]),
      jsonOf([fileOf(plain)]),
      jsonOf(["-"], packed),
      jsonOf(["-"], plain),
    ]);
    for (const { code, report } of answers) {
      expect(code).toBe(0);
      expect(report).toEqual(answers[0]?.report);
    }
  });

  it("prints as JSON exactly the report of the library, with its documented fields", async () => {
    const { report } = await jsonOf([AZLE]);
    expect(report).toMatchObject({ version: 1, kind: "memory-manager", sizeInPages: 1281 });
    const docs = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
    const undocumented = [...fieldsOf(report)].filter((field) => !docs.includes(`\`${field}\``));
    expect(undocumented).toEqual([]);
  });

  it("colors the picture where colors are wanted, and not with --no-color", async () => {
    const env = { FORCE_COLOR: "1" };
    const { out } = await run(["inspect", AZLE], { env });
    expect(out).toContain("\x1b[30;46mc\x1b[0m");
    expect((await run(["inspect", "--no-color", AZLE], { env })).out).not.toContain("\x1b");
    expect((await run(["inspect", AZLE], { env: { NO_COLOR: "1" } })).out).not.toContain("\x1b");
  });
});

/** The names of all fields of a report, figures apart. */
function fieldsOf(value: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) fieldsOf(item, names);
  else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      names.add(name);
      if (name !== "figures") fieldsOf(inner, names);
    }
  }
  return names;
}

describe("what is damaged", () => {
  it("is reported with exit code 1 when an image is cut off, and the rest of it is shown", async () => {
    const { code, out, error } = await run(["inspect", fileOf(smallImage().subarray(0, 100_000))]);
    expect([code, error]).toEqual([1, ""]);
    expect(out).toContain("error truncated (the image, address 4)");
    expect(out).toContain("Next: copy or download the image again");
    expect(out).toMatch(/^0 +BTreeMap\/Set +1 +1 /m);
  });

  it("is named first, before what is wasted", async () => {
    const image = smallImage();
    image[40 + 9 * 8] = 1; // a page of memory 9, which has no bucket
    const { code, out } = await run(["inspect", fileOf(image)]);
    expect(code).toBe(1);
    expect(out.indexOf("error size-above-buckets")).toBeGreaterThan(0);
    expect(out.indexOf("warning waste")).toBeGreaterThan(out.indexOf("error size-above-buckets"));
  });

  it("may be that a file is no image at all", async () => {
    const { code, report } = await jsonOf([fileURLToPath(import.meta.url)]);
    expect(code).toBe(1);
    expect(report.findings.map(({ code }) => code)).toEqual(["truncated", "nothing-known"]);
  });
});

describe("what cannot be read is refused with exit code 2, a code and the next step", () => {
  const refusal = async (args: string[], input?: Uint8Array) => {
    const { code, out, error } = await run(args, input ? { input } : {});
    expect([code, out]).toEqual([2, ""]);
    expect(error).not.toContain("    at ");
    return error;
  };

  it("such as a missing file", async () => {
    expect(await refusal(["inspect", "no-such-file"])).toBe(
      "STABLE_CANNOT_READ: cannot read no-such-file: there is no such file; check the path\n",
    );
  });

  it("such as a folder, or a device", async () => {
    expect(await refusal(["inspect", "."])).toMatch(
      /^STABLE_CANNOT_READ: .*folder; name the image/,
    );
    expect(await refusal(["inspect", "/dev/null"])).toMatch(/^STABLE_CANNOT_READ: .* no file/);
  });

  it("such as a packed image that is cut off or damaged, in a file or on standard input", async () => {
    const packed = readFileSync(AZLE);
    const cut = packed.subarray(0, packed.length / 2);
    const damaged = Buffer.from(packed);
    damaged.fill(0x55, 1000, 1100);
    for (const bytes of [cut, damaged, packed.subarray(0, 5)]) {
      expect(await refusal(["inspect", fileOf(bytes)])).toMatch(
        /^STABLE_CANNOT_UNPACK: .* again\n/,
      );
      expect(await refusal(["inspect", "-"], bytes)).toMatch(/^STABLE_CANNOT_UNPACK: .* again\n/);
    }
  });

  it("such as a call without an image, or with something unknown", async () => {
    expect(await refusal(["inspect"])).toMatch(/^STABLE_USAGE: missing .*--help/s);
    expect(await refusal(["inspect", AZLE, "more"])).toMatch(/^STABLE_USAGE: too many .*--help/s);
    expect(await refusal(["inspect", "--jsom", AZLE])).toMatch(/^STABLE_USAGE: unknown option/);
    expect(await refusal(["inspekt", AZLE])).toMatch(/^STABLE_USAGE: unknown command/);
  });

  it("and no byte of a name steers the terminal", async () => {
    expect(await refusal(["inspect", "\x1b[2Jx"])).toContain("cannot read ?[2Jx:");
  });
});

describe("size does not matter", () => {
  // Not resourceUsage().maxRSS, which starts with what the parent had.
  const measure = `data:text/javascript,
    import { readFileSync } from "node:fs";
    process.on("exit", () => {
      let kibibytes = process.memoryUsage().rss / 1024;
      if (process.platform === "linux")
        kibibytes = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
      process.stderr.write(
        JSON.stringify({ seconds: performance.now() / 1000, mebibytes: kibibytes / 1024 }));
    });`.replaceAll("\n", " ");

  it("of a sparse file of 20 GiB: an answer at once, in less than 150 MiB", async () => {
    const path = temporaryPath();
    const file = FileMemory.create(path);
    const manager = MemoryManager.create(file, { bucketSizeInPages: 16 });
    const map = StableBTreeMap.create(manager.get(0), { key: u64, value: u64 });
    for (let i = 0n; i < 1000n; i++) map.insert(i, i);
    for (let id = 1; id < 255; id++) manager.get(id).grow(1296);
    file.close();
    expect(20 * 2 ** 30).toBeLessThan(file.lengthInBytes);
    const { code, out, error } = await run(["inspect", path], { node: ["--import", measure] });
    rmSync(path);
    expect(code).toBe(0);
    expect(out).toMatch(/^0 +BTreeMap\/Set +1,000 /m);
    const { seconds, mebibytes } = JSON.parse(error);
    expect(seconds).toBeLessThan(30); // reading all of it would take longer; measured 2026-11: 0.3
    expect(mebibytes).toBeLessThan(150); // measured 2026-11: 75
  });

  it("of zeroes that were packed: they take no memory", async () => {
    const image = Buffer.alloc(6000 * PAGE_SIZE); // 375 MiB
    image.set(smallImage());
    const packed = fileOf(gzipSync(image, { level: 1 }));
    const { code, error } = await run(["inspect", packed], { node: ["--import", measure] });
    expect(code).toBe(0);
    expect(JSON.parse(error).mebibytes).toBeLessThan(200);
  });
});

it("stops quietly when nobody reads on", async () => {
  const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  const child = spawn(process.execPath, [main, "inspect", AZLE]);
  child.stdout.destroy();
  let error = "";
  child.stderr.on("data", (chunk) => {
    error += chunk;
  });
  const [code] = await once(child, "close");
  expect([code, error]).toEqual([0, ""]);
});

it("says how it is called, and which version it is", async () => {
  const help = await run(["inspect", "--help"]);
  expect(help.code).toBe(0);
  expect(help.out).toContain("Exit codes: 0 nothing is damaged, 1 something is, 2");
  expect((await run(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
