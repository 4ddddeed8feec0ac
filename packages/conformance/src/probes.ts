import {
  blob,
  boundedBlob,
  fixedBlob,
  type Memory,
  MemoryManager,
  StableCell,
  StableLog,
  StableMinHeap,
  StableStructuresError,
  StableVec,
  type StructureKind,
  text,
  u64,
} from "stable-structures";

/** Most reads and writes of a memory that one operation may make: a heap of 2^53 elements needs 200. */
const MOST_CALLS = 400;
/** Elements that are read from each end, and operations that write. */
const ELEMENTS = 20;

/** A memory that ends an operation which does not end by itself, or asks for too much. */
class WatchedMemory implements Memory {
  calls = 0;
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  size(): number {
    return this.#memory.size();
  }

  grow(pages: number): number {
    return this.#memory.size() + pages > 1000 ? -1 : this.#memory.grow(pages);
  }

  read(offset: number, target: Uint8Array): void {
    this.#count();
    this.#memory.read(offset, target);
  }

  write(offset: number, source: Uint8Array): void {
    this.#count();
    this.#memory.write(offset, source);
  }

  #count(): void {
    if (++this.calls > MOST_CALLS)
      throw new Error(`more than ${MOST_CALLS} calls in one operation`);
  }
}

/** Runs operations one by one; errors with a code are answers, all others are mistakes of the library. */
class Probe {
  readonly #memories: readonly WatchedMemory[];

  constructor(memories: readonly WatchedMemory[]) {
    this.#memories = memories;
  }

  attempt<T>(operation: () => T): T | undefined {
    for (const memory of this.#memories) memory.calls = 0;
    try {
      return operation();
    } catch (error) {
      if (error instanceof StableStructuresError) return undefined;
      throw error;
    }
  }

  /** Reads elements from both ends. */
  walk(open: { readonly length: number; values(options: object): Iterator<unknown> }): void {
    for (const reverse of [false, true]) {
      const iterator = this.attempt(() => open.values({ reverse }));
      for (let i = 0; i < ELEMENTS; i++) this.attempt(() => iterator?.next());
    }
  }
}

/**
 * Opens the vectors, heaps, cells and logs in a damaged memory, or in the memories of its manager, as what
 * they say they are and as something else; reads, writes and reads again.
 */
export function probeStructures(image: Memory, kindOf: (memory: Memory) => StructureKind): void {
  probe([image], kindOf);
  let manager: MemoryManager;
  try {
    manager = MemoryManager.load(image);
  } catch (error) {
    if (error instanceof StableStructuresError) return;
    throw error;
  }
  probe(
    manager.memories().map(({ id }) => manager.get(id)),
    kindOf,
  );
  manager.close();
}

function probe(memories: readonly Memory[], kindOf: (memory: Memory) => StructureKind): void {
  for (const memory of memories) {
    const kind = kindOf(memory);
    const watched = new WatchedMemory(memory);
    if (kind === "vec") probeVec(watched);
    if (kind === "min-heap") probeHeap(watched);
    if (kind === "cell") probeCell(watched);
    if (kind === "log-index") {
      for (const data of memories.filter((other) => other !== memory))
        if (kindOf(data) === "log-data") probeLog(watched, new WatchedMemory(data));
    }
  }
}

/** A codec with the bound that the header has, and one that is likely to have another. */
function codecsFor(memory: Memory) {
  const header = new Uint8Array(17);
  memory.read(0, header);
  const maxSize = new DataView(header.buffer).getUint32(12, true);
  return [header[16] === 1 ? fixedBlob(maxSize) : boundedBlob(maxSize), fixedBlob(8)];
}

function probeVec(memory: WatchedMemory): void {
  const probe = new Probe([memory]);
  for (const value of codecsFor(memory)) {
    const vec = probe.attempt(() => StableVec.load(memory, { value }));
    if (vec === undefined) continue;
    probe.walk(vec);
    probe.attempt(() => vec.get(Math.floor(vec.length / 2)));
    const element = probe.attempt(() => vec.pop()) ?? new Uint8Array(8);
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => vec.push(element));
    probe.attempt(() => (vec.length > 0 ? vec.set(0, element) : undefined));
    probe.walk(vec);
    vec.close();
  }
}

function probeHeap(memory: WatchedMemory): void {
  const probe = new Probe([memory]);
  for (const value of codecsFor(memory)) {
    const heap = probe.attempt(() => StableMinHeap.load(memory, { value }));
    if (heap === undefined) continue;
    probe.walk(heap);
    probe.attempt(() => heap.peek());
    const element = probe.attempt(() => heap.pop()) ?? new Uint8Array(8);
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => heap.push(element));
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => heap.pop());
    probe.walk(heap);
    heap.close();
  }
}

function probeCell(memory: WatchedMemory): void {
  const probe = new Probe([memory]);
  for (const value of [u64, text, blob] as (typeof blob)[]) {
    const cell = probe.attempt(() => StableCell.load(memory, { value }));
    if (cell === undefined) continue;
    const before = probe.attempt(() => cell.get());
    if (before !== undefined) probe.attempt(() => cell.set(before));
    cell.close();
  }
}

function probeLog(index: WatchedMemory, data: WatchedMemory): void {
  const probe = new Probe([index, data]);
  const log = probe.attempt(() => StableLog.load(index, data, { value: blob }));
  if (log === undefined) return;
  probe.walk(log);
  for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => log.append(Uint8Array.of(i)));
  probe.attempt(() => log.clear());
  probe.walk(log);
  log.close();
}
