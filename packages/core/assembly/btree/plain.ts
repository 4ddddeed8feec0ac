/**
 * Plain nodes: sound ones of version 2 whose page lies in one piece, as nearly all do. A search finds its
 * way through them by the first eight bytes of a node, and by the first eight or sixteen of each key, and
 * opens none.
 */
import { ORDER_BYTES } from "../../layout/map-calls";
import {
  NODE_CONTENT_OFFSET,
  NODE_INTERNAL,
  NODE_LEAF,
  NODE_MAGIC,
  NODE_VERSION_2,
  NODE_VERSION_OFFSET,
} from "../../layout/node";
import { bigEndian64 } from "../bytes";
import { Ptr } from "../types";
import * as map from "./map";
import { CAPACITY } from "./node";
import { compareBytes, haveHeads } from "./order";
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

/** True for an inner node of `count` entries. */
// @ts-ignore: decorator
@inline
export function isInner(header: u64, count: u32): bool {
  return header << 8 == (PLAIN | (<u64>NODE_INTERNAL << 32) | (<u64>count << 40)) << 8;
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

/** The size of a key and its first sixteen bytes. */
const HEADS_SIZE: u32 = 20;

/** True when a key of this size can be found by its first bytes, in nodes that `descendHeads` knows. */
// @ts-ignore: decorator
@inline
export function hasHead(size: u32): bool {
  return haveHeads(size, size) && reading.isKeySize(size) && map.nodePageSize >= 512;
}

/** What `placeOf` gives for a node in which it cannot tell. */
export const NOT_PLAIN: u32 = u32.MAX_VALUE;

/** True when the key is there, at the place that `placeOf` gave. */
export let isThere: bool = false;

/**
 * Where a key that has a head is or would be in the plain node at a pointer, whose page lies in one piece.
 * NOT_PLAIN where its first bytes do not tell, or those of other keys lie elsewhere.
 */
export function placeOf(node: Ptr, header: u64, key: Ptr, size: u32): u32 {
  isThere = false;
  const prefix: u32 = map.hasFixedKeys ? 0 : 4;
  const stride = prefix + size;
  const start = keysStartIn(header);
  const count = countIn(header);
  const keys = node + start;
  const fits = start + prefix + words.reachOf(stride) <= map.nodePageSize;
  if (fits && (prefix == 0 || words.areAll(keys, stride, count, size))) {
    const head = load<u64>(key);
    const place = words.countBelowApart(keys + prefix, stride, count, head);
    const at = keys + prefix + place * stride;
    if (place == count || load<u64>(at) != head) return place;
    isThere = compareBytes(at, size, key, size) == 0;
    if (isThere) return place;
  }
  if (prefix == 0 || size < 16 || map.order != ORDER_BYTES) return NOT_PLAIN;
  return placeByHeads(keys, node + map.nodePageSize, count, key, size);
}

/**
 * The same by the first sixteen bytes, for keys of any sizes from that on.
 *
 * PERF: without a branch that no processor foresees. One key after the other, up to where it would be, took
 * 65 ns a node that is near, and this takes 40 (Node 20, 2026-11).
 */
function placeByHeads(keys: Ptr, end: Ptr, count: u32, key: Ptr, size: u32): u32 {
  const high = bigEndian64(load<u64>(key));
  const low = bigEndian64(load<u64>(key, 8));
  let place: u32 = 0;
  let ties: u32 = 0;
  let tie: Ptr = 0;
  let at = keys;
  for (let i: u32 = 0; i < count; i++) {
    if (at + HEADS_SIZE > end) return NOT_PLAIN;
    const stored = load<u32>(at);
    if (stored < 16 || stored > map.maxKeySize || stored > <u32>(end - at) - 4) return NOT_PLAIN;
    const storedHigh = bigEndian64(load<u64>(at, 4));
    const storedLow = bigEndian64(load<u64>(at, 12));
    const isTie = <u32>(storedHigh == high) & <u32>(storedLow == low);
    place += <u32>(storedHigh < high) | (<u32>(storedHigh == high) & <u32>(storedLow < low));
    ties += isTie;
    tie = select<Ptr>(at, tie, isTie);
    at += 4 + stored;
  }
  if (ties == 0) return place;
  isThere = ties == 1 && compareBytes(tie + 4, load<u32>(tie), key, size) == 0;
  return isThere ? place : NOT_PLAIN;
}
