import { NODE_MINIMUM } from "@stable-structures/core/layout";
import type { EncodedEntry } from "../map-engine.js";
import type { Node } from "./node.js";
import { checkDepth, search, type Tree } from "./tree.js";

/** Where a full node is cut: this many entries stay, one goes up, the rest moves to the sibling. */
const MEDIAN = NODE_MINIMUM - 1;

/**
 * Inserts `entry`; the value it replaces, or undefined. Full nodes on the way down are split first,
 * even when the key turns out to exist below them.
 */
export function insert(tree: Tree, entry: EncodedEntry): Uint8Array | undefined {
  const root = rootFor(tree);
  const { index, found } = search(tree, root, entry.key);
  if (found) return replace(tree, root, index, entry);
  return descend(tree, root.isFull ? growRoot(tree, root) : root, entry);
}

function rootFor(tree: Tree): Node {
  if (tree.header.root !== 0) return tree.nodes.load(tree.header.root);
  const root = tree.nodes.create(true);
  tree.header.root = root.address;
  return root;
}

/** Puts a new root above a full one and splits it. */
function growRoot(tree: Tree, old: Node): Node {
  const root = tree.nodes.create(false);
  root.children.push(old.address);
  tree.header.root = root.address;
  splitChild(tree, root, 0, old);
  return root;
}

/** Inserts below `node`, which is not full. */
function descend(tree: Tree, start: Node, entry: EncodedEntry): Uint8Array | undefined {
  let node = start;
  for (let depth = 0; ; depth++) {
    checkDepth(depth, node.address);
    const { index, found } = search(tree, node, entry.key);
    if (found) return replace(tree, node, index, entry);
    if (node.isLeaf) return insertIntoLeaf(tree, node, index, entry);
    const child = tree.nodes.load(node.child(index));
    if (!child.isFull) {
      node = child;
      continue;
    }
    const inChild = search(tree, child, entry.key);
    if (inChild.found) return replace(tree, child, inChild.index, entry);
    splitChild(tree, node, index, child);
    node = tree.nodes.load(node.child(search(tree, node, entry.key).index));
  }
}

function insertIntoLeaf(tree: Tree, leaf: Node, index: number, entry: EncodedEntry): undefined {
  leaf.insertEntry(index, entry);
  tree.nodes.save(leaf);
  tree.header.length += 1;
}

function replace(tree: Tree, node: Node, index: number, entry: EncodedEntry): Uint8Array {
  const old = node.replaceEntry(index, { key: node.key(index), value: entry.value });
  tree.nodes.save(node);
  return old.value;
}

/** Splits `child`, the full child `index` of `parent`, in two. The middle entry goes up. */
function splitChild(tree: Tree, parent: Node, index: number, child: Node): void {
  const sibling = tree.nodes.create(child.isLeaf);
  parent.children.splice(index + 1, 0, sibling.address);
  const upper = child.removeEntries(MEDIAN + 1, child.keys.length - MEDIAN - 1);
  upper.forEach((entry, i) => {
    sibling.insertEntry(i, entry);
  });
  sibling.children = child.children.splice(MEDIAN + 1);
  parent.insertEntry(index, child.popLast());
  for (const node of [sibling, child, parent]) tree.nodes.save(node);
}
