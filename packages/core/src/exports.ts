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
  /** Pointer to bytes above the image for the next map call, 0 when there is no room for them. */
  imageTransfer(length: number): number;

  /*
   * Maps. `home` is the memory a map lives in, 255 is the image itself. Keys and values are encoded
   * bytes at a pointer: in `SCRATCH`, or in what `imageTransfer` gave. Where a call returns a pointer it
   * is good until the next call; sizes, and the reasons of a refusal, are in `RESULT`.
   */

  /** Writes an empty map over the start of a memory and opens it; a status. Its options are in `MAP_OPTIONS`. */
  mapCreate(home: number, version: number, first: number, second: number): number;
  /** Opens a map with the options in `MAP_OPTIONS`; a status. */
  mapOpen(home: number): number;
  /** Forgets a map's options. */
  mapClose(home: number): void;
  /** Number of entries, or a status. */
  mapLength(home: number): number;
  /** Pointer to the value of a key, 0 when it has none, or a status. */
  mapGet(home: number, key: Pointer, size: number): number;
  /** 1 when a key has a value, 0 when not, or a status. */
  mapHas(home: number, key: Pointer, size: number): number;
  /** Finds the first or last entry: 1, 0 when there is none, or a status. */
  mapEnd(home: number, last: boolean): number;
  /** Copies a piece of what was too large (`E_LARGE`) to `OUTPUT`; a status. */
  mapPiece(home: number, ofKey: boolean, start: number, length: number): number;
  /** Inserts an entry: 0 when its key is new, else a pointer to the value it had, or a status. */
  mapInsert(
    home: number,
    key: Pointer,
    keySize: number,
    value: Pointer,
    valueSize: number,
    force: boolean,
  ): number;
  /** Removes a key: 0 when it is not there, else a pointer to its value, or a status. */
  mapRemove(home: number, key: Pointer, size: number, force: boolean): number;
  /** Removes the first or last entry: 0 when there is none, else a pointer to its key, or a status. */
  mapPop(home: number, last: boolean, force: boolean): number;
  /**
   * Fills the first `bytes` bytes of `OUTPUT` with entries of a range: 1 when there may be more, 0 at the
   * end of the range, or a status. `flags` are `FLAG_...` of the layout. Each key, and each value, stands
   * behind its size (u32) unless all have the same.
   */
  mapWalk(
    home: number,
    flags: number,
    start: Pointer,
    startSize: number,
    end: Pointer,
    endSize: number,
    bytes: number,
  ): number;
  /** Puts the values of keys in `SCRATCH` into `OUTPUT`, each behind its size, `MISSING` where there is none; a status. */
  mapGetMany(home: number, keys: Pointer, count: number): number;
  /** Inserts entries, which lie in `SCRATCH` as `mapWalk` gives them; a status. */
  mapInsertMany(home: number, entries: Pointer, count: number): number;
  /** Removes up to `most` entries of a range: 1 when there may be more, 0 at its end, or a status. */
  mapRemoveRange(
    home: number,
    flags: number,
    start: Pointer,
    startSize: number,
    end: Pointer,
    endSize: number,
    most: number,
  ): number;
  /**
   * Appends entries behind all others, packing the nodes; a status. `mapFinish` must follow. More than one
   * must lie in `SCRATCH`.
   */
  mapAppend(home: number, entries: Pointer, count: number): number;
  /** Fills up what `mapAppend` left too small; a status. */
  mapFinish(home: number): number;
  /** Removes all entries; a status. */
  mapClear(home: number): number;

  /** Nodes of maps that were opened or searched since the module was instantiated. */
  countedNodes(): number;
  /** Bytes of nodes that were moved or written since. */
  countedBytes(): number;
}

/** A byte offset in the linear memory. */
type Pointer = number;
