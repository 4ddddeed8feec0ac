import { describe, expect, it } from "vitest";
import {
  composite,
  i32,
  i64,
  option,
  principal,
  reverse,
  StableBTreeMap,
  type StorableKey,
  struct,
  text,
  triple,
  u8,
  u32,
  u64,
  unit,
  WasmMemory,
} from "../../../src/index.js";

describe("maps over composed keys", () => {
  const engines: [name: string, key: StorableKey<unknown>, engine: "js" | "wasm"][] = [
    ["i64", i64, "wasm"],
    ["option of a fixed size", option(u64), "wasm"],
    ["option of text", option(text), "js"],
    ["triple of fixed members", triple(u64, u8, u8), "wasm"],
    ["triple that ends in text", triple(u64, u8, text), "wasm"],
    ["triple that begins with text", triple(text, u8, u8), "js"],
    ["struct of fixed fields", struct({ x: i32, y: i32 }), "wasm"],
    ["struct with text", struct({ a: text }), "js"],
    ["reverse", reverse(u64), "js"],
    ["composite", composite(text, principal, reverse(u64)), "wasm"],
  ];
  it.each(engines)("run %s where its order is known", (_, key, engine) => {
    const map = StableBTreeMap.create(WasmMemory.create(), { key, value: unit });
    expect(map.engine).toBe(engine);
  });

  it("find all that begins alike, newest first, through a composite", () => {
    const key = composite(text, reverse(u32));
    const map = StableBTreeMap.create(WasmMemory.create(), { key, value: unit });
    for (const user of ["b", "a", "ab"])
      for (const time of [3, 1, 2]) map.insert([user, time], null);
    const found = [...map.keysRange({ gte: ["a", 2 ** 32 - 1], lte: ["a", 0] })];
    expect(found).toEqual([
      ["a", 3],
      ["a", 2],
      ["a", 1],
    ]);
  });
});
