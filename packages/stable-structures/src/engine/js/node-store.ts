import {
  NODE_CAPACITY,
  NODE_CONTENT_OFFSET,
  NODE_COUNT_OFFSET,
  NODE_HEADER_SIZE,
  NODE_INTERNAL,
  NODE_MAGIC,
  NODE_OVERFLOW_OFFSET,
  NODE_TYPE_OFFSET,
  NODE_VERSION_1,
  NODE_VERSION_2,
  NODE_VERSION_OFFSET,
  OVERFLOW_HEADER_SIZE,
  OVERFLOW_MAGIC,
  OVERFLOW_NEXT_OFFSET,
} from "@stable-structures/core/layout";
import { CorruptedError } from "../../errors.js";
import { getMagic, getU16, getU64, setMagic, setU16, setU32, setU64 } from "../../io/bytes.js";
import type { StagedMemory } from "../../io/staged-memory.js";
import type { ChunkAllocator } from "./chunk-allocator.js";
import { Node } from "./node.js";
import { NodeBytes, overflowPagesFor } from "./node-bytes.js";

/** How the nodes of a map are laid out. */
export interface NodeLayout {
  /** Bytes of a node page. */
  readonly nodePageSize: number;
  /** Length of every key, when it is the same; only then version 2 nodes store no key lengths. */
  readonly fixedKeySize: number | undefined;
  /** Slot sizes of version 1 nodes, in a map that may have them. */
  readonly slots: { readonly maxKeySize: number; readonly maxValueSize: number } | undefined;
  /** Version that new nodes get. */
  readonly newNodeVersion: typeof NODE_VERSION_1 | typeof NODE_VERSION_2;
}

/** What a store needs of an allocator. */
export type NodeChunks = Pick<ChunkAllocator, "allocatedChunks" | "allocate" | "deallocate">;

/** Loads and saves nodes, layout in `layout/node.ts`; gives and takes back their chunks. */
export class NodeStore {
  readonly #memory: StagedMemory;
  readonly #allocator: NodeChunks;
  readonly #layout: NodeLayout;

  constructor(memory: StagedMemory, allocator: NodeChunks, layout: NodeLayout) {
    this.#memory = memory;
    this.#allocator = allocator;
    this.#layout = layout;
  }

