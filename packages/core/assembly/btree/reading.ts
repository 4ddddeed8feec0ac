/** Reading nodes that lie in the image. Every field is checked: damage gives E_CORRUPTED, and an address. */
import { MAP_VERSION_1 } from "../../layout/btree";
import {
  NODE_HEADER_SIZE,
  NODE_INTERNAL,
  NODE_MAGIC,
  NODE_OVERFLOW_OFFSET,
  NODE_VERSION_1,
  NODE_VERSION_2,
  OVERFLOW_NEXT_OFFSET,
} from "../../layout/node";
import {
  E_CORRUPTED,
  EXPECTED_CHAIN_END,
  EXPECTED_KEY_SIZE,
  EXPECTED_NODE,
  EXPECTED_NODE_COUNT,
  EXPECTED_NODE_TYPE,
  EXPECTED_NODE_VERSION,
  EXPECTED_VALUE_SIZE,
  OK,
} from "../../layout/status";
import * as space from "../space";
import { countNodes } from "../counters";
import { Addr, Ptr } from "../types";
import * as chain from "./chain";
import * as even from "./even";
import { damaged } from "./failure";
import * as map from "./map";
import * as memo from "./memo";
import {
  CAPACITY,
  childCount,
  childrenOf,
  childrenStart,
  keysStart,
  Node,
  keySizesOf,
  setSizes,
  slotSize,
  valueSizesOf,
} from "./node";
import * as rehearsal from "./rehearsal";
import * as sizes from "./sizes";
import {
  countSameSizes,
  forget as startOver,
  isCut,
  lastU32,
  NO_SIZE,
  take,
  takeU32,
  windowBase,
  windowEnd,
} from "./stream";

/** Forgets what was read: to be called before an operation. */
export function forget(): void {
  chain.forget();
  memo.forget();
  startOver();
}

/** What an operation that may have changed the map has come to, when its steps came to `result`. */
// @ts-ignore: decorator
@inline
export function outcome(result: i32): i32 {
  return isCut ? E_CORRUPTED : result;
}

/** Reads the header of the node at `address`. */
export function open(node: Node, address: Addr): i32 {
  countNodes(1);
  node.pointer = map.pageAt(address);
  node.run = map.nodePageSize;
  if (node.pointer == 0) {
    if (!space.holds(address, map.nodePageSize)) return damaged(address, EXPECTED_NODE);
    node.pointer = space.pointer(address, map.nodePageSize);
    node.run = space.piece;
  }
  node.address = address;
  const header = node.run >= 8 ? load<u64>(node.pointer) : space.load64(address);
  if ((header & 0xffffff) != NODE_MAGIC) return damaged(address, EXPECTED_NODE);
  node.version = <u32>(header >> 24) & 0xff;
  if (node.version != NODE_VERSION_2 && !mayHaveVersion1(node.version)) {
    return damaged(address, EXPECTED_NODE_VERSION);
  }
  const type = <u32>(header >> 32) & 0xff;
  if (type > <u32>NODE_INTERNAL) return damaged(address, EXPECTED_NODE_TYPE);
  node.isLeaf = type != NODE_INTERNAL;
  node.count = <u32>(header >> 40) & 0xffff;
  if (node.count - 1 >= CAPACITY) return damaged(address, EXPECTED_NODE_COUNT);
  node.isMeasured = false;
  node.nearPages = 0;
  return OK;
}

// @ts-ignore: decorator
@inline
function mayHaveVersion1(version: u32): bool {
  return version == NODE_VERSION_1 && map.version == MAP_VERSION_1;
}

/** Reads the sizes of all entries, the children and the chain of an open node. */
export function measure(node: Node): i32 {
  if (node.isMeasured || memo.recall(node)) return OK;
  const status = node.version == NODE_VERSION_1 ? measureV1(node) : measureV2(node);
  node.isMeasured = status == OK;
  if (status == OK && rehearsal.running) memo.keep(node);
  return status;
}

/** Opens the node at `address` and measures it. */
export function openWhole(node: Node, address: Addr): i32 {
  const status = open(node, address);
  return status == OK ? measure(node) : status;
}

function measureV2(node: Node): i32 {
  if (even.measure(node)) return OK;
  let end = <u64>keysStart(node, node.count);
  if (map.hasFixedKeys) end += <u64>node.count * map.maxKeySize;
  else end = measureItems(node, end, keySizesOf(node), map.maxKeySize, false, EXPECTED_KEY_SIZE);
  if (end == DAMAGED) return E_CORRUPTED;
  const most = map.maxValueSize;
  end = measureItems(node, end, valueSizesOf(node), most, map.hasFixedValues, EXPECTED_VALUE_SIZE);
  if (end == DAMAGED) return E_CORRUPTED;
  if (!measureChain(node, end)) return damaged(node.address, EXPECTED_CHAIN_END);
  takeChildren(node);
  return OK;
}

