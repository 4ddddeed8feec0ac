import { CorruptedError } from "../../errors.js";
import type { MapHeader } from "./map-header.js";
import type { Node } from "./node.js";
import type { NodeStore } from "./node-store.js";

/** Most levels a tree can have: with six children a node, 2^64 entries need 25. */
const MAX_DEPTH = 32;

/** What insertion, removal and search share: the header, the nodes and the order of the keys. */
export interface Tree {
  readonly header: MapHeader;
  readonly nodes: NodeStore;
  readonly compare: (a: Uint8Array, b: Uint8Array) => number;
}

/** Where a key is in a node, or where it would be. */
export interface Position {
  readonly index: number;
  readonly found: boolean;
}

/** Binary search among the keys of a node. */
export function search({ compare }: Tree, node: Node, key: Uint8Array): Position {
  let low = 0;
  let high = node.keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(node.key(middle), key);
    if (order === 0) return { index: middle, found: true };
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return { index: low, found: false };
}

/** @throws CorruptedError (`STABLE_CORRUPTED`) when a descent is deeper than any sound tree. */
export function checkDepth(depth: number, address: number): void {
  if (depth >= MAX_DEPTH)
    throw new CorruptedError(address, `a leaf within ${MAX_DEPTH} levels; nodes point in a circle`);
}

/** The node and index where `key` is. Complexity: O(log n) nodes. */
export function find(tree: Tree, key: Uint8Array): { node: Node; index: number } | undefined {
  let address = tree.header.root;
  for (let depth = 0; address !== 0; depth++) {
    checkDepth(depth, address);
    const node = tree.nodes.load(address);
    const { index, found } = search(tree, node, key);
    if (found) return { node, index };
    if (node.isLeaf) return undefined;
    address = node.child(index);
  }
  return undefined;
}
