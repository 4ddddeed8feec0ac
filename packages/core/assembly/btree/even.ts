/**
 * Even leaves: entries of one size, as numbers have, all within the node page. Where everything is follows
 * from their number, so that an entry goes in or out by two moves, and nothing else is measured or edited.
 * The bytes are those that `edit` would leave.
 *
 * PERF: 1,000,000 random words take a tenth less time to insert (Node 20, 2026-11).
 */
import {
  NODE_CONTENT_OFFSET,
  NODE_COUNT_OFFSET,
  NODE_OVERFLOW_OFFSET,
  NODE_VERSION_2,
} from "../../layout/node";
import { copy } from "../bytes";
import { countBytes } from "../counters";
import * as image from "../image";
import { Ptr } from "../types";
import * as map from "./map";
import { Node } from "./node";
import * as stream from "./stream";

/** Offset of the values of a leaf of `count` entries. */
// @ts-ignore: decorator
@inline
function valuesStart(count: u32): u32 {
  return NODE_CONTENT_OFFSET + count * map.maxKeySize;
}

/** Bytes of a value with its size. */
// @ts-ignore: decorator
@inline
function valueStride(): u32 {
  return 4 + map.maxValueSize;
}

/** True for an open leaf that is even, sound, and has room for `added` entries more in its page. */
export function isEven(leaf: Node, added: u32): bool {
  if (!map.hasEvenEntries || !leaf.isLeaf || leaf.version != NODE_VERSION_2) return false;
  const count = leaf.count;
  const values = valuesStart(count);
  const end = values + count * valueStride() + added * (map.maxKeySize + valueStride());
  if (end > leaf.run || load<u64>(leaf.pointer, NODE_OVERFLOW_OFFSET) != 0) return false;
  return stream.countSameSizes(leaf, values, count) == count && stream.lastU32 == map.maxValueSize;
}

/** Inserts an entry as number `index` of an even leaf with room for it. */
export function insert(leaf: Node, index: u32, key: Ptr, value: Ptr): void {
  const keyBytes = map.maxKeySize;
  const stride = valueStride();
  const behind = (leaf.count - index) * stride;
  const keyGap = leaf.pointer + valuesStart(index);
  const oldValue = leaf.pointer + valuesStart(leaf.count) + index * stride;
  const valueGap = oldValue + keyBytes;
  const between = <u32>(oldValue - keyGap);
  image.changed(leaf.pointer);
  copy(valueGap + stride, oldValue, behind);
  copy(keyGap + keyBytes, keyGap, between);
  copy(keyGap, key, keyBytes);
  store<u32>(valueGap, map.maxValueSize);
  copy(valueGap + 4, value, map.maxValueSize);
  setCount(leaf, leaf.count + 1);
  map.setLength(map.length() + 1);
  countBytes(behind + between + keyBytes + map.maxValueSize);
}

/** Removes entry number `index` of an even leaf. */
export function remove(leaf: Node, index: u32): void {
  const keyBytes = map.maxKeySize;
  const stride = valueStride();
  const behind = (leaf.count - index - 1) * stride;
  const key = leaf.pointer + valuesStart(index);
  const value = leaf.pointer + valuesStart(leaf.count) + index * stride;
  const between = <u32>(value - key) - keyBytes;
  image.changed(leaf.pointer);
  copy(key, key + keyBytes, between);
  copy(value - keyBytes, value + stride, behind);
  setCount(leaf, leaf.count - 1);
  map.setLength(map.length() - 1);
  countBytes(between + behind);
}

// @ts-ignore: decorator
@inline
function setCount(leaf: Node, count: u32): void {
  store<u16>(leaf.pointer, <u16>count, NODE_COUNT_OFFSET);
  leaf.count = count;
}
