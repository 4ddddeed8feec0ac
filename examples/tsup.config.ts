import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    "heap-and-map": "src/heap-and-map/main.ts",
    "upgrade-migration": "src/upgrade-migration/main.ts",
  },
  format: "esm",
  target: "node20",
  clean: true,
});
