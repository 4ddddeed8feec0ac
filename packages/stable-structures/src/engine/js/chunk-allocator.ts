import {
  ALLOCATED_CHUNKS_OFFSET,
  ALLOCATION_SIZE_OFFSET,
  ALLOCATOR_HEADER_SIZE,
  ALLOCATOR_MAGIC,
  ALLOCATOR_OFFSET,
  ALLOCATOR_VERSION,
  CHUNK_ALLOCATED_OFFSET,
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_NEXT_OFFSET,
  CHUNK_VERSION,
  CHUNKS_START,
  FREE_LIST_HEAD_OFFSET,
} from "@stable-structures/core/layout";
import { CorruptedError, UnsupportedVersionError } from "../../errors.js";
import { getMagic, getU64, setMagic, setU64 } from "../../io/bytes.js";
import type { StagedMemory } from "../../io/staged-memory.js";

/** What the allocator keeps beside the image; the map restores it when an operation is refused. */
export interface AllocatorState {
  allocatedChunks: number;
  freeListHead: number;
}

/**
 * Hands out chunks of one size, layout in `layout/btree.ts`. Freed chunks are handed out again, last
 * in first out; the list ends with the frontier, the one chunk that was never used.
 *
 * INVARIANT: every chunk below the frontier has a header, and only the frontier's `next` is 0.
 */
export class ChunkAllocator {
  readonly #memory: StagedMemory;
  readonly #allocationSize: number;
  #state: AllocatorState;
  #changed = false;

  private constructor(memory: StagedMemory, allocationSize: number, state: AllocatorState) {
    this.#memory = memory;
    this.#allocationSize = allocationSize;
    this.#state = state;
  }

  /** Starts an empty allocator of chunks that offer `allocationSize` bytes. */
  static create(memory: StagedMemory, allocationSize: number): ChunkAllocator {
    const allocator = new ChunkAllocator(memory, allocationSize, {
      allocatedChunks: 0,
      freeListHead: 0,
    });
    allocator.clear();
    return allocator;
  }

  /**
   * Reads the allocator's header.
   * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`)
   * @throws CorruptedError (`STABLE_CORRUPTED`) when it does not fit `allocationSize` or the memory.
   */
  static load(memory: StagedMemory, allocationSize: number): ChunkAllocator {
    const bytes = memory.read(0, CHUNKS_START);
    if (getMagic(bytes, ALLOCATOR_OFFSET) !== ALLOCATOR_MAGIC) {
      throw new CorruptedError(ALLOCATOR_OFFSET, 'the allocator\'s magic "BTA"');
    }
    const version = bytes[ALLOCATOR_OFFSET + 3] as number;
    if (version !== ALLOCATOR_VERSION)
      throw new UnsupportedVersionError("the map's allocator", version, [ALLOCATOR_VERSION]);
    if (getU64(bytes, ALLOCATION_SIZE_OFFSET) !== allocationSize) {
      throw new CorruptedError(
        ALLOCATION_SIZE_OFFSET,
        `chunks of the map's node page size, ${allocationSize} bytes`,
      );
    }
    const allocatedChunks = getU64(bytes, ALLOCATED_CHUNKS_OFFSET);
    const chunkSize = allocationSize + CHUNK_HEADER_SIZE;
    if (!(allocatedChunks * chunkSize <= memory.sizeInBytes)) {
      throw new CorruptedError(
        ALLOCATED_CHUNKS_OFFSET,
        "as many allocated chunks as the memory can hold",
      );
    }
    const freeListHead = getU64(bytes, FREE_LIST_HEAD_OFFSET);
    return new ChunkAllocator(memory, allocationSize, { allocatedChunks, freeListHead });
  }

  /** Chunks that are allocated: no chain of them can be longer. */
  get allocatedChunks(): number {
    return this.#state.allocatedChunks;
  }

  get state(): AllocatorState {
    return { ...this.#state };
  }

  /** Takes the allocator back to what `state` was when it was read. */
  restore(state: AllocatorState): void {
    this.#state = { ...state };
    this.#changed = false;
  }

  /** Address of the bytes of a chunk that is now allocated. They keep what they held. */
  allocate(): number {
    const address = this.#state.freeListHead;
    const next = this.#readChunk(address, false);
    // COMPAT: an allocated chunk keeps its `next` as it is.
    this.#writeChunk(address, true, next);
    this.#state.freeListHead = next === 0 ? this.#moveFrontier(address) : next;
    this.#state.allocatedChunks += 1;
    this.#changed = true;
    return address + CHUNK_HEADER_SIZE;
  }

  /** Frees the chunk whose bytes start at `body`; they stay as they are. */
  deallocate(body: number): void {
    const address = body - CHUNK_HEADER_SIZE;
    this.#readChunk(address, true);
    this.#writeChunk(address, false, this.#state.freeListHead);
    this.#state.freeListHead = address;
    this.#state.allocatedChunks -= 1;
    this.#changed = true;
  }

  /** Frees every chunk at once, by starting over; no other byte changes. */
  clear(): void {
    this.#state = { allocatedChunks: 0, freeListHead: CHUNKS_START };
    this.#writeChunk(CHUNKS_START, false, 0);
    this.#changed = true;
  }

  /** Stages the header if it changed since it was last staged. */
  save(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const header = new Uint8Array(ALLOCATOR_HEADER_SIZE);
    setMagic(header, 0, ALLOCATOR_MAGIC, ALLOCATOR_VERSION);
    setU64(header, ALLOCATION_SIZE_OFFSET - ALLOCATOR_OFFSET, this.#allocationSize);
    setU64(header, ALLOCATED_CHUNKS_OFFSET - ALLOCATOR_OFFSET, this.#state.allocatedChunks);
    setU64(header, FREE_LIST_HEAD_OFFSET - ALLOCATOR_OFFSET, this.#state.freeListHead);
    this.#memory.write(ALLOCATOR_OFFSET, header);
  }

  #moveFrontier(address: number): number {
    const frontier = address + CHUNK_HEADER_SIZE + this.#allocationSize;
    this.#writeChunk(frontier, false, 0);
    return frontier;
  }

  /** The chunk's `next`, after checking that there is a chunk in the state expected. */
  #readChunk(address: number, allocated: boolean): number {
    if (!(address >= CHUNKS_START))
      throw new CorruptedError(address, "a chunk, and none lies below address 100");
    const bytes = this.#memory.read(address, CHUNK_HEADER_SIZE);
    if (getMagic(bytes, 0) !== CHUNK_MAGIC || bytes[3] !== CHUNK_VERSION) {
      throw new CorruptedError(address, 'a chunk header ("CHK", version 1)');
    }
    if (bytes[CHUNK_ALLOCATED_OFFSET] !== Number(allocated)) {
      throw new CorruptedError(
        address + CHUNK_ALLOCATED_OFFSET,
        allocated ? "an allocated chunk" : "a free chunk",
      );
    }
    const next = getU64(bytes, CHUNK_NEXT_OFFSET);
    if (!(next < this.#memory.sizeInBytes)) {
      throw new CorruptedError(
        address + CHUNK_NEXT_OFFSET,
        "the address of a chunk in the memory, or 0",
      );
    }
    return next;
  }

  #writeChunk(address: number, allocated: boolean, next: number): void {
    const header = new Uint8Array(CHUNK_HEADER_SIZE);
    setMagic(header, 0, CHUNK_MAGIC, CHUNK_VERSION);
    header[CHUNK_ALLOCATED_OFFSET] = Number(allocated);
    setU64(header, CHUNK_NEXT_OFFSET, next);
    this.#memory.write(address, header);
  }
}
