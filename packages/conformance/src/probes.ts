import {
  blob,
  boundedBlob,
  fixedBlob,
  type Memory,
  MemoryManager,
  SparseMemory,
  StableCell,
  StableLog,
  StableMinHeap,
  StableStructuresError,
  StableVec,
  type StructureKind,
  structureKindOf,
  text,
  u64,
  WasmMemory,
} from "stable-structures";
import { probeMap, probeMapInJavaScript } from "./map-probes.js";
import { Probe, WatchedMemory } from "./watched-memory.js";

/** Most reads and writes of a memory that one operation may make: a heap of 2^53 elements needs 200. */
const MOST_CALLS = 400;
/** Elements that are read from each end, and operations that write. */
const ELEMENTS = 20;

/**
 * Opens the structures in damaged bytes, or in the memories of their manager, as what they say they are and
 * as something else; reads, writes and reads again. Maps on both engines. Returns the kinds that opened.
 */
export function probeStructures(bytes: Uint8Array): StructureKind[] {
  const opened = probeImage(SparseMemory.from(bytes), probeMapInJavaScript);
  if (opened.includes("btree-map")) probeImage(WasmMemory.from(bytes), probeMap);
  return opened;
}

function probeImage(image: Memory, probeMaps: (memory: Memory) => boolean): StructureKind[] {
  const opened = probeAll([image], probeMaps);
  let manager: MemoryManager;
  try {
    manager = MemoryManager.load(image);
  } catch (error) {
    if (error instanceof StableStructuresError) return opened;
    throw error;
  }
  const memories = manager.memories().map(({ id }) => manager.get(id));
  opened.push(...probeAll(memories, probeMaps));
  manager.close();
  return opened;
}

const PROBES: Partial<Record<StructureKind, (memory: WatchedMemory) => boolean>> = {
  vec: probeVec,
  "min-heap": probeHeap,
  cell: probeCell,
};

function probeAll(
  memories: readonly Memory[],
  probeMaps: (memory: Memory) => boolean,
): StructureKind[] {
  const maps = memories.filter((memory) => structureKindOf(memory) === "btree-map");
  const openedMaps = maps.filter(probeMaps).map(() => "btree-map" as const);
  return [...openedMaps, ...probeOthers(memories)];
}

function probeOthers(memories: readonly Memory[]): StructureKind[] {
  const found = memories.map((memory) => ({
    kind: structureKindOf(memory),
    memory: new WatchedMemory(memory, MOST_CALLS),
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
    probe.walk(vec, ELEMENTS);
    probe.attempt(() => vec.get(Math.floor(vec.length / 2)));
    const element = probe.attempt(() => vec.pop()) ?? new Uint8Array(8);
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => vec.push(element));
    probe.attempt(() => (vec.length > 0 ? vec.set(0, element) : undefined));
    probe.walk(vec, ELEMENTS);
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
    probe.walk(heap, ELEMENTS);
    probe.attempt(() => heap.peek());
    const element = probe.attempt(() => heap.pop()) ?? new Uint8Array(8);
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => heap.push(element));
    for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => heap.pop());
    probe.walk(heap, ELEMENTS);
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
  probe.walk(log, ELEMENTS);
  for (let i = 0; i < ELEMENTS; i++) probe.attempt(() => log.append(Uint8Array.of(i)));
  probe.attempt(() => log.clear());
  probe.walk(log, ELEMENTS);
  log.close();
  return true;
}
