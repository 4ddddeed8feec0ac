/** Reading entries. Nothing here writes. */
import { RESULT_KEY_POINTER, RESULT_VALUE_POINTER, RESULT_VALUE_SIZE } from "../../layout/map-calls";
import { NODE_HEADER_SIZE, NODE_VERSION_1 } from "../../layout/node";
import { OUTPUT, RESULT } from "../../layout/regions";
import {
  E_LARGE,
  EXPECTED_CHAIN_END,
  EXPECTED_DEPTH,
  EXPECTED_KEY_SIZE,
  EXPECTED_VALUE_SIZE,
  OK,
} from "../../layout/status";
import { Ptr } from "../types";
import { damaged } from "./failure";
import * as map from "./map";
import { keyOffset, keySize, keysStart, Node, nodeAt, slotSize, valueOffset, valueSize } from "./node";
import * as output from "./output";
import * as reading from "./reading";
import * as search from "./search";
import * as stream from "./stream";

/** Pointer to the value of `key`, 0 when it has none; its size is in the result. */
export function get(key: Ptr, size: u32): i32 {
  if (map.root() == 0) return 0;
  const node = nodeAt(0);
  let status = search.descend(node, key, size, false);
  if (status != OK || !search.found) return status;
  status = findValue(node, search.index);
  if (status != OK) return status;
  store<u32>(RESULT, foundSize, RESULT_VALUE_SIZE);
  const pointer = output.show(node, foundOffset, foundSize, OUTPUT);
  if (pointer != 0) return <i32>pointer;
  output.locate(node, 0, 0, foundOffset, foundSize);
  return E_LARGE;
}

/** 1 when `key` has a value, 0 when not. */
export function has(key: Ptr, size: u32): i32 {
  if (map.root() == 0) return 0;
  const status = search.descend(nodeAt(0), key, size, false);
  return status == OK ? <i32>search.found : status;
}

/** Where `findKey` and `findValue` found an item in the stream of its node, and how large it is. */
export let foundOffset: u32 = 0;
export let foundSize: u32 = 0;

/** Finds key `index` of a node that is open, and need not be measured. */
export function findKey(node: Node, index: u32): i32 {
  if (node.version == NODE_VERSION_1) {
    return takeItem(node, NODE_HEADER_SIZE + index * slotSize(), EXPECTED_KEY_SIZE);
  }
  const start = keyStart(node, index);
  return map.hasFixedKeys ? keyAt(node, <u32>start) : takeItem(node, start, EXPECTED_KEY_SIZE);
}

/** Offset of key `index` of a version 2 node, with its size if that may vary; BEYOND when there is none. */
export function keyStart(node: Node, index: u32): u64 {
  const start = <u64>keysStart(node, node.count);
  return map.hasFixedKeys ? start + <u64>index * map.maxKeySize : skip(node, start, index, false);
}

/** Finds the key of a version 2 node that lies, with its size if that may vary, at `offset`. */
export function keyAt(node: Node, offset: u32): i32 {
  if (!map.hasFixedKeys) return takeItem(node, offset, EXPECTED_KEY_SIZE);
  foundOffset = offset;
  foundSize = map.maxKeySize;
  return reaches(node);
}

/** Finds value `index` of a node that is open, and need not be measured. */
export function findValue(node: Node, index: u32): i32 {
  if (node.version == NODE_VERSION_1) {
    const slot = NODE_HEADER_SIZE + index * slotSize();
    return takeItem(node, slot + 4 + map.keyRoom, EXPECTED_VALUE_SIZE);
  }
  return takeItem(node, valueStart(node, index), EXPECTED_VALUE_SIZE);
}

/** Offset of value `index` of a version 2 node, with its size; BEYOND when there is none. */
export function valueStart(node: Node, index: u32): u64 {
  const start = keyStart(node, node.count);
  return map.hasFixedValues ? start + <u64>index * (4 + map.maxValueSize) : skip(node, start, index, true);
}

/** Finds the value of a version 2 node that lies, with its size, at `offset`. */
export function valueAt(node: Node, offset: u32): i32 {
  return takeItem(node, offset, EXPECTED_VALUE_SIZE);
}

