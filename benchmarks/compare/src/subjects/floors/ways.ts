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
import type { StorableKey } from "stable-structures";

/** How a search comes to a key. */
export interface Way {
  /** Pointers to what is read: in every node on the way the key at which the search ends there. */
  readonly reads: readonly number[];
  /** The node that has the key. */
  readonly node: NodeBytes;
  readonly index: number;
  /** Where the key ends in its node. */
  readonly keyEnd: number;
}

/**
 * The ways from the root of a map to its keys. The map is the only one of its manager, so it lies in one
 * piece. Keys are in the order of their bytes, as those of every case are.
 */
export class Ways<K> {
  readonly #codec: StorableKey<K>;
  readonly #map: MapBytes;
  /** Undefined where each key is behind its size. */
  readonly #keySize: number | undefined;

  constructor(linearMemory: Uint8Array, codec: StorableKey<K>) {
    const { bound } = codec;
    this.#codec = codec;
    this.#map = new MapBytes(linearMemory);
    this.#keySize = bound !== "unbounded" && bound.fixedSize ? bound.maxSize : undefined;
  }

  /** The way to a key. @throws Error when the map does not have it. */
  to(key: K): Way {
    const wanted = this.#codec.toBytes(key);
    const map = this.#map;
    const reads: number[] = [];
    for (let pointer = map.pointerAt(MAP_START + ROOT_OFFSET); ; ) {
      const node = new NodeBytes(map, pointer, this.#keySize);
      const { order, index, start, end } = node.search(wanted);
      reads.push(pointer + start);
      if (order === 0) return { reads, node, index, keyEnd: end };
      if (node.isLeaf) throw new Error("a way that is measured must lead to an entry");
      pointer = map.pointerAt(pointer + NODE_CONTENT_OFFSET + index * 8);
    }
  }
}

/** Linear memory with a map in it. */
class MapBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly pageSize: number;

  constructor(linearMemory: Uint8Array) {
    this.bytes = linearMemory;
    this.view = new DataView(linearMemory.buffer);
    this.pageSize = Number(this.view.getBigUint64(MAP_START + ALLOCATION_SIZE_OFFSET, true));
  }

  /** Where the address that is at `pointer` leads to; 0 where it leads nowhere. */
  pointerAt(pointer: number): number {
    const address = Number(this.view.getBigUint64(pointer, true));
    return address === 0 ? 0 : MAP_START + address;
  }
}

/** Where a search in a node ended. */
interface Found {
  /** Whether the key there is less than the wanted one, equal, or greater. */
  readonly order: number;
  /** Of the first key that is not less: the entry itself, or the child that may have it. */
  readonly index: number;
  /** Where the key is that was compared last. */
  readonly start: number;
  readonly end: number;
}

/** The bytes of a node: its page and those behind it. Offsets are those of the node, whatever page they fall in. */
class NodeBytes {
  readonly isLeaf: boolean;
  /** Bytes of each of its pages. */
  readonly pageSize: number;
  readonly #map: MapBytes;
  readonly #pointer: number;
  readonly #count: number;
  readonly #keySize: number | undefined;

  constructor(map: MapBytes, pointer: number, keySize: number | undefined) {
    this.#map = map;
    this.pageSize = map.pageSize;
    this.#pointer = pointer;
    this.#keySize = keySize;
    this.#count = map.view.getUint16(pointer + NODE_COUNT_OFFSET, true);
    this.isLeaf = map.bytes[pointer + NODE_TYPE_OFFSET] === NODE_LEAF;
  }

  /** Searches among the keys, which lie in the node page. */
  search(wanted: Uint8Array): Found {
    let end = NODE_CONTENT_OFFSET + (this.isLeaf ? 0 : (this.#count + 1) * 8);
    for (let index = 0; ; index++) {
      const start = this.#keyStart(end);
      end = this.#keyEnd(end);
      const order = this.#compare(start, end, wanted);
      if (order >= 0) return { order, index, start, end };
      if (index === this.#count - 1) return { order, index: index + 1, start, end };
    }
  }

  /** Where value `index` is, given where its key ends. */
  valueOffset(index: number, keyEnd: number): number {
    let offset = keyEnd;
    for (let i = index + 1; i < this.#count; i++) offset = this.#keyEnd(offset);
    for (let i = 0; i < index; i++) offset += 4 + this.#sizeAt(offset);
    return offset;
  }

  /** Where the last value ends, given where key `index` does. */
  end(index: number, keyEnd: number): number {
    let offset = this.valueOffset(index, keyEnd);
    for (let i = index; i < this.#count; i++) offset += 4 + this.#sizeAt(offset);
    return offset;
  }

  /** Pointers to the pages that bytes of the node are in, up to offset `end`; the node page is the first. */
  pages(end: number): number[] {
    const room = this.pageSize - OVERFLOW_HEADER_SIZE;
    const pages = [this.#pointer];
    for (let offset = this.pageSize; offset < end; offset += room)
      pages.push(this.#pageBehind(pages.at(-1) as number));
    return pages;
  }

  /** A pointer to a byte. */
  pointerTo(offset: number): number {
    if (offset < this.pageSize) return this.#pointer + offset;
    const room = this.pageSize - OVERFLOW_HEADER_SIZE;
    let page = this.#pageBehind(this.#pointer);
    let behind = offset - this.pageSize;
    for (; behind >= room; behind -= room) page = this.#pageBehind(page);
    return page + OVERFLOW_HEADER_SIZE + behind;
  }

  #pageBehind(page: number): number {
    const link = page === this.#pointer ? NODE_OVERFLOW_OFFSET : OVERFLOW_NEXT_OFFSET;
    return this.#map.pointerAt(page + link);
  }

  #keyStart(offset: number): number {
    return this.#keySize === undefined ? offset + 4 : offset;
  }

  #keyEnd(offset: number): number {
    return this.#keySize === undefined ? offset + 4 + this.#sizeAt(offset) : offset + this.#keySize;
  }

  /** A size, which may begin in one page and end in the next. */
  #sizeAt(offset: number): number {
    let size = 0;
    for (let i = 3; i >= 0; i--)
      size = size * 2 ** 8 + (this.#map.bytes[this.pointerTo(offset + i)] as number);
    return size;
  }

  #compare(start: number, end: number, wanted: Uint8Array): number {
    const { bytes } = this.#map;
    const length = Math.min(end - start, wanted.length);
    const first = this.#pointer + start;
    for (let i = 0; i < length; i++) {
      const difference = (bytes[first + i] as number) - (wanted[i] as number);
      if (difference !== 0) return difference;
    }
    return end - start - wanted.length;
  }
}

/** Where the first memory of a manager begins in linear memory. */
const MAP_START = IMAGE_BASE + BUCKETS_START;
