/**
 * Finding keys. A descent notes its path: for each level the node, the index of the key among its
 * entries, and how many there are.
 */
import { ORDER_BYTES, ORDER_PAIR } from "../../layout/map-calls";
import {
  EXPECTED_CHAIN_END,
  EXPECTED_DEPTH,
  EXPECTED_KEY_SIZE,
  OK,
} from "../../layout/status";
import { NODE_CONTENT_OFFSET, NODE_HEADER_SIZE, NODE_VERSION_1 } from "../../layout/node";
import { countNodes } from "../counters";
import * as space from "../space";
import { Addr, Ptr } from "../types";
import * as ahead from "./ahead";
import { damaged } from "./failure";
import * as map from "./map";
import { childrenStart, keyPrefix, keysStart, Node, slotSize } from "./node";
import { compare, compareBytes, compareHeads, haveHeads } from "./order";
import * as plain from "./plain";
import * as reading from "./reading";
import * as stream from "./stream";
import * as words from "./words";
import { BOUNCE, BOUNCE_SIZE, GATHER, GATHER_SIZE, PATH, PATH_SIZE } from "../work";

/** Most levels a tree can have: with six children a node, 2^64 entries need 25. */
export const MAX_DEPTH: u32 = 32;

// Fields of a step of the path
const STEP_SHIFT: u32 = 4;
const STEP_ADDRESS: usize = 0;
const STEP_INDEX: usize = 8;
const STEP_COUNT: usize = 12;

/** Index of the key among the entries of a node, or where it would be. */
export let index: u32 = 0;
/** True when it is there. */
export let found: bool = false;

/** Number of the last level of the path, where the key was found or would be. */
export let lastLevel: u32 = 0;

export function setLastLevel(level: u32): void {
  lastLevel = level;
}

// @ts-ignore: decorator
@inline
export function addressAt(level: u32): Addr {
  return load<u64>(PATH + (level << STEP_SHIFT), STEP_ADDRESS);
}

// @ts-ignore: decorator
@inline
export function indexAt(level: u32): u32 {
  return load<u32>(PATH + (level << STEP_SHIFT), STEP_INDEX);
}

// @ts-ignore: decorator
@inline
export function countAt(level: u32): u32 {
  return load<u32>(PATH + (level << STEP_SHIFT), STEP_COUNT);
}

/** Notes that the path leads through a node, at `place` among its entries. */
// @ts-ignore: decorator
@inline
export function noteStep(level: u32, node: Node, place: u32): void {
  noteStepOf(level, node.address, place, node.count);
}

// @ts-ignore: decorator
@inline
function noteStepOf(level: u32, address: Addr, place: u32, count: u32): void {
  const step = PATH + (level << STEP_SHIFT);
  store<u64>(step, address, STEP_ADDRESS);
  store<u32>(step, place, STEP_INDEX);
  store<u32>(step, count, STEP_COUNT);
}

/**
 * Goes down from the root, which there must be, to where `key` is or would be, in `node`. With `changes`
 * that node is about to be changed.
 *
 * PERF: a descent that changes something goes straight to the last leaf if the one before it ended there,
 * and stays if any key there is smaller. Ascending keys are inserted in a fifth less time (Node 20, 2026-11).
 */
export function descend(node: Node, key: Ptr, size: u32, changes: bool): i32 {
  assert(MAX_DEPTH << STEP_SHIFT <= PATH_SIZE);
  if (changes && isOnLastWay()) {
    const status = goDown(node, key, size, changes);
    if (status == OK && index > 0) return OK;
  }
  nextAddress = map.root();
  lastLevel = 0;
  return goDown(node, key, size, changes);
}

/**
 * True when the path still leads to the last leaf, which then is where to go on. Nothing is taken on trust:
 * from the root on each node is looked at again, all of them at a time.
 */
function isOnLastWay(): bool {
  // PERF: one condition: each of its halves holds too often for a processor to foresee it.
  const rest = indexAt(0) ^ countAt(0) | indexAt(lastLevel) ^ countAt(lastLevel);
  if (rest != 0) return false;
  nextAddress = map.root();
  for (let level: u32 = 0; level < lastLevel; level++) {
    const count = countAt(level);
    if (nextAddress != addressAt(level) || indexAt(level) != count) return false;
    const page = map.pageAt(nextAddress);
    if (page == 0 || !plain.isInner(load<u64>(page), count)) return false;
    nextAddress = load<u64>(page + (count << 3), NODE_CONTENT_OFFSET);
  }
  return true;
}