/** An offset behind the end of every stream, which stays one when the sizes of a node are added to it. */
const BEYOND: u64 = 1 << 62;

/**
 * Offset behind `count` items that lie from `offset` on, each behind its size.
 *
 * PERF: sizes of values are often equal and far from each other. Where a size is the one before it, which
 * a processor foresees, the next one is read without waiting for it: lookups of values of 500 bytes take
 * 3 % less time (Node 20, 2026-11).
 */
function skip(node: Node, offset: u64, count: u32, areValues: bool): u64 {
  let base = node.pointer;
  let near: u64 = node.run;
  const same = stream.countSameSizes(node, offset, count);
  if (same > 0) offset += <u64>same * (4 + <u64>stream.lastU32);
  let foreseen = stream.NO_SIZE;
  for (let i = same; i < count; i++) {
    let size: u32;
    if (offset + 4 <= near) {
      size = load<u32>(base + <Ptr>offset);
    } else {
      if (offset > u32.MAX_VALUE - 4 || !stream.takeU32(node, <u32>offset)) return BEYOND;
      size = stream.lastU32;
      base = stream.windowBase;
      near = stream.windowEnd;
    }
    if (size == foreseen) {
      offset += 4 + <u64>foreseen;
    } else {
      offset += 4 + <u64>size;
      if (areValues) foreseen = size;
    }
  }
  return offset;
}

/** Takes the size of the key or value at `offset`, which must lie within the stream. */
function takeItem(node: Node, offset: u64, expected: i32): i32 {
  if (offset > u32.MAX_VALUE - 4 || !stream.takeU32(node, <u32>offset)) {
    return damaged(node.address, EXPECTED_CHAIN_END);
  }
  foundOffset = <u32>offset + 4;
  foundSize = stream.lastU32;
  const isSize =
    expected == EXPECTED_KEY_SIZE ? reading.isKeySize(foundSize) : reading.isValueSize(foundSize);
  return isSize ? reaches(node) : damaged(node.address, expected);
}

// @ts-ignore: decorator
@inline
function reaches(node: Node): i32 {
  if (stream.isNear(node, foundOffset, foundSize)) return OK;
  if (stream.reaches(node, <u64>foundOffset + foundSize)) return OK;
  return damaged(node.address, EXPECTED_CHAIN_END);
}

/** Goes down to the first or last entry of the map, in `node`; `endIndex` is its index. */
export function descendToEnd(node: Node, last: bool): i32 {
  let address = map.root();
  for (let level: u32 = 0; level < search.MAX_DEPTH; level++) {
    const status = reading.open(node, address);
    if (status != OK) return status;
    if (node.isLeaf) {
      endIndex = last ? node.count - 1 : 0;
      return OK;
    }
    address = search.childAt(node, last ? node.count : 0);
  }
  return damaged(address, EXPECTED_DEPTH);
}

/** Index of the entry that `descendToEnd` went to. */
export let endIndex: u32 = 0;

/** Pointers to the first or last entry, in the result: 1, or 0 when there is none. */
export function end(last: bool): i32 {
  if (map.root() == 0) return 0;
  const node = nodeAt(0);
  let status = descendToEnd(node, last);
  if (status == OK) status = reading.measure(node);
  if (status != OK) return status;
  const sizeOfKey = keySize(node, endIndex);
  const key = keyOffset(node, endIndex);
  const value = valueOffset(node, endIndex);
  output.locate(node, key, sizeOfKey, value, valueSize(node, endIndex));
  const keyPointer = output.show(node, key, sizeOfKey, OUTPUT);
  if (keyPointer == 0) return E_LARGE;
  const behind = keyPointer == OUTPUT ? OUTPUT + sizeOfKey : OUTPUT;
  const valuePointer = output.show(node, value, valueSize(node, endIndex), behind);
  if (valuePointer == 0) return E_LARGE;
  store<u32>(RESULT, keyPointer, RESULT_KEY_POINTER);
  store<u32>(RESULT, valuePointer, RESULT_VALUE_POINTER);
  return 1;
}
