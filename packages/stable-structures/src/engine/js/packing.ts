import { NODE_CAPACITY, NODE_CONTENT_OFFSET, NODE_MINIMUM } from "@stable-structures/core/layout";
import { NotAscendingError } from "../../errors.js";
import { isFixedSize, maxSizeOf } from "../../storable/storable.js";
import type { EncodedEntry, MapCodecs } from "../map-engine.js";
import { insert } from "./insertion.js";
import type { Node } from "./node.js";
import { checkDepth, type Tree } from "./tree.js";

/** Entries of packed nodes; on the right edge there is one more, the next to go up. */
export interface Packing {
  readonly leaf: number;
  readonly inner: number;
}

/**
 * How full packed nodes are: 10 entries, which leaves room for one, or so many that their bounds need no
 * overflow page, but at least the 5 that a node must have.
 */
export function packingOf({ key, value }: MapCodecs, nodePageSize: number): Packing {
  const maxKeySize = maxSizeOf(key) ?? Infinity;
  const maxValueSize = maxSizeOf(value) ?? Infinity;
  const most = NODE_CAPACITY - 1;
  if (maxKeySize + maxValueSize === Infinity) return { leaf: most, inner: most };
  const entry = (isFixedSize(key) ? 4 : 8) + maxKeySize + maxValueSize;
  const room = nodePageSize - NODE_CONTENT_OFFSET;
  const within = (count: number) => Math.min(most, Math.max(NODE_MINIMUM - 1, Math.floor(count)));
  return { leaf: within(room / entry), inner: within((room - 8) / (entry + 8)) };
}

/**
 * Appends an entry behind all others. Nodes on the right edge are filled before a new one is begun, and
 * may hold too few until the edge is filled up.
 * @throws NotAscendingError when the key does not come behind all others.
 */
export function append(tree: Tree, entry: EncodedEntry, packing: Packing): void {
  if (tree.header.root === 0) {
    insert(tree, entry);
    return;
  }
  const path = rightEdge(tree);
  const leaf = path.pop() as Node;
  if (tree.compare(leaf.key(leaf.keys.length - 1), entry.key) >= 0) throw new NotAscendingError();
  tree.header.length += 1;
  if (leaf.keys.length <= packing.leaf) {
    leaf.insertEntry(leaf.keys.length, entry);
    tree.nodes.save(leaf);
    return;
  }
  const beside = tree.nodes.create(true);
  const up = leaf.popLast();
  beside.insertEntry(0, entry);
  tree.nodes.save(beside);
  tree.nodes.save(leaf);
  goUp(tree, path, up, beside, packing.inner);
}

/** The last node of each level, from the root down. */
function rightEdge({ header, nodes }: Tree): Node[] {
  const path: Node[] = [];
  let node = nodes.load(header.root);
  for (; !node.isLeaf; node = nodes.load(node.children.at(-1) as number)) {
    checkDepth(path.length, node.address);
    path.push(node);
  }
  return [...path, node];
}

/** Puts `entry`, and the node behind it, at the end of the level above; or begins a new node there. */
function goUp(tree: Tree, path: Node[], entry: EncodedEntry, behind: Node, most: number): void {
  const parent = path.pop();
  if (parent === undefined) {
    tree.header.root = beginInner(tree, tree.header.root, entry, behind).address;
  } else if (parent.keys.length <= most) {
    parent.children.push(behind.address);
    parent.insertEntry(parent.keys.length, entry);
    tree.nodes.save(parent);
  } else {
    const up = parent.popLast();
    const beside = beginInner(tree, parent.children.pop() as number, entry, behind);
    tree.nodes.save(parent);
    goUp(tree, path, up, beside, most);
  }
}

function beginInner(tree: Tree, left: number, entry: EncodedEntry, right: Node): Node {
  const node = tree.nodes.create(false);
  node.children = [left, right.address];
  node.insertEntry(0, entry);
  tree.nodes.save(node);
  return node;
}
