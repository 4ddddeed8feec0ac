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
  structureKindOf,
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
 * they say they are and as something else; reads, writes and reads again. Returns the kinds that opened.
 */
export function probeStructures(image: Memory): StructureKind[] {
  const opened = probeAll([image]);
  let manager: MemoryManager;
  try {
    manager = MemoryManager.load(image);
  } catch (error) {
    if (error instanceof StableStructuresError) return opened;
    throw error;
  }
  opened.push(...probeAll(manager.memories().map(({ id }) => manager.get(id))));
  manager.close();
  return opened;
}

const PROBES: Partial<Record<StructureKind, (memory: WatchedMemory) => boolean>> = {
  vec: probeVec,
  "min-heap": probeHeap,
  cell: probeCell,
};

function probeAll(memories: readonly Memory[]): StructureKind[] {
  const found = memories.map((memory) => ({
    kind: structureKindOf(memory),
    memory: new WatchedMemory(memory),
  }));
  const data = found.filter(({ kind }) => kind === "log-data");
  return found
    .filter(({ kind, memory }) =>
      kind === "log-index"
        ? data.some((entries) => probeLog(memory, entries.memory))
        : PROBES[kind]?.(memory),
    )
    .map(({ kind }) => kind);
}

/** A codec with the bound that the header has, and one that is likely to have another. */
function codecsFor(memory: Memory) {
  const header = new Uint8Array(17);
  memory.read(0, header);
  const maxSize = new DataView(header.buffer).getUint32(12, true);
  return [header[16] === 1 ? fixedBlob(maxSize) : boundedBlob(maxSize), fixedBlob(8)];
}

function probeVec(memory: WatchedMemory): boolean {
  const probe = new Probe([memory]);
  let opened = false;
  for (const value of codecsFor(memory)) {
    const vec = probe.attempt(() => StableVec.load(memory, { value }));
    if (vec === undefined) continue;
    opened = true;
    probe.walk(vec);
    probe.attempt(() => vec.get(Math.floor(vec.length / 2)));
    const element = probe.attempt(() => vec.pop()) ?? new Uint8Array(8);
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => vec.push(element));
    probe.attempt(() => (vec.length > 0 ? vec.set(0, element) : undefined));
    probe.walk(vec);
    vec.close();
  }
  return opened;
}

function probeHeap(memory: WatchedMemory): boolean {
  const probe = new Probe([memory]);
  let opened = false;
  for (const value of codecsFor(memory)) {
    const heap = probe.attempt(() => StableMinHeap.load(memory, { value }));
    if (heap === undefined) continue;
    opened = true;
    probe.walk(heap);
    probe.attempt(() => heap.peek());
    const element = probe.attempt(() => heap.pop()) ?? new Uint8Array(8);
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => heap.push(element));
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => heap.pop());
    probe.walk(heap);
    heap.close();
  }
  return opened;
}

function probeCell(memory: WatchedMemory): boolean {
  const probe = new Probe([memory]);
  let opened = false;
  for (const value of [u64, text, blob] as (typeof blob)[]) {
    const cell = probe.attempt(() => StableCell.load(memory, { value }));
    if (cell === undefined) continue;
    opened = true;
    const before = probe.attempt(() => cell.get());
    if (before !== undefined) probe.attempt(() => cell.set(before));
    cell.close();
  }
  return opened;
}

function probeLog(index: WatchedMemory, data: WatchedMemory): boolean {
  const probe = new Probe([index, data]);
  const log = probe.attempt(() => StableLog.load(index, data, { value: blob }));
  if (log === undefined) return false;
  probe.walk(log);
  for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => log.append(Uint8Array.of(i)));
  probe.attempt(() => log.clear());
  probe.walk(log);
  log.close();
  return true;
}