const DAMAGED: u64 = u64.MAX_VALUE;

/**
 * Reads the sizes of all keys or of all values of a node, which begin at `start`, each behind its size,
 * into a list. Returns the offset behind the last one, or `DAMAGED`.
 *
 * PERF: a removal measures up to five nodes. With a call for each size, principals took 4 % longer to
 * remove (Node 20, 2026-11). Values are skipped as `lookup` does.
 */
function measureItems(
  node: Node,
  start: u64,
  list: Ptr,
  most: u32,
  isFixed: bool,
  expected: i32,
): u64 {
  let near: u64 = node.run;
  let base = node.pointer;
  let offset = start;
  let i = countSameSizes(node, start, node.count);
  if (i > 0 && (isFixed ? lastU32 == most : lastU32 <= most)) {
    if (!isFixed) sizes.fill(list, lastU32);
    offset += <u64>i * (4 + <u64>lastU32);
  } else {
    i = 0;
  }
  let foreseen = isFixed ? most : NO_SIZE;
  for (; i < node.count; i++) {
    let size: u32;
    if (offset + 4 <= near) {
      size = load<u32>(base + <Ptr>offset);
    } else if (takeSize(node, offset)) {
      size = lastU32;
      base = windowBase;
      near = windowEnd;
    } else {
      damaged(node.address, EXPECTED_CHAIN_END);
      return DAMAGED;
    }
    if (isFixed ? size != most : size > most) {
      damaged(node.address, expected);
      return DAMAGED;
    }
    if (!isFixed) sizes.append(list, i, size);
    // What is foreseen need not be waited for.
    if (size == foreseen) {
      offset += 4 + <u64>foreseen;
    } else {
      offset += 4 + <u64>size;
      if (expected == EXPECTED_VALUE_SIZE) foreseen = size;
    }
  }
  return offset;
}

function measureV1(node: Node): i32 {
  let offset: u32 = NODE_HEADER_SIZE;
  for (let i: u32 = 0; i < node.count; i++) {
    takeU32(node, offset);
    if (!isKeySize(lastU32) || lastU32 > map.keyRoom) {
      return damaged(node.address + offset, EXPECTED_KEY_SIZE);
    }
    const sizeOfKey = lastU32;
    const value = offset + 4 + map.keyRoom;
    takeU32(node, value);
    if (!isValueSize(lastU32) || lastU32 > map.valueRoom) {
      return damaged(node.address + value, EXPECTED_VALUE_SIZE);
    }
    setSizes(node, i, sizeOfKey, lastU32);
    offset += slotSize();
  }
  node.end = offset + (childCount(node, node.count) << 3);
  node.pages = 0;
  node.lastPage = 0;
  takeChildren(node);
  return OK;
}

/** Takes the u32 at `offset`; false when no stream in this memory can be so long. */
function takeSize(node: Node, offset: u64): bool {
  return offset < min<u64>(space.sizeInBytes, u32.MAX_VALUE - 4) && takeU32(node, <u32>offset);
}

// @ts-ignore: decorator
@inline
export function isKeySize(size: u32): bool {
  return map.hasFixedKeys ? size == map.maxKeySize : size <= map.maxKeySize;
}

// @ts-ignore: decorator
@inline
export function isValueSize(size: u32): bool {
  return map.hasFixedValues ? size == map.maxValueSize : size <= map.maxValueSize;
}

/** Counts the overflow pages of a stream of `end` bytes; false unless there are exactly so many. */
function measureChain(node: Node, end: u64): bool {
  if (end > u32.MAX_VALUE) return false;
  node.end = end;
  node.pages = map.overflowPages(end);
  node.lastPage = 0;
  if (node.pages == 0) return space.load64(node.address + NODE_OVERFLOW_OFFSET) == 0;
  node.lastPage = chain.page(node, node.pages - 1, chain.READING);
  return node.lastPage != 0 && space.load64(node.lastPage + OVERFLOW_NEXT_OFFSET) == 0;
}

function takeChildren(node: Node): void {
  const bytes = childCount(node, node.count) << 3;
  take(node, childrenStart(node, node.count), childrenOf(node), bytes);
}
