import {
  CHUNK_ALLOCATED_OFFSET,
  CHUNK_HEADER_SIZE,
  CHUNK_MAGIC,
  CHUNK_NEXT_OFFSET,
  CHUNK_VERSION,
  CHUNK_VERSION_OFFSET,
  CHUNKS_START,
} from "@stable-structures/core/layout";
import { getMagic, getU64 } from "../io/bytes.js";
import { type Memory, readBytes } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";

const FREE = 0;
const ALLOCATED = 1;
const DAMAGED = 2;
/** Flags beside the state. */
const LISTED = 4;
const REACHED = 8;
const STATE = 3;

/** So many damaged headers in a row are taken for the end of the chunks. */
const MAX_DAMAGED_IN_A_ROW = 4;
/** The progress of a scan is told after so many chunks. */
const PROGRESS_STEP = 1024;

/** What is at the address of a node page. */
export type Claim = "taken" | "shared" | "free" | "outside";

/** A chunk's header, as far as it says something. */
interface ChunkHeader {
  readonly state: typeof FREE | typeof ALLOCATED | typeof DAMAGED;
  readonly next: number;
}

/** What the allocator's header counts and where its list begins. */
export interface AllocatorFacts {
  readonly nodePageSize: number;
  readonly allocatedChunks: number;
  readonly freeListHead: number;
}

/**
 * The chunks of a map, from address 100 to the frontier: which are allocated, and which of these a walk
 * of the tree has reached. One byte a chunk.
 */
export class ChunkTable {
  readonly chunkSize: number;
  /** Addresses of the headers that are none. */
  readonly damaged: number[] = [];
  /** Addresses of free chunks before the frontier that end the list of free chunks, as only the frontier does. */
  readonly earlyEnds: number[] = [];
  /** Address of the frontier; undefined where the chunks end without one. */
  frontier: number | undefined;
  /** Chunks whose header says that they are allocated. */
  allocated = 0;
  readonly #memory: Memory;
  readonly #facts: AllocatorFacts;
  #flags = new Uint8Array(256);
  #count = 0;

  private constructor(memory: Memory, facts: AllocatorFacts) {
    this.#memory = memory;
    this.#facts = facts;
    this.chunkSize = facts.nodePageSize + CHUNK_HEADER_SIZE;
  }

  /** Reads all headers up to the frontier. `progress` is told the addresses reached. */
  static scan(
    memory: Memory,
    facts: AllocatorFacts,
    progress: (address: number) => void,
  ): ChunkTable {
    const table = new ChunkTable(memory, facts);
    table.#scan(progress);
    return table;
  }

  /** Chunks, the frontier not counted. */
  get count(): number {
    return this.#count;
  }

  /** Address of the node page of chunk `index`. */
  bodyOf(index: number): number {
    return CHUNKS_START + index * this.chunkSize + CHUNK_HEADER_SIZE;
  }

  isAllocated(index: number): boolean {
    return this.#stateOf(index) === ALLOCATED;
  }

  /** Takes the chunk whose node page is at `body` for a node or an overflow page. */
  claim(body: number): Claim {
    const index = this.#indexOf(body - CHUNK_HEADER_SIZE);
    if (index === undefined || index >= this.#count) return "outside";
    const flags = this.#flags[index] as number;
    if (flags & REACHED) return "shared";
    this.#flags[index] = flags | REACHED;
    return (flags & STATE) === FREE ? "free" : "taken";
  }

  /**
   * Follows the list of free chunks.
   * @returns the address of the link that leads wrong and where it leads, or undefined for a sound list.
   */
  findBrokenLink(headAddress: number): { link: number; target: number } | undefined {
    let link = headAddress;
    let target = this.#facts.freeListHead;
    while (target !== this.frontier) {
      const index = this.#indexOf(target);
      const flags = index === undefined ? undefined : this.#flags[index];
      const isFree = index !== undefined && index < this.#count && flags === FREE;
      if (!isFree) return { link, target };
      this.#flags[index] = FREE | LISTED;
      link = target + CHUNK_NEXT_OFFSET;
      target = this.#headerAt(target).next;
    }
    return undefined;
  }

  /** Free chunks that the list does not lead to, once it was followed. */
  unlisted(): { chunks: number; first: number } {
    return this.#select((flags) => (flags & (STATE | LISTED)) === FREE);
  }

  /** Allocated chunks that no walk has reached. */
  leaked(): { chunks: number; first: number } {
    return this.#select((flags) => (flags & (STATE | REACHED)) === ALLOCATED);
  }

  #select(wanted: (flags: number) => boolean): { chunks: number; first: number } {
    let chunks = 0;
    let first = 0;
    for (let index = 0; index < this.#count; index++) {
      if (!wanted(this.#flags[index] as number)) continue;
      if (chunks++ === 0) first = CHUNKS_START + index * this.chunkSize;
    }
    return { chunks, first };
  }

  #scan(progress: (address: number) => void): void {
    let inARow = 0;
    for (let address = CHUNKS_START; this.#isInMemory(address); address += this.chunkSize) {
      const { state, next } = this.#headerAt(address);
      if (this.#count % PROGRESS_STEP === 0) progress(address);
      if (state === FREE && next === 0) {
        if (this.#isFrontier(address)) {
          this.frontier = address;
          return;
        }
        this.earlyEnds.push(address);
      }
      if (state === DAMAGED) this.damaged.push(address);
      inARow = state === DAMAGED ? inARow + 1 : 0;
      if (inARow === MAX_DAMAGED_IN_A_ROW) {
        this.#forget(inARow);
        return;
      }
      this.#add(state);
    }
  }

  /** Only the frontier's `next` is 0; behind it may lie the chunks of a map that was cleared. */
  #isFrontier(address: number): boolean {
    if (this.allocated >= this.#facts.allocatedChunks) return true;
    const behind = address + this.chunkSize;
    return !this.#isInMemory(behind) || this.#headerAt(behind).state === DAMAGED;
  }

  /** What looked like damaged chunks lies behind the last one. */
  #forget(chunks: number): void {
    this.#count -= chunks - 1;
    this.damaged.length -= chunks;
  }

  #add(state: number): void {
    if (this.#count === this.#flags.length) {
      const longer = new Uint8Array(this.#flags.length * 2);
      longer.set(this.#flags);
      this.#flags = longer;
    }
    this.#flags[this.#count++] = state;
    if (state === ALLOCATED) this.allocated++;
  }

  #headerAt(address: number): ChunkHeader {
    const bytes = readBytes(this.#memory, address, CHUNK_HEADER_SIZE);
    const flag = bytes[CHUNK_ALLOCATED_OFFSET] as number;
    const isChunk =
      getMagic(bytes, 0) === CHUNK_MAGIC && bytes[CHUNK_VERSION_OFFSET] === CHUNK_VERSION;
    if (!isChunk || flag > 1) return { state: DAMAGED, next: 0 };
    return { state: flag === 1 ? ALLOCATED : FREE, next: getU64(bytes, CHUNK_NEXT_OFFSET) };
  }

  #isInMemory(address: number): boolean {
    return address + CHUNK_HEADER_SIZE <= this.#memory.size() * PAGE_SIZE;
  }

  #stateOf(index: number): number {
    return (this.#flags[index] as number) & STATE;
  }

  #indexOf(address: number): number | undefined {
    const index = (address - CHUNKS_START) / this.chunkSize;
    return Number.isInteger(index) && index >= 0 ? index : undefined;
  }
}
