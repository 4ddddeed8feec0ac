import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { CheckReport } from "stable-structures/check";
import { describe, expect, it } from "vitest";
import { AZLE, fileOf, run } from "./support.js";

const damaged = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/damaged/${name}.image.gz`, import.meta.url));
const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");

describe("verify", () => {
  it("finds the memory of a real canister sound", async () => {
    const { code, out, error } = await run(["verify", AZLE]);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/^3 +BTreeMap\/Set +2,000 +270 +4 +0 +0$/m);
    expect(out).toMatch(/^254 > 229 +Cell +0$/m);
    expect(out).toContain("info not-checked (memory 254 > 235)");
    expect(out.trimEnd().endsWith("Sound: whatever was checked can be read.")).toBe(true);
    expect(out).not.toContain("\x1b");
  });

  it("says how many bytes crate 0.6.3 lost, and is content", async () => {
    const { code, out } = await run(["verify", damaged("leaked-0.6.3")]);
    expect(code).toBe(0);
    expect(out).toContain("warning leaked-chunks (memory 0, address 5300, 70836 in the image)");
    expect(out).toMatch(/^0 +BTreeMap\/Set +25 +5 +2 +192 KiB +0$/m);
  });

  it("says in which order crate 0.7.1 left the buckets, and exits with 1", async () => {
    const { code, out } = await run(["verify", damaged("reclaimed-0.7.1-two-runs")]);
    expect(code).toBe(1);
    expect(oneLine(out)).toContain("in this order: 4, 5, 6, 7, 0, 1, 2, 15.");
    expect(out).toContain("Damaged: 2 errors. Write nothing to this image.");
  });

  it("says where a damaged node is, in its memory and in the image, and exits with 1", async () => {
    const image = gunzipSync(readFileSync(AZLE));
    const bucket = image.indexOf(3, 2080) - 2080; // the one of memory 3
    const start = 65_536 + bucket * 128 * 65_536;
    image[start + 116] = 0; // the first node ever made
    const { code, out } = await run(["verify", fileOf(image)]);
    expect(code).toBe(1);
    expect(out).toContain(
      `error damaged-structure (memory 3, address 116, ${start + 116} in the image)`,
    );
    expect(out).toMatch(/entry-count .*address 20/);
  });

  it("prints statistics, and what other node pages would take", async () => {
    const { code, out } = await run(["verify", "--statistics", damaged("node-page-256")]);
    expect(code).toBe(0);
    expect(out).toContain("Memory 0: 1,000 entries, ");
    expect(out).toMatch(/^ +256 +[\d,]+ +[\d.]+ KiB +now$/m);
    expect(out).toMatch(/^ +1,024 +[\d,]+ +[\d.]+ KiB$/m);
  });

  it("prints as JSON the report of the library, with its documented fields", async () => {
    const { code, out } = await run(["verify", "--json", damaged("leaked-0.6.3")]);
    expect(code).toBe(0);
    const report = JSON.parse(out) as CheckReport;
    expect(report).toMatchObject({ version: 1, isSound: true });
    const docs = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
    const { figures, ...finding } = report.findings[0] ?? {};
    const fields = [report, report.memories[0], report.memories[0]?.map, finding].flatMap((part) =>
      Object.keys(part ?? {}),
    );
    expect(fields.length).toBeGreaterThan(25);
    for (const field of [...fields, ...Object.keys(figures ?? {})])
      expect(docs).toContain(`\`${field}\``);
  });

  it("reads standard input, and refuses what it cannot read with exit code 2", async () => {
    const packed = readFileSync(damaged("node-page-256"));
    expect((await run(["verify", "-"], { input: packed })).code).toBe(0);
    const missing = await run(["verify", "no-such-file"]);
    expect([missing.code, missing.out]).toEqual([2, ""]);
    expect(missing.error).toMatch(/^STABLE_CANNOT_READ: .*check the path\n$/);
    const cut = await run(["verify", "-"], { input: packed.subarray(0, 9000) });
    expect([cut.code, cut.error]).toEqual([2, expect.stringMatching(/^STABLE_CANNOT_UNPACK/)]);
    expect((await run(["verify"])).error).toMatch(/^STABLE_USAGE: missing/);
  });

  it("calls an image that was cut off damaged, and checks what is there", async () => {
    const image = gunzipSync(readFileSync(damaged("node-page-256")));
    const { code, out } = await run(["verify", fileOf(image.subarray(0, 150_000))]);
    expect(code).toBe(1);
    expect(out).toContain("error truncated");
  });

  it("says how it is called", async () => {
    const { code, out } = await run(["verify", "--help"]);
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 the image is sound, 1 something is damaged, 2");
    expect((await run(["--help"])).out).toContain("verify [options] <image>");
  });
});
