import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    coverage: {
      include: ["src/**/*.ts"],
      reporter: ["text", "json-summary"],
      reportsDirectory: ".reports/coverage",
      thresholds: { lines: 95, branches: 90 },
    },
    // The suites of other packages run beside it, on as few as two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
  },
});
