/**
 * The one way in which nodes change: entries give place to others, and everything else moves to where
 * the new node has it, in place. In a rehearsal the sizes change and the bytes do not.
 *
 * COMPAT: an edit writes below the new end of the node only. What the crate leaves behind a node that
 * became shorter is what this leaves, because the crate rewrites it from the start to the new end.
 */
import {
  NODE_COUNT_OFFSET,
  NODE_HEADER_SIZE,
  NODE_INTERNAL,
  NODE_LEAF,
  NODE_MAGIC,
  NODE_OVERFLOW_OFFSET,
  NODE_TYPE_OFFSET,
  NODE_VERSION_1,
  NODE_VERSION_OFFSET,
  OVERFLOW_MAGIC,
  OVERFLOW_NEXT_OFFSET,
} from "../../layout/node";
import { E_BROKEN, OK } from "../../layout/status";
import * as image from "../image";
import * as space from "../space";
import { Addr, Ptr } from "../types";
import * as chain from "./chain";
import * as chunks from "./chunks";
import * as map from "./map";
import {
  changeValueSize,
  childCount,
  childrenOf,
  childrenStart,
  keyBytes,
  keyOffset,
  keyPrefix,
  keySize,
  keysStart,
  Node,
  nodeAt,
  slotSize,
  spliceSizes,
  valueBytes,
  valueOffset,
  valueSize,
} from "./node";
import * as rehearsal from "./rehearsal";
import * as stream from "./stream";
import { BOUNCE } from "../work";

/** Holds the sizes of the entries that `replace` puts in; a node of sizes only. */
export const inserted: Node = nodeAt(7);

/** Makes a new node without entries, of the version of new nodes. */
export function create(node: Node, isLeaf: bool): i32 {
  const address = chunks.allocate();
  node.address = address;
  node.lastPage = 0;
  node.pages = 0;
  node.nearPages = 0;
  node.count = 0;
  node.version = map.newNodeVersion;
  node.isLeaf = isLeaf;
  node.isMeasured = true;
  node.end = keysStart(node, 0);
  if (rehearsal.running) return OK;
  if (address == 0) return E_BROKEN;
  node.pointer = space.pointer(address, map.nodePageSize);
  node.run = space.piece;
  const type: u32 = isLeaf ? NODE_LEAF : NODE_INTERNAL;
  const header = NODE_MAGIC | (node.version << (NODE_VERSION_OFFSET << 3));
  space.store64(address, <u64>header | (<u64>type << (NODE_TYPE_OFFSET << 3)));
  if (node.version != NODE_VERSION_1) space.store64(address + NODE_OVERFLOW_OFFSET, 0);
  return OK;
}

/**
 * Frees the overflow pages of a measured node, first to last, then its own chunk. The chain is followed
 * here, because `chain` takes no page for sound that lies behind freed ones.
 */
export function deallocate(node: Node): i32 {
  let page = node.pages == 0 ? 0 : pageOf(node, 0);
  for (let i: u32 = 0; i < node.pages; i++) {
    const next = rehearsal.running ? 0 : space.load64(page + OVERFLOW_NEXT_OFFSET);
    if (!chunks.deallocate(page)) return E_BROKEN;
    page = next;
  }
  chain.forget();
  return chunks.deallocate(node.address) ? OK : E_BROKEN;
}

/** Where the next entry is to be put, after a `replace`: its key and its value, with their prefixes. */
let keyGap: u32 = 0;
let valueGap: u32 = 0;

/**
 * Takes `removed` entries from `from` on out of a node and makes room for `count` others there, whose
 * sizes `inserted` has. They are the caller's to put, in order. The children in `node` must already be
 * those of the new entries.
 */
export function replace(node: Node, from: u32, removed: u32, count: u32): i32 {
  const status =
    node.version == NODE_VERSION_1
      ? replaceV1(node, from, removed, count)
      : replaceV2(node, from, removed, count);
  if (status == OK && !rehearsal.running) putHeader(node);
  return status;
}

