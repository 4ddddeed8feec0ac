import {
  NODE_CONTENT_OFFSET,
  NODE_HEADER_SIZE,
  NODE_MINIMUM,
  NODE_VERSION_1,
  ROOT_OFFSET,
} from "@stable-structures/core/layout";
import type { Node } from "../engine/js/node.js";
import type { NodeLayout, NodeStore } from "../engine/js/node-store.js";
import type { Finding } from "../inspect/report.js";
import type { ChunkTable, Claim } from "./chunk-table.js";
import type { MemoryFindings } from "./memory-findings.js";

/** Most levels a tree can have: with six children a node, 2^64 entries need 25. */
const MAX_DEPTH = 32;
/** Fewest entries of a node that is not the root. */
const FEWEST_ENTRIES = NODE_MINIMUM - 1;

/** What is told of each node, before its entries; and of each entry, in the order of the keys. */
export interface TreeVisitor {
  node?(node: Node, depth: number): void;
  entry?(node: Node, index: number): void;
}

/** What a walk needs to know of a map. */
export interface WalkedMap {
  readonly root: number;
  readonly nodes: NodeStore;
  readonly layout: NodeLayout;
  readonly chunks: ChunkTable;
}

export const MAP_ADVICE =
  "do not write to this map: restore the memory from a backup or a snapshot, or copy what can be read into a new map";

/**
 * Walks a tree from its root, every sound node once. Damage becomes a finding, and the walk goes on
 * beside it: it takes no more steps than there are chunks, and is at most 32 levels deep.
 */
export class TreeWalk {
  /** Nodes that a link leads to and that could not be read, with all below them. */
  unreadableNodes = 0;
  readonly #map: WalkedMap;
  readonly #findings: MemoryFindings;
  readonly #visitors: readonly TreeVisitor[];
  #leafDepth: number | undefined;

  constructor(map: WalkedMap, findings: MemoryFindings, visitors: readonly TreeVisitor[]) {
    this.#map = map;
    this.#findings = findings;
    this.#visitors = visitors;
  }

  run(): void {
    if (this.#map.root !== 0) this.#visit(this.#map.root, ROOT_OFFSET, 0);
  }

  /** Visits the node at `address`, which stands in the field at `link`. */
  #visit(address: number, link: number, depth: number): void {
    const node = this.#load(address, link, depth);
    if (node === undefined) {
      this.unreadableNodes++;
      return;
    }
    this.#checkNode(node, depth);
    for (const visitor of this.#visitors) visitor.node?.(node, depth);
    this.#visitContent(node, depth);
  }

  /** The node at `address`; undefined, and a finding, when there is none that was not visited yet. */
  #load(address: number, link: number, depth: number): Node | undefined {
    if (depth === MAX_DEPTH) {
      this.#report(link, tooDeep());
      return undefined;
    }
    const claim = this.#map.chunks.claim(address);
    if (claim !== "taken") this.#report(link, badClaim(claim, "a node", address));
    if (claim === "shared" || claim === "outside") return undefined;
    return this.#findings.attempt(() => this.#map.nodes.load(address));
  }

  #visitContent(node: Node, depth: number): void {
    node.keys.forEach((_, index) => {
      this.#visitChild(node, index, depth);
      for (const visitor of this.#visitors) visitor.entry?.(node, index);
    });
    this.#visitChild(node, node.keys.length, depth);
  }

  #visitChild(node: Node, index: number, depth: number): void {
    if (!node.isLeaf) this.#visit(node.child(index), this.#linkOf(node, index), depth + 1);
  }

  #checkNode(node: Node, depth: number): void {
    this.#findings.attempt(() => this.#map.nodes.checkChain(node));
    const pages = this.#findings.attempt(() => node.overflows) ?? [];
    pages.forEach((page) => {
      const claim = this.#map.chunks.claim(page);
      if (claim !== "taken") this.#report(page, badClaim(claim, "an overflow page", page));
    });
    if (depth > 0 && node.keys.length < FEWEST_ENTRIES) this.#report(node.address, sparse(node));
    if (!node.isLeaf) return;
    this.#leafDepth ??= depth;
    if (depth !== this.#leafDepth) this.#report(node.address, unevenLeaf(depth, this.#leafDepth));
  }

  /** Address of the field in which child `index` of `node` stands. */
  #linkOf({ address, version, keys }: Node, index: number): number {
    const { slots } = this.#map.layout;
    const start =
      version === NODE_VERSION_1 && slots
        ? NODE_HEADER_SIZE + keys.length * (8 + slots.maxKeySize + slots.maxValueSize)
        : NODE_CONTENT_OFFSET;
    return address + start + index * 8;
  }

  #report(address: number, finding: Omit<Finding, "path" | "address">): void {
    this.#findings.add({ ...finding, address });
  }
}

type Told = Omit<Finding, "path" | "address">;

function tooDeep(): Told {
  return {
    code: "leaf-depth",
    severity: "error",
    message: `no leaf within ${MAX_DEPTH} levels, and no sound tree is deeper`,
    advice: MAP_ADVICE,
  };
}

function badClaim(claim: Exclude<Claim, "taken">, what: string, target: number): Told {
  const common = { severity: "error", advice: MAP_ADVICE, figures: { target } } as const;
  if (claim === "shared") {
    const message = `${what} at address ${target} is reached twice: two places of the tree share it, or nodes point in a circle`;
    return { ...common, code: "shared-chunk", message };
  }
  const message =
    claim === "free"
      ? `${what} lies at address ${target} in a chunk that is free: the next insertion overwrites it`
      : `${what} should be at address ${target}, where no chunk begins`;
  return { ...common, code: "unallocated-chunk", message };
}

function sparse({ keys }: Node): Told {
  return {
    code: "sparse-node",
    severity: "warning",
    message: `a node has ${keys.length} entries, and removals leave at least ${FEWEST_ENTRIES} in all but the root`,
    advice:
      "nothing is lost; find out which program wrote the map, it does not keep the crate's rules",
    figures: { entries: keys.length },
  };
}

function unevenLeaf(depth: number, expected: number): Told {
  return {
    code: "leaf-depth",
    severity: "error",
    message: `a leaf is on level ${depth}, and the first one on level ${expected}`,
    advice: MAP_ADVICE,
    figures: { depth, expected },
  };
}
