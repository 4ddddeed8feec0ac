import { IMAGE_BASE } from "@stable-structures/core/layout";
import {
  type Memory,
  MemoryManager,
  PAGE_SIZE,
  VectorMemory,
  type VirtualMemory,
  WasmMemory,
} from "stable-structures";
import { type Effort, measure, type Subject, type Timing } from "./measure.js";

/** Bytes of the memory that is read and written: larger than any cache but the last. */
const MEMORY_PAGES = 512;
/** Offsets are drawn beforehand; this many, over and over. */
const OFFSETS = 4096;
const SEED = 0x2545f491;

const BUCKET_SIZES = [128, 1] as const;
const LENGTHS = [8, 4096, 65536] as const;

type Access = "read" | "write";

/** One line of the table. */
export interface Row {
  readonly row: string;
  readonly subjects: Readonly<Record<string, Timing>>;
}

/**
 * Reads and writes of a managed memory against the bare copy: what address translation costs.
 *
 * Two memories grow in turn, so with buckets of one page no two buckets of a memory are neighbours.
 * There is one engine in the process, as in most programs: with several, V8 no longer knows which
 * function a call into WebAssembly reaches, and each costs several ns more.
 */
export function* managerAccess(effort: Effort, only: RegExp): Generator<Row> {
  const engine = WasmMemory.create();
  const vector = new VectorMemory();
  for (const bucketSize of BUCKET_SIZES) {
    const wasm = prepare(engine, bucketSize);
    const js = prepare(vector, bucketSize);
    for (const setting of settings(bucketSize, only)) {
      const { row, access, length, offsets, addresses } = setting;
      const subjects = [
        { name: "wasm", run: accessOf(wasm.get(0), access, length, offsets) },
        { name: "js", run: accessOf(js.get(0), access, length, offsets) },
        { name: "set", run: bareSet(engine.core.bytes, access, length, addresses) },
        { name: "memory.copy", run: bareCopy(engine.core.memory, access, length, addresses) },
      ];
      yield { row, subjects: byName(subjects, measure(subjects, effort)) };
    }
    wasm.close();
    js.close();
  }
}

interface Setting {
  readonly row: string;
  readonly access: Access;
  readonly length: number;
  readonly offsets: Uint32Array;
  /** The same places in linear memory. */
  readonly addresses: Uint32Array;
}

function* settings(bucketSize: number, only: RegExp): Generator<Setting> {
  for (const length of LENGTHS) {
    for (const order of ["sequential", "random"] as const) {
      const offsets = offsetsOf(order, length);
      const addresses = offsets.map((offset) => addressOf(offset, bucketSize));
      for (const access of ["read", "write"] as const) {
        const row = `${access}, ${length} B, ${order}, bucket ${bucketSize}`;
        if (only.test(row)) yield { row, access, length, offsets, addresses };
      }
    }
  }
}

function prepare(base: Memory, bucketSizeInPages: number): MemoryManager {
  const manager = MemoryManager.create(base, { bucketSizeInPages, overwrite: true });
  const memory = manager.get(0);
  while (memory.size() < MEMORY_PAGES) {
    memory.grow(bucketSizeInPages);
    manager.get(1).grow(bucketSizeInPages);
  }
  // Touched beforehand: else the first run measures page faults.
  const page = new Uint8Array(PAGE_SIZE).fill(1);
  for (let i = 0; i < base.size() - 1; i++) base.write((i + 1) * PAGE_SIZE, page);
  return manager;
}

function offsetsOf(order: "sequential" | "random", length: number): Uint32Array {
  const last = MEMORY_PAGES * PAGE_SIZE - length;
  let state = SEED;
  return Uint32Array.from({ length: OFFSETS }, (_, i) => {
    if (order === "sequential") return (i * length) % (last + 1);
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * (last / 8)) * 8;
  });
}

function accessOf(memory: VirtualMemory, access: Access, length: number, offsets: Uint32Array) {
  const bytes = new Uint8Array(length).fill(2);
  return access === "read"
    ? (i: number) => memory.read(offsets[i & (OFFSETS - 1)] as number, bytes)
    : (i: number) => memory.write(offsets[i & (OFFSETS - 1)] as number, bytes);
}

/** Where byte `offset` of memory 0 lies in linear memory: its buckets are the even ones. */
function addressOf(offset: number, bucketSizeInPages: number): number {
  const bucketBytes = bucketSizeInPages * PAGE_SIZE;
  return IMAGE_BASE + PAGE_SIZE + offset + Math.floor(offset / bucketBytes) * bucketBytes;
}

/** The same copies straight from and to the linear memory, at addresses translated beforehand. */
function bareSet(bytes: Uint8Array, access: Access, length: number, addresses: Uint32Array) {
  const own = new Uint8Array(length).fill(2);
  return access === "write"
    ? (i: number) => bytes.set(own, addresses[i & (OFFSETS - 1)])
    : (i: number) => {
        const at = addresses[i & (OFFSETS - 1)] as number;
        own.set(bytes.subarray(at, at + length));
      };
}

/** The same copies inside the linear memory, by the instruction alone. */
function bareCopy(
  memory: WebAssembly.Memory,
  access: Access,
  length: number,
  addresses: Uint32Array,
) {
  const copy = memoryCopy(memory);
  const scratch = IMAGE_BASE - length;
  return access === "write"
    ? (i: number) => copy(addresses[i & (OFFSETS - 1)] as number, scratch, length)
    : (i: number) => copy(scratch, addresses[i & (OFFSETS - 1)] as number, length);
}

/** A module of one function, `(target, source, length) => memory.copy`, over `memory`. */
function memoryCopy(
  memory: WebAssembly.Memory,
): (target: number, source: number, length: number) => void {
  const module = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0], // type: (i32, i32, i32) -> ()
    ...[2, 10, 1, 3, 0x65, 0x6e, 0x76, 1, 0x6d, 2, 0, 1], // import env.m: a memory of at least 1 page
    ...[3, 2, 1, 0], // function 0
    ...[7, 5, 1, 1, 0x63, 0, 0], // export c
    ...[10, 14, 1, 12, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfc, 10, 0, 0, 0x0b], // memory.copy
  );
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { m: memory } });
  return instance.exports.c as (target: number, source: number, length: number) => void;
}

function byName(subjects: readonly Subject[], timings: readonly Timing[]): Record<string, Timing> {
  return Object.fromEntries(subjects.map(({ name }, i) => [name, timings[i] as Timing]));
}