function replaceV2(node: Node, from: u32, removed: u32, count: u32): i32 {
  const behind = from + removed;
  const keysBefore = keyBytes(node, 0, from);
  const valuesBefore = valueBytes(node, 0, from);
  // What lies between the entries' keys and their values moves as one.
  const between = keyBytes(node, behind, node.count) + valuesBefore;
  const oldKeys = <u64>keysStart(node, node.count);
  const oldMiddle = oldKeys + keysBefore + keyBytes(node, from, behind);
  const oldValues = oldMiddle + between + valueBytes(node, from, behind);
  const valuesBehind = node.end - oldValues;
  splice(node, from, removed, count);
  const newKeys = <u64>keysStart(node, node.count);
  const newMiddle = newKeys + keysBefore + keyBytes(node, from, from + count);
  const newValues = newMiddle + between + valueBytes(node, from, from + count);
  node.end = newValues + valuesBehind;
  const status = lengthen(node);
  if (status != OK) return status;
  // No range may be written over before it was moved: what goes up goes first, the last one first.
  if (newValues > oldValues) move(node, oldValues, newValues, valuesBehind);
  if (newMiddle > oldMiddle) move(node, oldMiddle, newMiddle, between);
  move(node, oldKeys, newKeys, keysBefore);
  if (newMiddle < oldMiddle) move(node, oldMiddle, newMiddle, between);
  if (newValues < oldValues) move(node, oldValues, newValues, valuesBehind);
  keyGap = <u32>(newKeys + keysBefore);
  valueGap = <u32>(newMiddle + between);
  return shorten(node);
}

function replaceV1(node: Node, from: u32, removed: u32, count: u32): i32 {
  const behind = from + removed;
  const shift = <i32>count - <i32>removed;
  if (!rehearsal.running) {
    if (shift > 0) for (let i = node.count; i > behind; i--) moveSlot(node, i - 1, shift);
    if (shift < 0) for (let i = behind; i < node.count; i++) moveSlot(node, i, shift);
  }
  splice(node, from, removed, count);
  node.end = childrenStart(node, node.count) + (childCount(node, node.count) << 3);
  keyGap = NODE_HEADER_SIZE + from * slotSize();
  valueGap = keyGap + 4 + map.keyRoom;
  return OK;
}

/** COMPAT: what an item does not fill of its slot stays behind when the item moves to another slot. */
function moveSlot(node: Node, index: u32, shift: i32): void {
  const distance = shift * <i32>slotSize();
  const key = keyOffset(node, index) - 4;
  const value = valueOffset(node, index) - 4;
  stream.move(node, key, key + distance, 4 + keySize(node, index));
  stream.move(node, value, value + distance, 4 + valueSize(node, index));
}

function splice(node: Node, from: u32, removed: u32, count: u32): void {
  spliceSizes(node, from, removed, inserted, count);
  node.count = node.count - removed + count;
}

// @ts-ignore: decorator
@inline
function move(node: Node, from: u64, to: u64, length: u64): void {
  stream.move(node, <u32>from, <u32>to, <u32>length);
}

/** Writes the number of entries, and the children. */
function putHeader(node: Node): void {
  if (stream.isNear(node, NODE_COUNT_OFFSET, 2)) {
    image.changed(node.pointer);
    store<u16>(node.pointer, <u16>node.count, NODE_COUNT_OFFSET);
  } else {
    store<u16>(BOUNCE, <u16>node.count);
    stream.put(node, NODE_COUNT_OFFSET, BOUNCE, 2);
  }
  if (node.isLeaf) return;
  const bytes = childCount(node, node.count) << 3;
  stream.put(node, childrenStart(node, node.count), childrenOf(node), bytes);
}

/** Puts an entry into the gap, and makes the gap begin behind it. */
export function putEntry(node: Node, key: Ptr, keyBytes: u32, value: Ptr, valueBytes: u32): void {
  if (rehearsal.running) return;
  const prefix = keyPrefix(node);
  if (prefix != 0) stream.putU32(node, keyGap, keyBytes);
  stream.put(node, keyGap + prefix, key, keyBytes);
  stream.putU32(node, valueGap, valueBytes);
  stream.put(node, valueGap + 4, value, valueBytes);
  moveGap(node, prefix + keyBytes, 4 + valueBytes);
}

