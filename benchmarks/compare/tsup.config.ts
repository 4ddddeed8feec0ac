import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/engines.ts", "src/main.ts", "src/publish-main.ts", "src/subject-main.ts"],
  format: "esm",
  target: "node20",
  clean: true,
  // tsup's declaration build still sets `baseUrl`.
  dts: { entry: "src/engines.ts", compilerOptions: { ignoreDeprecations: "6.0" } },
});
