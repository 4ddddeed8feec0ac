import { defineConfig } from "vite";

export default defineConfig({
  // Works from any folder of any server.
  base: "./",
  build: { target: "es2022" },
  worker: { format: "es" },
});
