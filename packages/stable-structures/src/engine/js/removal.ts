import { LENGTH_OFFSET } from "@stable-structures/core/layout";
import { CorruptedError } from "../../errors.js";
import type { EncodedEntry } from "../map-engine.js";
import type { Node } from "./node.js";
import { checkDepth, search, type Tree } from "./tree.js";

/**
 * Removes `key`; its value, or undefined when it is not there. Nodes on the way down that hold too
 * few entries are filled up first, so a removal that finds nothing can still change the image.
 */
export function remove(tree: Tree, key: Uint8Array): Uint8Array | undefined {
  if (tree.header.root === 0) return undefined;
  return removeBelow(tree, tree.nodes.load(tree.header.root), key);
}

/** Removes and returns the smallest (`"first"`) or largest (`"last"`) entry of the map. */
export function pop(tree: Tree, end: "first" | "last"): EncodedEntry | undefined {
  if (tree.header.root === 0) return undefined;
  return popBelow(tree, tree.nodes.load(tree.header.root), end);
}

function removeBelow(tree: Tree, start: Node, key: Uint8Array): Uint8Array | undefined {
  let node = start;
  for (let depth = 0; ; depth++) {
    checkDepth(depth, node.address);
    const { index, found } = search(tree, node, key);
    if (node.isLeaf) return found ? takeFromLeaf(tree, node, index).value : undefined;
    const child = tree.nodes.load(node.child(index));
    if (!found) {
      node = child.canSpare ? child : fill(tree, node, index, child);
      continue;
    }
    const right = tree.nodes.load(node.child(index + 1));
    const replacement = neighbour(tree, child, right);
    if (replacement !== undefined) return replaceEntry(tree, node, index, replacement);
    node = joinAround(tree, node, index, child, right);
  }
}

/** The entry next to the one between `left` and `right`, taken from a child that can spare one. */
function neighbour(tree: Tree, left: Node, right: Node): EncodedEntry | undefined {
  if (left.canSpare) return popBelow(tree, left, "last");
  return right.canSpare ? popBelow(tree, right, "first") : undefined;
}

function replaceEntry(tree: Tree, node: Node, index: number, entry: EncodedEntry): Uint8Array {
  const old = node.replaceEntry(index, entry);
  tree.nodes.save(node);
  return old.value;
}

function joinAround(tree: Tree, node: Node, index: number, left: Node, right: Node): Node {
  merge(tree, right, left, node.removeEntry(index));
  node.children.splice(index + 1, 1);
  finishParent(tree, node, left);
  return left;
}

/** Removes the first or last entry below `start`, which can spare one or is the root. */
function popBelow(tree: Tree, start: Node, end: "first" | "last"): EncodedEntry {
  let node = start;
  for (let depth = 0; !node.isLeaf; depth++) {
    checkDepth(depth, node.address);
    const index = end === "first" ? 0 : node.children.length - 1;
    const child = tree.nodes.load(node.child(index));
    node = child.canSpare ? child : fill(tree, node, index, child);
  }
  return takeFromLeaf(tree, node, end === "first" ? 0 : node.keys.length - 1);
}

function takeFromLeaf(tree: Tree, leaf: Node, index: number): EncodedEntry {
  const entry = leaf.removeEntry(index);
  if (tree.header.length === 0)
    throw new CorruptedError(LENGTH_OFFSET, "a length that counts every entry");
  tree.header.length -= 1;
  if (leaf.keys.length > 0) tree.nodes.save(leaf);
  else dropRoot(tree, leaf, 0);
  return entry;
}

/** Frees a root that lost its last entry. Only a damaged tree has another node without entries. */
function dropRoot(tree: Tree, node: Node, next: number): void {
  if (node.address !== tree.header.root)
    throw new CorruptedError(node.address, "a node of at least 5 entries");
  tree.nodes.deallocate(node);
  tree.header.root = next;
}

/**
 * Gives `child`, the child `index` of `node`, an entry more: from a sibling that can spare one, else
 * by merging it with a sibling. Returns the node in which to go on.
 */
function fill(tree: Tree, node: Node, index: number, child: Node): Node {
  const left = index > 0 ? tree.nodes.load(node.child(index - 1)) : undefined;
  const right =
    index + 1 < node.children.length ? tree.nodes.load(node.child(index + 1)) : undefined;
  if (left?.canSpare) return rotateRight(tree, node, index, left, child);
  if (right?.canSpare) return rotateLeft(tree, node, index, child, right);
  const into = (left ?? right) as Node;
  // COMPAT: without a left sibling the merged node lies where the right one did.
  merge(tree, child, into, node.removeEntry(left === undefined ? index : index - 1));
  node.children.splice(index, 1);
  finishParent(tree, node, into);
  return into;
}

function rotateRight(tree: Tree, node: Node, index: number, left: Node, child: Node): Node {
  child.insertEntry(0, node.replaceEntry(index - 1, left.popLast()));
  if (!child.isLeaf) child.children.unshift(left.children.pop() as number);
  for (const changed of [left, child, node]) tree.nodes.save(changed);
  return child;
}

function rotateLeft(tree: Tree, node: Node, index: number, child: Node, right: Node): Node {
  child.insertEntry(child.keys.length, node.replaceEntry(index, right.popFirst()));
  if (!child.isLeaf) child.children.push(right.children.shift() as number);
  for (const changed of [right, child, node]) tree.nodes.save(changed);
  return child;
}

/** Merges `source`, the entry between them and `into`; the result lies where `into` does. */
function merge(tree: Tree, source: Node, into: Node, median: EncodedEntry): void {
  const sourceIsRight = tree.compare(source.key(0), into.key(0)) > 0;
  const entries = source.removeEntries(0, source.keys.length);
  if (sourceIsRight) {
    append(into, [median, ...entries], into.keys.length);
    into.children.push(...source.children);
  } else {
    append(into, [...entries, median], 0);
    into.children.unshift(...source.children);
  }
  tree.nodes.save(into);
  tree.nodes.deallocate(source);
}

function append(node: Node, entries: readonly EncodedEntry[], index: number): void {
  entries.forEach((entry, i) => {
    node.insertEntry(index + i, entry);
  });
}

/** Saves the parent of two nodes that became one; a root left without entries gives way to it. */
function finishParent(tree: Tree, parent: Node, merged: Node): void {
  if (parent.keys.length > 0) tree.nodes.save(parent);
  else dropRoot(tree, parent, merged.address);
}

/** Fills up the topmost node on the right edge that cannot spare an entry; false when there is none. */
export function fillRightEdge(tree: Tree): boolean {
  if (tree.header.root === 0) return false;
  let node = tree.nodes.load(tree.header.root);
  for (let depth = 0; !node.isLeaf; depth++) {
    checkDepth(depth, node.address);
    const index = node.children.length - 1;
    const child = tree.nodes.load(node.child(index));
    if (!child.canSpare) {
      fill(tree, node, index, child);
      return true;
    }
    node = child;
  }
  return false;
}
