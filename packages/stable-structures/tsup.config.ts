import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/node.ts"],
  format: ["esm", "cjs"],
  target: "es2022",
  // Both entries share one set of classes, in CommonJS too.
  splitting: true,
  clean: true,
  // tsup's declaration build still sets `baseUrl`.
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
});
