/**
 * What the engine's module exports, as `assembly/index.ts` declares it.
 *
 * Memory ids are 0..254, sizes are in pages of 64 KiB, offsets and lengths in bytes. A negative
 * result is a status of the layout (`E_...`). A `Pointer` is a byte offset in the linear memory;
 * WebAssembly hands it over signed, so use `>>> 0`.
 */
export interface CoreExports extends WebAssembly.Exports {
  /** Number of this interface; see `ABI_VERSION`. */
  abi(): number;
  /** Size of the image in pages. */
  imageSize(): number;
  /** Grows the image by zero pages; its previous size, or `E_GROW_FAILED`. */
  imageGrow(pages: number): number;
  /** Sets the most pages the image may grow to. */
  imageSetLimit(pages: number): void;
  /** Writes an empty manager over the start of the image; a status. */
  managerCreate(bucketSizeInPages: number): number;
  /** Reads the manager at the start of the image; a status. */
  managerOpen(): number;
  /** Size of a memory in pages. */
  managerSize(id: number): number;
  /** Grows a memory; its previous size, or a status. */
  managerGrow(id: number, pages: number): number;
  /** Pointer to a range of a memory, 0 when the range is out of bounds or scattered. */
  managerTranslate(id: number, offset: number, length: number): number;
  /** Copies from a memory to a pointer; a status. */
  managerRead(id: number, offset: number, target: number, length: number): number;
  /** Copies from a pointer to a memory; a status. */
  managerWrite(id: number, offset: number, source: number, length: number): number;
}
