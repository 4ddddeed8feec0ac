import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/replay-main.ts",
    "src/conformance-main.ts",
    "src/vectors-main.ts",
    "src/fuzz-main.ts",
    "src/mutant-worker.ts",
  ],
  format: "esm",
  target: "node20",
  clean: true,
  // tsup's declaration build still sets `baseUrl`.
  dts: { entry: "src/index.ts", compilerOptions: { ignoreDeprecations: "6.0" } },
});
