/**
 * Plain nodes: sound ones of version 2 whose page lies in one piece, as nearly all do. A search finds its
 * way through them by the first eight bytes of a node and of each key, and opens none.
 */
import {
  NODE_CONTENT_OFFSET,
  NODE_INTERNAL,
  NODE_LEAF,
  NODE_MAGIC,
  NODE_VERSION_2,
  NODE_VERSION_OFFSET,
} from "../../layout/node";
import { Ptr } from "../types";
import * as map from "./map";
import { CAPACITY } from "./node";
import { haveHeads } from "./order";
import * as reading from "./reading";
import * as words from "./words";

/**
 * Reads what the search in a node may need ahead, so that all of it is waited for together: where the keys
 * begin is not known before the header is there.
 *
 * PERF: a lookup of words takes a tenth less time (Node 20, 2026-11). SAFETY: within the node page.
 */
// @ts-ignore: decorator
@inline
export function readLinesAhead(node: Ptr, bytes: u32): void {
  for (let offset: u32 = 64; offset < bytes; offset += 64) load<u8>(node + offset);
}

// What the first eight bytes of a node say.

/** A sound node of version 2, with the bits of its type in which the two types differ left out. */
const PLAIN: u64 = NODE_MAGIC | (NODE_VERSION_2 << (NODE_VERSION_OFFSET << 3));
const PLAIN_BITS: u64 = 0xff_ffff_ffff ^ (<u64>(NODE_LEAF ^ NODE_INTERNAL) << 32);

// @ts-ignore: decorator
@inline
export function isPlain(header: u64): bool {
  return (header & PLAIN_BITS) == PLAIN && countIn(header) - 1 < CAPACITY;
}

// @ts-ignore: decorator
@inline
export function isLeafIn(header: u64): bool {
  return (<u32>(header >> 32) & 0xff) == NODE_LEAF;
}

// @ts-ignore: decorator
@inline
export function countIn(header: u64): u32 {
  return <u32>(header >> 40) & 0xffff;
}

/** Offset of the keys: behind the children, eight bytes for each entry and one more. */
// @ts-ignore: decorator
@inline
export function keysStartIn(header: u64): u32 {
  const children = isLeafIn(header) ? 0 : (<u32>(header >> 37) & 0x7fff8) + 8;
  return NODE_CONTENT_OFFSET + children;
}

/** True when the word at `place` is `key`. */
// @ts-ignore: decorator
@inline
export function isWordAt(keys: Ptr, place: u32, count: u32, key: u64): bool {
  return place < count && load<u64>(keys + (place << 3)) == key;
}

/** The size of a key and its first eight bytes. */
export const HEAD_SIZE: u64 = 12;

/** True when a key of this size can be found by its first eight bytes, in nodes that `descendHeads` knows. */
// @ts-ignore: decorator
@inline
export function hasHead(size: u32): bool {
  return haveHeads(size, size) && reading.isKeySize(size) && map.nodePageSize >= 512;
}

/** What `placeByHead` gives for a node in which it cannot tell. */
export const NOT_PLAIN: u32 = u32.MAX_VALUE;

/**
 * Where a key with these first eight bytes would be in the plain node at a pointer, whose page lies in one
 * piece. NOT_PLAIN when a key of it has another size, or the same first bytes, or lies elsewhere.
 */
// @ts-ignore: decorator
@inline
export function placeByHead(node: Ptr, header: u64, size: u32, head: u64): u32 {
  const prefix: u32 = map.hasFixedKeys ? 0 : 4;
  const stride = prefix + size;
  const start = keysStartIn(header);
  const count = countIn(header);
  if (start + (<u64>CAPACITY * stride + HEAD_SIZE) > map.nodePageSize) return NOT_PLAIN;
  const keys = node + start;
  if (prefix != 0 && !words.areAll(keys, stride, count, size)) return NOT_PLAIN;
  const place = words.countBelowApart(keys + prefix, stride, count, head);
  const isTie = place < count && load<u64>(keys + prefix + place * stride) == head;
  return isTie ? NOT_PLAIN : place;
}
