import {
  boundedBlob,
  type Memory,
  MemoryManager,
  type OverwriteOptions,
  StableCell,
  StableLog,
  StableMinHeap,
  StableVec,
  VectorMemory,
} from "../../src/index.js";

/** A structure of bytes, seen as all structures are: fill it, list it, close it. */
interface Opened {
  /** Adds or sets a value of `size` bytes. */
  add(size: number): void;
  /** Everything in it. */
  list(): Uint8Array[];
  /** Every other operation. */
  readonly others: readonly (() => unknown)[];
  close(): void;
}

type Open = (
  memory: Memory,
  options?: OverwriteOptions & { zero?: boolean },
  /** A codec with another bound. */
  maxSize?: number,
) => Opened;

/** One kind of structure, opened in each way. A log has its entries in a memory of its own. */
export interface Kind {
  readonly name: string;
  readonly create: Open;
  readonly load: Open;
  readonly init: Open;
}

/** Most bytes of an element. */
export const MAX_SIZE = 40_000;

const value = (maxSize = MAX_SIZE) => ({ value: boundedBlob(maxSize) });
const filled = (size: number) => new Uint8Array(size).fill(size);

const ofVec = (vec: StableVec<Uint8Array>): Opened => ({
  add: (size) => vec.push(filled(size)),
  list: () => [...vec],
  others: [
    () => vec.length,
    () => vec.get(0),
    () => vec.set(0, filled(1)),
    () => vec.pop(),
    () => vec.clear(),
    () => vec.values(),
  ],
  close: () => vec.close(),
});

const ofHeap = (heap: StableMinHeap<Uint8Array>): Opened => ({
  add: (size) => heap.push(filled(size)),
  list: () => [...heap],
  others: [
    () => heap.length,
    () => heap.peek(),
    () => heap.pop(),
    () => heap.clear(),
    () => heap.values(),
  ],
  close: () => heap.close(),
});

const ofCell = (cell: StableCell<Uint8Array>): Opened => ({
  add: (size) => cell.set(filled(size)),
  list: () => [cell.get()],
  others: [],
  close: () => cell.close(),
});

const ofLog = (log: StableLog<Uint8Array>): Opened => ({
  add: (size) => log.append(filled(size)),
  list: () => [...log],
  others: [
    () => log.length,
    () => log.logSizeBytes(),
    () => log.indexSizeBytes(),
    () => log.dataSizeBytes(),
    () => log.get(0),
    () => log.readEntry(0),
    () => log.first(),
    () => log.last(),
    () => log.clear(),
    () => log.values(),
  ],
  close: () => log.close(),
});

const initial = { initial: Uint8Array.of(7) };

/** The memory for the entries of the log whose index is in a memory. */
const dataMemories = new WeakMap<Memory, Memory>();

function dataOf(index: Memory): Memory {
  const data = dataMemories.get(index) ?? new VectorMemory();
  dataMemories.set(index, data);
  return data;
}

export const kinds: readonly Kind[] = [
  {
    name: "StableVec",
    create: (memory, options, max) =>
      ofVec(StableVec.create(memory, { ...value(max), ...options })),
    load: (memory, _, max) => ofVec(StableVec.load(memory, value(max))),
    init: (memory, _, max) => ofVec(StableVec.init(memory, value(max))),
  },
  {
    name: "StableMinHeap",
    create: (memory, options, max) =>
      ofHeap(StableMinHeap.create(memory, { ...value(max), ...options })),
    load: (memory, _, max) => ofHeap(StableMinHeap.load(memory, value(max))),
    init: (memory, _, max) => ofHeap(StableMinHeap.init(memory, value(max))),
  },
  {
    name: "StableCell",
    create: (memory, options, max) =>
      ofCell(StableCell.create(memory, { ...value(max), ...initial, ...options })),
    load: (memory, _, max) => ofCell(StableCell.load(memory, value(max))),
    init: (memory, _, max) => ofCell(StableCell.init(memory, { ...value(max), ...initial })),
  },
  {
    name: "StableLog",
    create: (memory, options, max) =>
      ofLog(StableLog.create(memory, dataOf(memory), { ...value(max), ...options })),
    load: (memory, _, max) => ofLog(StableLog.load(memory, dataOf(memory), value(max))),
    init: (memory, _, max) => ofLog(StableLog.init(memory, dataOf(memory), value(max))),
  },
];

/** A memory that holds a manager, which no structure may take for its own. */
export function foreignMemory(): Memory {
  const memory = new VectorMemory();
  MemoryManager.create(memory, { bucketSizeInPages: 1 }).close();
  return memory;
}

/** A memory that works until it is told to fail. */
export class FailingMemory extends VectorMemory {
  /** Writes that still work. */
  writesLeft = Infinity;

  override write(offset: number, source: Uint8Array): void {
    if (this.writesLeft-- <= 0) throw new Error("no space left on device");
    super.write(offset, source);
  }
}