/** Copies entries of another node into the gap, and makes the gap begin behind them. */
export function putEntries(node: Node, source: Node, from: u32, count: u32): void {
  if (rehearsal.running) return;
  if (node.version == NODE_VERSION_1 || source.version == NODE_VERSION_1) {
    for (let i = from; i < from + count; i++) putItems(node, source, i);
    return;
  }
  const keys = <u32>keyBytes(source, from, from + count);
  const values = <u32>valueBytes(source, from, from + count);
  stream.copy(source, keyOffset(source, from) - keyPrefix(source), node, keyGap, keys);
  stream.copy(source, valueOffset(source, from) - 4, node, valueGap, values);
  moveGap(node, keys, values);
}

/** COMPAT: nodes of version 1 store the size of every key, those of version 2 none of fixed ones. */
function putItems(node: Node, source: Node, index: u32): void {
  const prefix = keyPrefix(node);
  const keyBytes = keySize(source, index);
  const valueBytes = 4 + valueSize(source, index);
  if (prefix != 0) stream.putU32(node, keyGap, keyBytes);
  stream.copy(source, keyOffset(source, index), node, keyGap + prefix, keyBytes);
  stream.copy(source, valueOffset(source, index) - 4, node, valueGap, valueBytes);
  moveGap(node, prefix + keyBytes, valueBytes);
}

function moveGap(node: Node, keyBytes: u32, valueBytes: u32): void {
  keyGap += node.version == NODE_VERSION_1 ? slotSize() : keyBytes;
  valueGap += node.version == NODE_VERSION_1 ? slotSize() : valueBytes;
}

/** Gives a value another size, and puts it. */
export function putValue(node: Node, index: u32, value: Ptr, size: u32): i32 {
  const old = valueSize(node, index);
  const start = <u64>valueOffset(node, index);
  changeValueSize(node, index, size);
  if (node.version != NODE_VERSION_1 && size != old) {
    const behind = node.end - start - old;
    node.end = start + size + behind;
    let status = lengthen(node);
    if (status != OK) return status;
    move(node, start + old, start + size, behind);
    status = shorten(node);
    if (status != OK) return status;
  }
  stream.putU32(node, <u32>start - 4, size);
  stream.put(node, <u32>start, value, size);
  return OK;
}

/** Adds the overflow pages that the stream needs. */
function lengthen(node: Node): i32 {
  const needed = map.overflowPages(node.end);
  while (node.pages < needed) {
    const page = chunks.allocate();
    if (!rehearsal.running) {
      if (page == 0) return E_BROKEN;
      space.store64(page, OVERFLOW_MAGIC);
      space.store64(page + OVERFLOW_NEXT_OFFSET, 0);
      link(node, page);
    }
    node.lastPage = page;
    node.pages += 1;
  }
  return OK;
}

/** Frees the overflow pages that the stream does not need, from the last one on. */
function shorten(node: Node): i32 {
  const needed = map.overflowPages(node.end);
  if (node.pages == needed) return OK;
  while (node.pages > needed) {
    if (!chunks.deallocate(pageOf(node, node.pages - 1))) return E_BROKEN;
    node.pages -= 1;
  }
  node.nearPages = min(node.nearPages, needed);
  if (rehearsal.running) return OK;
  node.lastPage = needed == 0 ? 0 : pageOf(node, needed - 1);
  link(node, 0);
  return OK;
}

// @ts-ignore: decorator
@inline
function pageOf(node: Node, number: u32): Addr {
  return rehearsal.running ? 0 : chain.page(node, number, chain.READING);
}

/** Ends the chain of a node with `next`. */
function link(node: Node, next: Addr): void {
  const last = node.lastPage;
  space.store64(last == 0 ? node.address + NODE_OVERFLOW_OFFSET : last + OVERFLOW_NEXT_OFFSET, next);
  chain.forget();
}
