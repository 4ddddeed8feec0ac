import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/main.ts", "src/publish-main.ts", "src/subject-main.ts"],
  format: "esm",
  target: "node20",
  clean: true,
});
