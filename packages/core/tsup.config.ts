import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", layout: "layout/index.ts" },
  format: ["esm", "cjs"],
  target: "es2022",
  // Constants and error classes exist once, in CommonJS too.
  splitting: true,
  clean: true,
  // tsup's declaration build still sets `baseUrl`.
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  async onSuccess() {
    await copyFile("build/release.wasm", "dist/core.wasm");
    await copyFile("build/debug.wasm", "dist/core.debug.wasm");
  },
});