  /** A new, empty node; it is in the image only once saved. */
  create(isLeaf: boolean): Node {
    return new Node(this.#allocator.allocate(), this.#layout.newNodeVersion, isLeaf);
  }

  /** @throws CorruptedError (`STABLE_CORRUPTED`) when there is no sound node at `address`. */
  load(address: number): Node {
    const { node, stored, count } = this.#loadHeader(address);
    if (node.version === NODE_VERSION_1) this.#parseV1(node, stored, count);
    else this.#parseV2(node, stored, count);
    return node;
  }

  /** Saves `node` in its own version: a version 1 node stays one until it is merged away. */
  save(node: Node): void {
    if (node.version === NODE_VERSION_1) this.#saveV1(node);
    else this.#saveV2(node);
  }

  /** Frees the overflow pages of `node`, first to last, then its own chunk. */
  deallocate(node: Node): void {
    for (const page of node.overflows) this.#allocator.deallocate(page);
    this.#allocator.deallocate(node.address);
  }

  /** Bytes of a version 2 node when its entries are those of `node`. */
  lengthV2(node: Node): number {
    const perEntry = (this.#layout.fixedKeySize === undefined ? 4 : 0) + 4;
    let length = NODE_CONTENT_OFFSET + node.children.length * 8 + node.keys.length * perEntry;
    for (let i = 0; i < node.keys.length; i++) length += node.key(i).length + node.valueLength(i);
    return length;
  }

  /** @throws CorruptedError (`STABLE_CORRUPTED`) unless the node has exactly the pages it needs. */
  checkChain(node: Node): void {
    if (node.version === NODE_VERSION_1) return;
    const needed = overflowPagesFor(this.lengthV2(node), this.#layout.nodePageSize);
    const chain = node.overflows.length;
    if (chain !== needed) {
      throw new CorruptedError(
        node.address,
        `a node with ${needed} overflow pages, and it has ${chain}`,
      );
    }
  }

  /** Reads the seven bytes every node starts with. */
  checkHeader(address: number): void {
    this.#loadHeader(address);
  }

  #loadHeader(address: number): { node: Node; stored: NodeBytes; count: number } {
    const stored = new NodeBytes(
      this.#memory,
      address,
      this.#layout.nodePageSize,
      this.#allocator.allocatedChunks,
    );
    const header = stored.read(0, NODE_HEADER_SIZE);
    if (getMagic(header, 0) !== NODE_MAGIC) throw new CorruptedError(address, 'a node ("BTN")');
    const version = header[NODE_VERSION_OFFSET] as number;
    if (version !== NODE_VERSION_2 && !(version === NODE_VERSION_1 && this.#layout.slots)) {
      throw new CorruptedError(
        address + NODE_VERSION_OFFSET,
        "a node version that this map can have",
      );
    }
    const type = header[NODE_TYPE_OFFSET] as number;
    if (type > NODE_INTERNAL)
      throw new CorruptedError(address + NODE_TYPE_OFFSET, "a leaf (0) or an internal node (1)");
    const count = getU16(header, NODE_COUNT_OFFSET);
    if (count === 0 || count > NODE_CAPACITY) {
      throw new CorruptedError(
        address + NODE_COUNT_OFFSET,
        `1 to ${NODE_CAPACITY} entries, and it says ${count}`,
      );
    }
    return { node: new Node(address, version, type !== NODE_INTERNAL, stored), stored, count };
  }

  #parseV2(node: Node, stored: NodeBytes, count: number): void {
    let offset = NODE_CONTENT_OFFSET;
    if (!node.isLeaf) {
      node.children = this.#readChildren(stored, offset, count + 1);
      offset += node.children.length * 8;
    }
    const keys: Uint8Array[] = [];
    const { fixedKeySize } = this.#layout;
    for (let i = 0; i < count; i++) {
      const length = fixedKeySize ?? stored.u32(offset);
      offset += fixedKeySize === undefined ? 4 : 0;
      keys.push(stored.read(offset, length));
      offset += length;
    }
    for (const key of keys) {
      const length = stored.u32(offset);
      node.addStored(key, { offset: offset + 4, length });
      offset += 4 + length;
    }
    stored.reach(offset);
  }

  #parseV1(node: Node, stored: NodeBytes, count: number): void {
    const { maxKeySize, maxValueSize } = this.#slots();
    let offset = NODE_HEADER_SIZE;
    for (let i = 0; i < count; i++) {
      const keyLength = this.#slotLength(node, stored, offset, maxKeySize);
      const key = stored.read(offset + 4, keyLength);
      offset += 4 + maxKeySize;
      const length = this.#slotLength(node, stored, offset, maxValueSize);
      node.addStored(key, { offset: offset + 4, length });
      offset += 4 + maxValueSize;
    }
    if (!node.isLeaf) node.children = this.#readChildren(stored, offset, count + 1);
  }

  #readChildren(stored: NodeBytes, offset: number, count: number): number[] {
    const bytes = stored.read(offset, count * 8);
    const children: number[] = [];
    for (let i = 0; i < count; i++) {
      const child = getU64(bytes, i * 8);
      if (!(child < this.#memory.sizeInBytes)) {
        throw new CorruptedError(
          stored.address + offset + i * 8,
          "the address of a node in the memory",
        );
      }
      children.push(child);
    }
    return children;
  }

  #slotLength(node: Node, stored: NodeBytes, offset: number, maximum: number): number {
    const length = stored.u32(offset);
    if (length > maximum)
      throw new CorruptedError(node.address + offset, `a length of at most ${maximum}`);
    return length;
  }

