import { defineConfig } from "tsup";

export default defineConfig({
  entry: { "upgrade-migration": "src/upgrade-migration/main.ts" },
  format: "esm",
  target: "node20",
  clean: true,
});
