/**
 * A node while an operation works on it: where it is, and how large its entries are. Its bytes stay in
 * the image. Layout of those in layout/node.ts.
 *
 * The bytes of a node are one stream, numbered from 0: the node page, then the data of its overflow
 * pages. Offsets here are offsets in that stream.
 */
import {
  NODE_CAPACITY,
  NODE_CONTENT_OFFSET,
  NODE_HEADER_SIZE,
  NODE_MINIMUM,
  NODE_VERSION_1,
  OVERFLOW_HEADER_SIZE,
} from "../../layout/node";
import { copy } from "../bytes";
import { Addr, Ptr } from "../types";
import * as map from "./map";
import * as sizes from "./sizes";
import { NODES, NODE_SIZE } from "../work";

/** Most entries of a node. */
export const CAPACITY: u32 = NODE_CAPACITY;
/** Fewest entries of a node that can spare one. */
export const MINIMUM: u32 = NODE_MINIMUM;

// Behind the fields of a node: sizes of its keys and values, see sizes.ts, its children (13 x u64), and
// pointers to the first of its overflow pages (16 x u32).
const KEY_SIZES: usize = 56;
const VALUE_SIZES: usize = KEY_SIZES + sizes.LIST_SIZE;
const CHILDREN: usize = VALUE_SIZES + sizes.LIST_SIZE;
const PAGES: usize = CHILDREN + 104;

/** Overflow pages of a node that it has pointers to, at most. */
export const NEAR_PAGES: u32 = 16;

/** An address at which no node is. */
export const NOWHERE: Addr = u64.MAX_VALUE;

/** Fields of a node, in the engine's own memory: never bytes of the image. */
@unmanaged
export class Node {
  address: Addr;
  /** The last of its overflow pages, 0 when it has none. */
  lastPage: Addr;
  /** One past the last byte of its stream. Known, like what is below, once the node is measured. */
  end: u64;
  /** Pointer to its first byte. */
  pointer: Ptr;
  /** Bytes of the node page that can be touched from there on: all of it, or less when it is scattered. */
  run: u32;
  version: u32;
  isLeaf: bool;
  /** True once the sizes of its entries, its children and its overflow pages are known. */
  isMeasured: bool;
  count: u32;
  /** Number of its overflow pages. */
  pages: u32;
  /** How many of the first of them it has pointers to, see chain.ts. */
  nearPages: u32;
}

/** Node number `number`, of eight. */
// @ts-ignore: decorator
@inline
export function nodeAt(number: u32): Node {
  return changetype<Node>(NODES + number * NODE_SIZE);
}

/** List of the sizes of the keys. */
// @ts-ignore: decorator
@inline
export function keySizesOf(node: Node): Ptr {
  return changetype<Ptr>(node) + KEY_SIZES;
}

/** List of the sizes of the values. */
// @ts-ignore: decorator
@inline
export function valueSizesOf(node: Node): Ptr {
  return changetype<Ptr>(node) + VALUE_SIZES;
}

/** Size of a key of a measured node. */
// @ts-ignore: decorator
@inline
export function keySize(node: Node, index: u32): u32 {
  return map.hasFixedKeys ? map.maxKeySize : sizes.at(keySizesOf(node), index);
}

/** Size of a value of a measured node. */
// @ts-ignore: decorator
@inline
export function valueSize(node: Node, index: u32): u32 {
  return map.hasFixedValues ? map.maxValueSize : sizes.at(valueSizesOf(node), index);
}

/** Says the sizes of an entry, of which those before it are known. */
export function setSizes(node: Node, index: u32, sizeOfKey: u32, sizeOfValue: u32): void {
  sizes.append(keySizesOf(node), index, sizeOfKey);
  sizes.append(valueSizesOf(node), index, sizeOfValue);
}

/** Gives a value another size. */
export function changeValueSize(node: Node, index: u32, size: u32): void {
  sizes.change(valueSizesOf(node), index, size, node.count);
}

// @ts-ignore: decorator
@inline
export function child(node: Node, index: u32): Addr {
  return load<u64>(changetype<Ptr>(node) + (index << 3), CHILDREN);
}

// @ts-ignore: decorator
@inline
export function setChild(node: Node, index: u32, address: Addr): void {
  store<u64>(changetype<Ptr>(node) + (index << 3), address, CHILDREN);
}

/** Pointer to the addresses of all children. */
// @ts-ignore: decorator
@inline
export function childrenOf(node: Node): Ptr {
  return changetype<Ptr>(node) + CHILDREN;
}

