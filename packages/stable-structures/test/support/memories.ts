import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import {
  type Memory,
  MemoryManager,
  type MemoryOptions,
  RestrictedMemory,
  SparseMemory,
  VectorMemory,
  WasmMemory,
} from "../../src/index.js";
import { FileMemory } from "../../src/node.js";

let folder: string | undefined;
let files = 0;

/** A path in a folder that is removed when the tests of a file are over. */
export function temporaryPath(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), "stable-structures-test-"));
    afterAll(() => rmSync(folder as string, { recursive: true, force: true }));
  }
  return join(folder, `${files++}.bin`);
}

/** Makes an empty memory of at most `maximumPages` pages. */
export type CreateMemory = (options?: MemoryOptions) => Memory;

/** Memories that hold their own bytes. */
export const baseMemories: readonly (readonly [name: string, create: CreateMemory])[] = [
  ["VectorMemory", (options) => new VectorMemory(options)],
  ["SparseMemory", (options) => new SparseMemory(options)],
  ["WasmMemory", (options) => WasmMemory.create(options)],
];

/** Every memory there is, virtual ones and windows included. The limit is that of the memory itself. */
export const allMemories: readonly (readonly [name: string, create: CreateMemory])[] = [
  ...baseMemories,
  ["FileMemory", (options) => FileMemory.create(temporaryPath(), options)],
  [
    "RestrictedMemory",
    (options) => new RestrictedMemory(new VectorMemory(), 3, 3 + (options?.maximumPages ?? 1000)),
  ],
  [
    "VirtualMemory in JavaScript",
    (options) => interleaved(new VectorMemory(limitOfBase(options)), options?.maximumPages),
  ],
  [
    "VirtualMemory in WebAssembly",
    (options) => interleaved(WasmMemory.create(limitOfBase(options)), options?.maximumPages),
  ],
];

/** Memory 9 of a manager with buckets of one page, so that a limit below is a limit of the memory. */
function interleaved(base: Memory, maximumPages: number | undefined): Memory {
  const manager = MemoryManager.create(base, { bucketSizeInPages: 1 });
  if (maximumPages === undefined) manager.get(0).grow(1);
  return manager.get(9);
}

function limitOfBase(options: MemoryOptions | undefined): MemoryOptions {
  return options?.maximumPages === undefined ? {} : { maximumPages: options.maximumPages + 1 };
}
