import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/azle.ts",
    "src/candid.ts",
    "src/cbor.ts",
    "src/check.ts",
    "src/index.ts",
    "src/inspect.ts",
    "src/msgpack.ts",
    "src/node.ts",
  ],
  format: ["esm", "cjs"],
  target: "es2022",
  // All entries share one set of classes, in CommonJS too.
  splitting: true,
  // cborg has no CommonJS of its own; lossless-json is three kilobytes.
  noExternal: ["cborg", "lossless-json"],
  clean: true,
  dts: {
    // The declarations name `Symbol.dispose`, which no program's `lib` needs to know.
    banner: '/// <reference lib="esnext.disposable" />',
    // tsup's declaration build still sets `baseUrl`.
    compilerOptions: { ignoreDeprecations: "6.0" },
  },
});
