import {
  BUCKETS_START,
  IMAGE_BASE,
  NODE_CONTENT_OFFSET,
  NODE_COUNT_OFFSET,
  NODE_LEAF,
  NODE_TYPE_OFFSET,
  ROOT_OFFSET,
} from "@stable-structures/core/layout";
import { type MemoryManager, PAGE_SIZE, type WasmMemory } from "stable-structures";
import type { List } from "../streams.js";
import type { Work } from "./session.js";

const KEY_SIZE = 8;

/**
 * What memory alone costs: for each lookup the first bytes of every node on its way, each read only when
 * the one before has arrived. Nothing is compared, and nothing is crossed.
 */
export function measureFloor(
  { core }: WasmMemory,
  manager: MemoryManager,
  queries: List<number>,
): Work {
  const paths = new Paths(core.view, manager).of(queries);
  const words = new Int32Array(core.bytes.buffer, 0, core.bytes.length >> 2);
  const start = performance.now();
  // Zero, but no compiler knows, as it would of a length: so every read depends on the one before it.
  const zero = Number(start < 0);
  let word = 0;
  for (let i = 0; i < paths.length; i++)
    word = words[((paths[i] as number) + (word & zero)) >> 2] as number;
  const nanoseconds = (performance.now() - start) * 1e6;
  return { operations: queries.length, checksum: word & zero, nanoseconds };
}

/** The ways from the root of the map in memory 0, whose keys are of eight bytes. */
class Paths {
  readonly #view: DataView;
  readonly #buckets: readonly number[];
  readonly #bucketBytes: number;

  constructor(view: DataView, manager: MemoryManager) {
    this.#view = view;
    this.#buckets = manager.memories()[0]?.buckets ?? [];
    this.#bucketBytes = manager.bucketSizeInPages * PAGE_SIZE;
  }

  /** Pointers to the nodes on the way to each key, one way behind the other. */
  of(keys: List<number>): Uint32Array {
    const pointers: number[] = [];
    for (let i = 0; i < keys.length; i++) this.#descend(keys[i] as number, pointers);
    return Uint32Array.from(pointers);
  }

  #descend(key: number, pointers: number[]): void {
    for (let address = this.#u64(ROOT_OFFSET, true); ; ) {
      pointers.push(this.#pointer(address));
      const count = this.#view.getUint16(this.#pointer(address + NODE_COUNT_OFFSET), true);
      if (this.#view.getUint8(this.#pointer(address + NODE_TYPE_OFFSET)) === NODE_LEAF) return;
      const children = address + NODE_CONTENT_OFFSET;
      const keys = children + (count + 1) * 8;
      let index = 0;
      while (index < count && this.#u64(keys + index * KEY_SIZE, false) < key) index++;
      if (index < count && this.#u64(keys + index * KEY_SIZE, false) === key) return;
      address = this.#u64(children + index * 8, true);
    }
  }

  #u64(address: number, littleEndian: boolean): number {
    return Number(this.#view.getBigUint64(this.#pointer(address), littleEndian));
  }

  /** A field never lies across two buckets here: cases for the floor have one map, so one piece. */
  #pointer(address: number): number {
    const bucket = this.#buckets[Math.floor(address / this.#bucketBytes)] ?? 0;
    return IMAGE_BASE + BUCKETS_START + bucket * this.#bucketBytes + (address % this.#bucketBytes);
  }
}
