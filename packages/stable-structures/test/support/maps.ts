import {
  type Memory,
  StableBTreeMap,
  u32,
  u64Number,
  VectorMemory,
  WasmMemory,
} from "../../src/index.js";
import type { CreateMemory } from "./memories.js";

/** Codecs of maps from numbers to numbers. */
export const numbers = { key: u32, value: u64Number };

/** The numbers 0 to `count - 1`. */
export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A new map with the keys 0 to `count - 1`. */
export function filled(memory: Memory, count: number): StableBTreeMap<number, number> {
  const map = StableBTreeMap.create(memory, numbers);
  // Not in order: 7919 is prime to every count used here.
  for (let i = 0; i < count; i++) map.insert((i * 7919) % count, i);
  return map;
}

/** A memory for each engine: over the first a map's tree runs in JavaScript, over the second in WebAssembly. */
export const engines: readonly (readonly [engine: "js" | "wasm", create: CreateMemory])[] = [
  ["js", (options) => new VectorMemory(options)],
  ["wasm", (options) => WasmMemory.create(options)],
];
