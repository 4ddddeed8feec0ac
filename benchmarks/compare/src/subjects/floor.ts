import {
  ALLOCATION_SIZE_OFFSET,
  BUCKETS_START,
  IMAGE_BASE,
  NODE_CONTENT_OFFSET,
  NODE_COUNT_OFFSET,
  NODE_LEAF,
  NODE_OVERFLOW_OFFSET,
  NODE_TYPE_OFFSET,
  OVERFLOW_HEADER_SIZE,
  OVERFLOW_NEXT_OFFSET,
  ROOT_OFFSET,
} from "@stable-structures/core/layout";
import { blob, type StorableKey, type WasmMemory } from "stable-structures";
import type { List } from "../streams.js";
import type { Work } from "./session.js";

/**
 * What memory alone costs: for each lookup one read in every node on its way, at the key where the search
 * ends there, then of the overflow pages that lead to the value, and of the value, each only when the one
 * before has arrived. Nothing is compared, and nothing is crossed.
 */
export function measureFloor<K>(
  { core }: WasmMemory,
  codec: StorableKey<K>,
  queries: List<K>,
): Work {
  const paths = new Paths(core.bytes, codec).of(queries);
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

/**
 * The ways from the root of a map to the values of keys. The map is the only one of its manager, so it
 * lies in one piece. Keys are in the order of their bytes, as those of every case are.
 */
class Paths<K> {
  readonly #codec: StorableKey<K>;
  readonly #map: Uint8Array;
  readonly #view: DataView;
  readonly #pageSize: number;
  /** Addresses of what is read, one way behind the other. */
  readonly #reads: number[] = [];

  constructor(linearMemory: Uint8Array, codec: StorableKey<K>) {
    this.#codec = codec;
    this.#map = linearMemory.subarray(MAP_START);
    this.#view = new DataView(linearMemory.buffer, MAP_START);
    this.#pageSize = this.#address(ALLOCATION_SIZE_OFFSET);
  }

  /** Pointers to what is read on the way to each key. */
  of(keys: List<K>): Uint32Array {
    for (let i = 0; i < keys.length; i++) this.#descend(this.#codec.toBytes(keys[i] as K));
    return Uint32Array.from(this.#reads, (address) => MAP_START + address);
  }

  #descend(key: Uint8Array): void {
    for (let node = this.#address(ROOT_OFFSET); ; ) {
      const count = this.#view.getUint16(node + NODE_COUNT_OFFSET, true);
      const isLeaf = this.#map[node + NODE_TYPE_OFFSET] === NODE_LEAF;
      const children = node + NODE_CONTENT_OFFSET;
      const keys = this.#keysAt(children + (isLeaf ? 0 : (count + 1) * 8), count);
      const orders = keys.map(({ start, end }) => compare(this.#map.subarray(start, end), key));
      const place = orders.findIndex((order) => order >= 0);
      const index = place < 0 ? count : place;
      this.#reads.push((keys[index] ?? (keys[count - 1] as Span)).start);
      const isFound = orders[index] === 0;
      if (isFound) {
        this.#readValue(node, (keys[count - 1] as Span).end - node, index);
        return;
      }
      if (isLeaf) throw new Error("a way that is measured must lead to a value");
      node = this.#address(children + index * 8);
    }
  }

  /** Where the keys of a node are, which lie in the node page. */
  #keysAt(address: number, count: number): Span[] {
    const { bound } = this.#codec;
    const fixedSize = bound !== "unbounded" && bound.fixedSize ? bound.maxSize : undefined;
    let end = address;
    return Array.from({ length: count }, () => {
      const start = fixedSize === undefined ? end + 4 : end;
      end = start + (fixedSize ?? this.#view.getUint32(end, true));
      return { start, end };
    });
  }

  /** Adds the way to value `index` of a node, whose values begin at `offset`. */
  #readValue(node: number, offset: number, index: number): void {
    const pages = [node];
    for (let next = this.#address(node + NODE_OVERFLOW_OFFSET); next !== 0; ) {
      pages.push(next);
      next = this.#address(next + OVERFLOW_NEXT_OFFSET);
    }
    const room = this.#pageSize - OVERFLOW_HEADER_SIZE;
    /** The page of a byte of the node, and its address. */
    const placeOf = (at: number): [page: number, address: number] => {
      if (at < this.#pageSize) return [0, node + at];
      const page = Math.floor((at - this.#pageSize) / room) + 1;
      const behind = (at - this.#pageSize) % room;
      return [page, (pages[page] as number) + OVERFLOW_HEADER_SIZE + behind];
    };
    const byteAt = (at: number) => this.#map[placeOf(at)[1]] as number;
    let value = offset;
    for (let i = 0; i < index; i++) value += 4 + byteAt(value) + byteAt(value + 1) * 2 ** 8;
    const [page, address] = placeOf(value);
    this.#reads.push(...pages.slice(1, page + 1), address);
  }

  #address(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
}

/** Where a key is in the map. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Order of two keys by their bytes. */
const { compare } = blob;

/** Where the first memory of a manager begins in linear memory. */
const MAP_START = IMAGE_BASE + BUCKETS_START;
