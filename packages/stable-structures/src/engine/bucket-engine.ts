import type { StableStructuresError } from "../errors.js";
import type { EngineHome } from "../memory/memory.js";
import type { ManagerTables } from "./manager-tables.js";

/**
 * What a memory manager is made of: the seam between `MemoryManager` and what translates addresses.
 * Ids are 0..254; ranges were checked against the memory's size.
 */
export interface BucketEngine {
  /** `"wasm"` when translation runs in WebAssembly. */
  readonly kind: "js" | "wasm";
  /** Where memory `id` is in WebAssembly; undefined in JavaScript. */
  homeOf(id: number): EngineHome | undefined;
  /** Size of memory `id` in pages. */
  sizeOf(id: number): number;
  /** The tables as they are now; read them at once, they may change or move with the next growth. */
  tables(): ManagerTables;
  /** Grows memory `id`; its previous size in pages, or why it cannot. Refused means unchanged. */
  grow(id: number, pages: number): number | StableStructuresError;
  read(id: number, offset: number, target: Uint8Array): void;
  write(id: number, offset: number, source: Uint8Array): void;
}
