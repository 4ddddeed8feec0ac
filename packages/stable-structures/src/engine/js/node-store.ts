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
import { getMagic, getU64, setMagic, setU64, viewOf } from "../../io/bytes.js";
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
    const { node, bytes, count } = this.#loadHeader(address);
    if (node.version === NODE_VERSION_1) this.#parseV1(node, bytes, count);
    else this.#parseV2(node, bytes, count);
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

  #loadHeader(address: number): { node: Node; bytes: NodeBytes; count: number } {
    const bytes = new NodeBytes(
      this.#memory,
      address,
      this.#layout.nodePageSize,
      this.#allocator.allocatedChunks,
    );
    const view = viewOf(bytes.read(0, NODE_HEADER_SIZE));
    if (getMagic(view, 0) !== NODE_MAGIC) throw new CorruptedError(address, 'a node ("BTN")');
    const version = view.getUint8(NODE_VERSION_OFFSET);
    if (version !== NODE_VERSION_2 && !(version === NODE_VERSION_1 && this.#layout.slots)) {
      throw new CorruptedError(
        address + NODE_VERSION_OFFSET,
        "a node version that this map can have",
      );
    }
    const type = view.getUint8(NODE_TYPE_OFFSET);
    if (type > NODE_INTERNAL)
      throw new CorruptedError(address + NODE_TYPE_OFFSET, "a leaf (0) or an internal node (1)");
    const count = view.getUint16(NODE_COUNT_OFFSET, true);
    if (count === 0 || count > NODE_CAPACITY) {
      throw new CorruptedError(
        address + NODE_COUNT_OFFSET,
        `1 to ${NODE_CAPACITY} entries, and it says ${count}`,
      );
    }
    return { node: new Node(address, version, type !== NODE_INTERNAL, bytes), bytes, count };
  }

  #parseV2(node: Node, bytes: NodeBytes, count: number): void {
    let offset = NODE_CONTENT_OFFSET;
    if (!node.isLeaf) {
      node.children = this.#readChildren(bytes, offset, count + 1);
      offset += node.children.length * 8;
    }
    const keys: Uint8Array[] = [];
    const { fixedKeySize } = this.#layout;
    for (let i = 0; i < count; i++) {
      const length = fixedKeySize ?? bytes.u32(offset);
      offset += fixedKeySize === undefined ? 4 : 0;
      keys.push(bytes.read(offset, length));
      offset += length;
    }
    for (const key of keys) {
      const length = bytes.u32(offset);
      node.addStored(key, { offset: offset + 4, length });
      offset += 4 + length;
    }
    bytes.reach(offset);
  }

  #parseV1(node: Node, bytes: NodeBytes, count: number): void {
    const { maxKeySize, maxValueSize } = this.#slots();
    let offset = NODE_HEADER_SIZE;
    for (let i = 0; i < count; i++) {
      const keyLength = this.#slotLength(node, bytes, offset, maxKeySize);
      const key = bytes.read(offset + 4, keyLength);
      offset += 4 + maxKeySize;
      const length = this.#slotLength(node, bytes, offset, maxValueSize);
      node.addStored(key, { offset: offset + 4, length });
      offset += 4 + maxValueSize;
    }
    if (!node.isLeaf) node.children = this.#readChildren(bytes, offset, count + 1);
  }

  #readChildren(bytes: NodeBytes, offset: number, count: number): number[] {
    const view = viewOf(bytes.read(offset, count * 8));
    const children: number[] = [];
    for (let i = 0; i < count; i++) {
      const child = getU64(view, i * 8);
      if (!(child < this.#memory.sizeInBytes)) {
        throw new CorruptedError(
          bytes.address + offset + i * 8,
          "the address of a node in the memory",
        );
      }
      children.push(child);
    }
    return children;
  }

  #slotLength(node: Node, bytes: NodeBytes, offset: number, maximum: number): number {
    const length = bytes.u32(offset);
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
      writes.push(
        [offset, withLength(key)],
        [offset + 4 + maxKeySize, withLength(values[i] as Uint8Array)],
      );
      offset += 8 + maxKeySize + maxValueSize;
    });
    writes.push([offset, encodeChildren(node.children)]);
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
    setU64(viewOf(bytes), NODE_OVERFLOW_OFFSET, overflows[0] ?? 0);
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
    bytes.set(encodeChildren(node.children), NODE_CONTENT_OFFSET);
    let offset = NODE_CONTENT_OFFSET + node.children.length * 8;
    const append = (item: Uint8Array) => {
      bytes.set(item, offset);
      offset += item.length;
    };
    for (const key of node.keys)
      append(this.#layout.fixedKeySize === undefined ? withLength(key) : key);
    for (const value of values) append(withLength(value));
    return bytes;
  }
}

/** `size` bytes that start with the header of `node`. */
function headerOf(node: Node, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  setMagic(view, 0, NODE_MAGIC, node.version);
  view.setUint8(NODE_TYPE_OFFSET, node.isLeaf ? 0 : NODE_INTERNAL);
  view.setUint16(NODE_COUNT_OFFSET, node.keys.length, true);
  return bytes;
}

function encodeChildren(children: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(children.length * 8);
  const view = viewOf(bytes);
  children.forEach((child, i) => {
    setU64(view, i * 8, child);
  });
  return bytes;
}

function withLength(item: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + item.length);
  viewOf(bytes).setUint32(0, item.length, true);
  bytes.set(item, 4);
  return bytes;
}

function overflowPage(next: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(OVERFLOW_HEADER_SIZE + data.length);
  const view = viewOf(bytes);
  setMagic(view, 0, OVERFLOW_MAGIC, 0);
  setU64(view, OVERFLOW_NEXT_OFFSET, next);
  bytes.set(data, OVERFLOW_HEADER_SIZE);
  return bytes;
}
