import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

it("prints the size of an image", () => {
  const folder = mkdtempSync(join(tmpdir(), "stable-structures-"));
  try {
    const image = join(folder, "image.bin");
    writeFileSync(image, new Uint8Array(3 * 65536));
    const env = { ...process.env, NO_COLOR: "1" };
    const options = { encoding: "utf8", env } as const;
    expect(execFileSync(process.execPath, [main, "size", image], options)).toBe("3\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
