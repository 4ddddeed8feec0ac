import {
  CHUNK_HEADER_SIZE,
  NODE_CAPACITY,
  NODE_CONTENT_OFFSET,
  NODE_HEADER_SIZE,
  NODE_VERSION_1,
} from "@stable-structures/core/layout";
import type { Node } from "../engine/js/node.js";
import { overflowPagesFor } from "../engine/js/node-bytes.js";
import type { ChunkTable } from "./chunk-table.js";
import type { TreeVisitor } from "./tree-walk.js";

/** Node page sizes that are always compared, in bytes. */
const NODE_PAGE_SIZES = [128, 256, 512, 1024, 2048, 4096];

/** What the nodes of a map would take with another node page size. */
export interface NodePageSizeChoice {
  readonly nodePageSizeInBytes: number;
  /** Chunks for the same nodes: one each, and their overflow pages. */
  readonly chunks: number;
  /** Bytes of these chunks, with their headers. */
  readonly bytes: number;
  /** True for the size that the map has. */
  readonly isCurrent: boolean;
  /** True for the size that the crate would choose for the codecs given. */
  readonly isDerived: boolean;
}

/** What a map is made of. */
export interface MapStatistics {
  readonly entries: number;
  /** Levels of the tree; 0 for an empty map. */
  readonly depth: number;
  readonly nodePageSizeInBytes: number;
  readonly nodes: { readonly leaves: number; readonly internal: number };
  /** Nodes that could not be read; their entries, and those below them, are not counted here. */
  readonly unreadableNodes: number;
  /** Entries, as a share of those that the nodes have room for: 0 to 1. */
  readonly fill: number;
  /** Overflow pages of nodes longer than a node page. */
  readonly overflow: {
    /** Nodes that have some. */
    readonly chains: number;
    readonly pages: number;
    /** Pages of the longest chain. */
    readonly longest: number;
  };
  readonly bytes: {
    /** Bytes of all encoded keys. */
    readonly keys: number;
    /** Bytes of all encoded values. */
    readonly values: number;
    /** Bytes that nodes use of their pages: keys, values, lengths, children and headers. */
    readonly nodes: number;
    /** Bytes of allocated chunks, with their headers. */
    readonly chunks: number;
  };
  /** Bytes for an entry on average: of its key and value, and of chunks. Absent in an empty map. */
  readonly bytesPerEntry?: { readonly content: number; readonly chunks: number };
  readonly chunks: {
    /** Bytes of a chunk: a node page and its header. */
    readonly sizeInBytes: number;
    readonly allocated: number;
    /** Chunks that can be allocated again. */
    readonly free: number;
    /** Allocated chunks that no node reaches. */
    readonly leaked: number;
  };
  /** False where the image lets more than one reading of the keys' sizes; key and value bytes may then be others. */
  readonly keySizesAreCertain: boolean;
  /** What the same nodes would take with other node page sizes. */
  readonly nodePageSizeChoices: readonly NodePageSizeChoice[];
}

/** Adds up what a walk tells. */
export class StatisticsVisitor implements TreeVisitor {
  readonly #nodePageSize: number;
  readonly #derived: number | undefined;
  readonly #fixedKeys: boolean;
  readonly #slotBytes: number;
  readonly #chunksWith: Map<number, number>;
  #entries = 0;
  #depth = 0;
  #leaves = 0;
  #internal = 0;
  #chains = 0;
  #pages = 0;
  #longest = 0;
  #keyBytes = 0;
  #valueBytes = 0;
  #nodeBytes = 0;

  /** `slotBytes`: bytes of a slot of a version 1 node; `derived`: the crate's choice for known codecs. */
  constructor(options: {
    readonly nodePageSize: number;
    readonly fixedKeys: boolean;
    readonly slotBytes: number;
    readonly derived?: number | undefined;
  }) {
    this.#nodePageSize = options.nodePageSize;
    this.#derived = options.derived;
    this.#fixedKeys = options.fixedKeys;
    this.#slotBytes = options.slotBytes;
    const sizes = new Set([...NODE_PAGE_SIZES, this.#nodePageSize, this.#derived ?? 1024]);
    this.#chunksWith = new Map([...sizes].sort((a, b) => a - b).map((size) => [size, 0]));
  }

  get entries(): number {
    return this.#entries;
  }

  node(node: Node, depth: number): void {
    this.#depth = Math.max(this.#depth, depth + 1);
    if (node.isLeaf) this.#leaves++;
    else this.#internal++;
    this.#entries += node.keys.length;
    const content = this.#addContent(node);
    const length = this.#lengthOf(node, content);
    this.#nodeBytes += node.version === NODE_VERSION_1 ? this.#lengthV1(node) : length;
    for (const [size, chunks] of this.#chunksWith)
      this.#chunksWith.set(size, chunks + 1 + overflowPagesFor(length, size));
    this.#addChain(overflowPagesFor(length, this.#nodePageSize), node);
  }

  statistics(
    chunks: ChunkTable,
    unreadableNodes: number,
    keySizesAreCertain: boolean,
  ): MapStatistics {
    const { chunkSize, allocated } = chunks;
    const nodes = this.#leaves + this.#internal;
    const entries = this.#entries;
    const chunkBytes = allocated * chunkSize;
    const contentBytes = this.#keyBytes + this.#valueBytes;
    return {
      entries,
      depth: this.#depth,
      nodePageSizeInBytes: this.#nodePageSize,
      nodes: { leaves: this.#leaves, internal: this.#internal },
      unreadableNodes,
      fill: nodes === 0 ? 0 : entries / (nodes * NODE_CAPACITY),
      overflow: { chains: this.#chains, pages: this.#pages, longest: this.#longest },
      bytes: {
        keys: this.#keyBytes,
        values: this.#valueBytes,
        nodes: this.#nodeBytes,
        chunks: chunkBytes,
      },
      ...(entries === 0
        ? {}
        : { bytesPerEntry: { content: contentBytes / entries, chunks: chunkBytes / entries } }),
      chunks: {
        sizeInBytes: chunkSize,
        allocated,
        free: chunks.count - allocated - chunks.damaged.length,
        leaked: chunks.leaked().chunks,
      },
      keySizesAreCertain,
      nodePageSizeChoices: this.#choices(),
    };
  }

  /** Adds the bytes of keys and values; how many there are in the node. */
  #addContent(node: Node): number {
    let keys = 0;
    let values = 0;
    node.keys.forEach((key, index) => {
      keys += key.length;
      values += node.valueLength(index);
    });
    this.#keyBytes += keys;
    this.#valueBytes += values;
    return keys + values;
  }

  /** Bytes of the node in layout version 2, which is what it gets when it is written anew. */
  #lengthOf({ keys, children }: Node, content: number): number {
    const perEntry = this.#fixedKeys ? 4 : 8;
    return NODE_CONTENT_OFFSET + children.length * 8 + keys.length * perEntry + content;
  }

  #lengthV1({ keys, children }: Node): number {
    return NODE_HEADER_SIZE + keys.length * this.#slotBytes + children.length * 8;
  }

  #addChain(pages: number, { version }: Node): void {
    if (version === NODE_VERSION_1 || pages === 0) return;
    this.#chains++;
    this.#pages += pages;
    this.#longest = Math.max(this.#longest, pages);
  }

  #choices(): NodePageSizeChoice[] {
    return [...this.#chunksWith].map(([size, chunks]) => ({
      nodePageSizeInBytes: size,
      chunks,
      bytes: chunks * (size + CHUNK_HEADER_SIZE),
      isCurrent: size === this.#nodePageSize,
      isDerived: size === this.#derived,
    }));
  }
}