/** Goes down from `nextAddress` on level `lastLevel`. */
function goDown(node: Node, key: Ptr, size: u32, changes: bool): i32 {
  const isAtEnd = map.hasWordKeys
    ? descendWords(load<u64>(key))
    : plain.hasHead(size) && descendHeads(key, size, changes);
  if (isAtEnd) return reading.open(node, nextAddress);
  for (let level = lastLevel; level < MAX_DEPTH; level++) {
    ahead.readNode(nextAddress);
    let status = reading.open(node, nextAddress);
    if (status == OK) status = among(node, key, size);
    if (status != OK) return status;
    noteStep(level, node, index);
    lastLevel = level;
    if (found || node.isLeaf) return OK;
    nextAddress = childAt(node, index);
  }
  return damaged(nextAddress, EXPECTED_DEPTH);
}

/** Where a descent goes on, or ended. */
let nextAddress: Addr = 0;

/**
 * The way down for keys of eight bytes, through nodes that lie in one piece. True at its end; false at a
 * node that is not so plain, where `descend` goes on.
 *
 * SAFETY: the words that are read reach no further than `WORDS_END`, which lies in the node page.
 */
function descendWords(key: u64): bool {
  const wanted = words.wanted(key);
  let address = nextAddress;
  let level = lastLevel;
  let isEnd: bool = false;
  for (; level < MAX_DEPTH && !isEnd; level++) {
    const node = map.pageAt(address);
    if (node == 0) break;
    plain.readLinesAhead(node, 256);
    const header = load<u64>(node);
    if (!plain.isPlain(header)) break;
    const count = plain.countIn(header);
    const keys = node + plain.keysStartIn(header);
    const place = words.countBelow(keys, count, wanted);
    noteStepOf(level, address, place, count);
    index = place;
    found = plain.isWordAt(keys, place, count, key);
    isEnd = found || plain.isLeafIn(header);
    if (!isEnd) address = load<u64>(node + (place << 3), NODE_CONTENT_OFFSET);
  }
  return endsAt(level, address, isEnd);
}

/**
 * The same for keys of any size, as far as their first bytes tell the way, or lead to the key itself.
 *
 * PERF: of a leaf that is about to be changed all sizes are read. Waiting for them while the key is looked
 * for, and for the first overflow page, saves 8 % of an insertion of principals or texts (Node 20, 2026-11).
 */
function descendHeads(key: Ptr, size: u32, changes: bool): bool {
  let address = nextAddress;
  let level = lastLevel;
  let isEnd: bool = false;
  for (; level < MAX_DEPTH && !isEnd; level++) {
    const node = map.pageAt(address);
    if (node == 0) break;
    plain.readLinesAhead(node, 512);
    const header = load<u64>(node);
    if (!plain.isPlain(header)) break;
    if (changes && plain.isLeafIn(header)) ahead.readRest(node);
    const place = plain.placeOf(node, header, key, size);
    if (place == plain.NOT_PLAIN) break;
    noteStepOf(level, address, place, plain.countIn(header));
    index = place;
    isEnd = plain.isThere || plain.isLeafIn(header);
    if (!isEnd) address = load<u64>(node + (place << 3), NODE_CONTENT_OFFSET);
  }
  found = isEnd && plain.isThere;
  return endsAt(level, address, isEnd);
}

/** Notes where a way down ended, or where it is to go on: behind so many levels. */
function endsAt(levels: u32, address: Addr, isEnd: bool): bool {
  countNodes(levels - <u32>isEnd);
  lastLevel = levels - <u32>isEnd;
  nextAddress = address;
  return isEnd;
}

/** Address of a child of a node that need not be measured. */
export function childAt(node: Node, childIndex: u32): Addr {
  const offset = childrenStart(node, node.count) + (childIndex << 3);
  if (stream.isNear(node, offset, 8)) return load<u64>(node.pointer + offset);
  return space.load64(node.address + offset);
}

/** Finds `key` among the entries of an open node: `index` and `found`. */
export function among(node: Node, key: Ptr, size: u32): i32 {
  if (node.version == NODE_VERSION_1) {
    return bisect(node, NODE_HEADER_SIZE, slotSize(), 4, key, size);
  }
  const keys = keysStart(node, node.count);
  if (map.hasWordKeys && stream.isNear(node, keys, words.WORD_BYTES)) {
    const word = load<u64>(key);
    const start = node.pointer + keys;
    index = words.countBelowWord(start, node.count, word);
    found = plain.isWordAt(start, index, node.count, word);
    return OK;
  }
  if (keyPrefix(node) == 0) return bisect(node, keys, map.maxKeySize, 0, key, size);
  return scan(node, keys, key, size);
}