/** Pointer to one of the overflow pages that the node has pointers to. */
// @ts-ignore: decorator
@inline
export function nearPage(node: Node, number: u32): Ptr {
  return load<u32>(changetype<Ptr>(node) + (number << 2), PAGES);
}

// @ts-ignore: decorator
@inline
export function setNearPage(node: Node, number: u32, pointer: Ptr): void {
  store<u32>(changetype<Ptr>(node) + (number << 2), pointer, PAGES);
}

/** Puts the sizes of the first `added` entries of another node in the place of `removed` from `from` on. */
export function spliceSizes(node: Node, from: u32, removed: u32, other: Node, added: u32): void {
  if (!map.hasFixedKeys) {
    sizes.splice(keySizesOf(node), node.count, from, removed, keySizesOf(other), added);
  }
  if (!map.hasFixedValues) {
    sizes.splice(valueSizesOf(node), node.count, from, removed, valueSizesOf(other), added);
  }
}

/** Copies the sizes of `count` entries from one node to another, in which those before them are known. */
export function copySizes(source: Node, from: u32, target: Node, to: u32, count: u32): void {
  if (!map.hasFixedKeys) sizes.copy(keySizesOf(source), from, keySizesOf(target), to, count);
  if (!map.hasFixedValues) sizes.copy(valueSizesOf(source), from, valueSizesOf(target), to, count);
}

/** Copies `count` children from one node to another, or within one. */
export function copyChildren(source: Node, from: u32, target: Node, to: u32, count: u32): void {
  copy(childrenOf(target) + (to << 3), childrenOf(source) + (from << 3), count << 3);
}

/** Number of children that `count` entries have. */
// @ts-ignore: decorator
@inline
export function childCount(node: Node, count: u32): u32 {
  return node.isLeaf ? 0 : count + 1;
}

/** Bytes before a key in the stream: its size, unless all keys of a version 2 node have the same. */
// @ts-ignore: decorator
@inline
export function keyPrefix(node: Node): u32 {
  return node.version == NODE_VERSION_1 || !map.hasFixedKeys ? 4 : 0;
}

/** Bytes of a slot of a version 1 node. */
// @ts-ignore: decorator
@inline
export function slotSize(): u32 {
  return 8 + map.keyRoom + map.valueRoom;
}

/** Offset of the keys of a version 2 node of `count` entries. */
// @ts-ignore: decorator
@inline
export function keysStart(node: Node, count: u32): u32 {
  return NODE_CONTENT_OFFSET + (childCount(node, count) << 3);
}

/** Offset of the children of a node of `count` entries. */
// @ts-ignore: decorator
@inline
export function childrenStart(node: Node, count: u32): u32 {
  return node.version == NODE_VERSION_1 ? NODE_HEADER_SIZE + count * slotSize() : NODE_CONTENT_OFFSET;
}

/** Bytes that the keys from `from` up to `to` take in a version 2 node, with their prefixes. */
// @ts-ignore: decorator
@inline
export function keyBytes(node: Node, from: u32, to: u32): u64 {
  return map.hasFixedKeys
    ? <u64>(to - from) * map.maxKeySize
    : <u64>sizes.bytes(keySizesOf(node), from, to);
}

/** Bytes that the values from `from` up to `to` take in a version 2 node, with their prefixes. */
// @ts-ignore: decorator
@inline
export function valueBytes(node: Node, from: u32, to: u32): u64 {
  return map.hasFixedValues
    ? <u64>(to - from) * (4 + <u64>map.maxValueSize)
    : <u64>sizes.bytes(valueSizesOf(node), from, to);
}

/** Offset of the first byte of a key, behind its prefix. */
export function keyOffset(node: Node, index: u32): u32 {
  if (node.version == NODE_VERSION_1) return NODE_HEADER_SIZE + index * slotSize() + 4;
  return keysStart(node, node.count) + <u32>keyBytes(node, 0, index) + keyPrefix(node);
}

/** Offset of the first byte of a value, behind its prefix. */
export function valueOffset(node: Node, index: u32): u32 {
  if (node.version == NODE_VERSION_1) {
    return NODE_HEADER_SIZE + index * slotSize() + 8 + map.keyRoom;
  }
  const keys = keyBytes(node, 0, node.count);
  return keysStart(node, node.count) + <u32>(keys + valueBytes(node, 0, index)) + 4;
}

/** Bytes of the stream that an overflow page holds. */
// @ts-ignore: decorator
@inline
export function overflowRoom(): u32 {
  return map.nodePageSize - OVERFLOW_HEADER_SIZE;
}
