import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/node.ts"],
  format: ["esm", "cjs"],
  target: "es2022",
  // Both entries share one set of classes, in CommonJS too.
  splitting: true,
  clean: true,
  dts: {
    // The declarations name `Symbol.dispose`, which no program's `lib` needs to know.
    banner: '/// <reference lib="esnext.disposable" />',
    // tsup's declaration build still sets `baseUrl`.
    compilerOptions: { ignoreDeprecations: "6.0" },
  },
});