  #slots(): { readonly maxKeySize: number; readonly maxValueSize: number } {
    return this.#layout.slots as { maxKeySize: number; maxValueSize: number };
  }

  #saveV1(node: Node): void {
    const { maxKeySize, maxValueSize } = this.#slots();
    const values = node.values();
    const writes: [number, Uint8Array][] = [[0, headerOf(node, NODE_HEADER_SIZE)]];
    let offset = NODE_HEADER_SIZE;
    node.keys.forEach((key, i) => {
      // COMPAT: what a slot held behind the key or value stays.
      writes.push([offset, sized(key)], [offset + 4 + maxKeySize, sized(values[i] as Uint8Array)]);
      offset += 8 + maxKeySize + maxValueSize;
    });
    const children = new Uint8Array(node.children.length * 8);
    setChildren(children, 0, node.children);
    writes.push([offset, children]);
    for (const [at, bytes] of writes) this.#memory.write(node.address + at, bytes);
  }

  #saveV2(node: Node): void {
    const { nodePageSize } = this.#layout;
    const bytes = this.#encodeV2(node);
    const overflows = this.#resizeChain(
      node.overflows,
      overflowPagesFor(bytes.length, nodePageSize),
    );
    node.overflows = overflows;
    setU64(bytes, NODE_OVERFLOW_OFFSET, overflows[0] ?? 0);
    this.#memory.write(node.address, bytes.subarray(0, nodePageSize));
    const capacity = nodePageSize - OVERFLOW_HEADER_SIZE;
    overflows.forEach((page, i) => {
      const start = nodePageSize + i * capacity;
      this.#memory.write(
        page,
        overflowPage(overflows[i + 1] ?? 0, bytes.subarray(start, start + capacity)),
      );
    });
  }

  /** Makes the chain `length` pages long: pages are added at its end, or freed from its end. */
  #resizeChain(chain: readonly number[], length: number): readonly number[] {
    const pages = [...chain];
    while (pages.length < length) pages.push(this.#allocator.allocate());
    while (pages.length > length) this.#allocator.deallocate(pages.pop() as number);
    return pages;
  }

  #encodeV2(node: Node): Uint8Array {
    const values = node.values();
    const bytes = headerOf(node, this.lengthV2(node));
    const hasKeySizes = this.#layout.fixedKeySize === undefined;
    let offset = setChildren(bytes, NODE_CONTENT_OFFSET, node.children);
    for (const key of node.keys)
      offset = hasKeySizes ? setSized(bytes, offset, key) : setItem(bytes, offset, key);
    for (const value of values) offset = setSized(bytes, offset, value);
    return bytes;
  }
}

/** `size` bytes that start with the header of `node`. */
function headerOf(node: Node, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  setMagic(bytes, 0, NODE_MAGIC, node.version);
  bytes[NODE_TYPE_OFFSET] = node.isLeaf ? 0 : NODE_INTERNAL;
  setU16(bytes, NODE_COUNT_OFFSET, node.keys.length);
  return bytes;
}

/** Writes addresses at `offset`; where they end, as the next two. */
function setChildren(bytes: Uint8Array, offset: number, children: readonly number[]): number {
  children.forEach((child, i) => {
    setU64(bytes, offset + i * 8, child);
  });
  return offset + children.length * 8;
}

/** Writes an item behind its size. */
function setSized(bytes: Uint8Array, offset: number, item: Uint8Array): number {
  setU32(bytes, offset, item.length);
  return setItem(bytes, offset + 4, item);
}

function setItem(bytes: Uint8Array, offset: number, item: Uint8Array): number {
  bytes.set(item, offset);
  return offset + item.length;
}

function sized(item: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + item.length);
  setSized(bytes, 0, item);
  return bytes;
}

function overflowPage(next: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(OVERFLOW_HEADER_SIZE + data.length);
  setMagic(bytes, 0, OVERFLOW_MAGIC, 0);
  setU64(bytes, OVERFLOW_NEXT_OFFSET, next);
  bytes.set(data, OVERFLOW_HEADER_SIZE);
  return bytes;
}