/** Keys that lie `stride` bytes apart. */
function bisect(node: Node, start: u32, stride: u32, prefix: u32, key: Ptr, size: u32): i32 {
  let low: u32 = 0;
  let high = node.count;
  found = false;
  while (low < high) {
    const middle = (low + high) >> 1;
    const status = compareAt(node, start + middle * stride, prefix, key, size);
    if (status != OK) return status;
    if (order == 0) {
      low = middle;
      found = true;
      break;
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  index = low;
  return OK;
}

/**
 * Keys of different sizes, one behind the other.
 *
 * PERF: the first bytes nearly always decide the order, and a whole comparison costs three times as much
 * (Node 20, 2026-11).
 */
function scan(node: Node, start: u32, key: Ptr, size: u32): i32 {
  const base = node.pointer;
  const near = node.run;
  const hasHead = haveHeads(size, size);
  let offset = <u64>start;
  found = false;
  for (index = 0; index < node.count; index++) {
    if (hasHead && offset + HEADS_SIZE <= near) {
      const at = base + <Ptr>offset;
      const stored = load<u32>(at);
      if (reading.isKeySize(stored) && haveHeads(stored, size)) {
        const sign = compareHeads(at + 4, stored, key, size);
        if (sign > 0) return OK;
        if (sign < 0) {
          offset += 4 + <u64>stored;
          continue;
        }
      }
    }
    if (offset > u32.MAX_VALUE - 4) return damaged(node.address, EXPECTED_CHAIN_END);
    const status = compareAt(node, <u32>offset, 4, key, size);
    if (status != OK) return status;
    found = order == 0;
    if (order >= 0) return OK;
    offset += 4 + <u64>storedSize;
  }
  return OK;
}

/** The size of a key and its first sixteen bytes. */
const HEADS_SIZE: u64 = 20;

/** Order of the stored key and the one looked for, and the stored one's size: what `compareAt` found. */
let order: i32 = 0;
let storedSize: u32 = 0;

/** Compares the key at `offset` of a node, which begins with its size when there is a prefix. */
function compareAt(node: Node, offset: u32, prefix: u32, key: Ptr, size: u32): i32 {
  storedSize = map.maxKeySize;
  if (prefix != 0) {
    if (!stream.takeU32(node, offset)) return damaged(node.address, EXPECTED_CHAIN_END);
    storedSize = stream.lastU32;
    if (!mayBeKeySize(storedSize, size)) return damaged(node.address + offset, EXPECTED_KEY_SIZE);
  }
  offset += prefix;
  if (stream.isNear(node, offset, storedSize)) {
    order = compare(node.pointer + offset, storedSize, key, size);
    return OK;
  }
  return compareFar(node, offset, key, size);
}

/** A pair always has the same size, though its bound does not say so: its members are found by it. */
// @ts-ignore: decorator
@inline
export function mayBeKeySize(stored: u32, size: u32): bool {
  return reading.isKeySize(stored) && (map.order != ORDER_PAIR || stored == size);
}

/** Compares a key that lies in more than one piece. */
function compareFar(node: Node, offset: u32, key: Ptr, size: u32): i32 {
  if (storedSize <= GATHER_SIZE) {
    if (!stream.take(node, offset, GATHER, storedSize)) {
      return damaged(node.address, EXPECTED_CHAIN_END);
    }
    order = compare(GATHER, storedSize, key, size);
    return OK;
  }
  assert(map.order == ORDER_BYTES);
  return compareInPieces(node, offset, key, size);
}

function compareInPieces(node: Node, offset: u32, key: Ptr, size: u32): i32 {
  const common = min(storedSize, size);
  for (let done: u32 = 0; done < common; ) {
    const bytes = min(common - done, BOUNCE_SIZE);
    if (!stream.take(node, offset + done, BOUNCE, bytes)) {
      return damaged(node.address, EXPECTED_CHAIN_END);
    }
    order = compareBytes(BOUNCE, bytes, key + done, bytes);
    if (order != 0) return OK;
    done += bytes;
  }
  order = <i32>(storedSize > size) - <i32>(storedSize < size);
  return OK;
}
