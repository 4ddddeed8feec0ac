/**
 * Bytes of a node by their offset in its stream, across node pages and buckets. All edits of nodes rest
 * on `move` and `copy`.
 *
 * SAFETY: a node that is edited was measured, so all of its stream lies in sound pages. While it is being
 * measured, reading behind its last page fails, and says so. In a damaged map a page can be part of two
 * nodes, and an edit of one then takes it from the other: see `isCut`.
 */
import { OVERFLOW_HEADER_SIZE } from "../../layout/node";
import { EXPECTED_CHAIN_END } from "../../layout/status";
import { copy as copyBytes } from "../bytes";
import { countBytes } from "../counters";
import * as image from "../image";
import * as space from "../space";
import { Ptr } from "../types";
import * as chain from "./chain";
import { damaged } from "./failure";
import * as map from "./map";
import { Node, overflowRoom } from "./node";
import * as rehearsal from "./rehearsal";
import * as words from "./words";
import { BOUNCE, BOUNCE_SIZE } from "../work";

/** True once an edit met the end of a stream before its own: the operation has come to E_CORRUPTED. */
export let isCut: bool = false;

/** To be called before an operation. */
export function forget(): void {
  isCut = false;
}

/** Ends an edit where the stream of a node ends before it. */
function cut(node: Node): void {
  damaged(node.address, EXPECTED_CHAIN_END);
  isCut = true;
}

/** Bytes that can be touched from the pointer that `at` gave last. */
let piece: u32 = 0;

/** Pointer to the byte at `offset`, of which `piece` bytes lie together; 0 when the stream ends before. */
// @ts-ignore: decorator
@inline
function at(node: Node, offset: u32, index: Ptr): Ptr {
  if (offset < node.run) {
    piece = node.run - offset;
    return node.pointer + offset;
  }
  return elsewhere(node, offset, index);
}

function elsewhere(node: Node, offset: u32, index: Ptr): Ptr {
  if (offset >= map.nodePageSize) return inChain(node, offset, index);
  const pointer = space.pointer(node.address + offset, map.nodePageSize - offset);
  piece = space.piece;
  return pointer;
}

function inChain(node: Node, offset: u32, index: Ptr): Ptr {
  const behind = offset - map.nodePageSize;
  const room = overflowRoom();
  const number = behind / room;
  const start = behind - number * room;
  const page = chain.near(node, number);
  if (page != 0) {
    piece = room - start;
    return page + OVERFLOW_HEADER_SIZE + start;
  }
  piece = chain.lastPiece(node, offset, index);
  if (piece != 0) return chain.lastPointer;
  const address = chain.page(node, number, index);
  if (address == 0) return 0;
  const pointer = space.pointer(address + OVERFLOW_HEADER_SIZE + start, room - start);
  piece = space.piece;
  chain.notePiece(offset, piece, pointer, index);
  return pointer;
}

/** Copies `length` bytes at `offset` to `target`; false when the stream ends before. */
export function take(node: Node, offset: u32, target: Ptr, length: u32): bool {
  if (isNear(node, offset, length)) {
    copyBytes(target, node.pointer + offset, length);
    return true;
  }
  while (length > 0) {
    const source = at(node, offset, chain.READING);
    if (source == 0) return false;
    const bytes = min(length, piece);
    copyBytes(target, source, bytes);
    offset += bytes;
    target += bytes;
    length -= bytes;
  }
  return true;
}

/** Copies `length` bytes from `source` to `offset`. */
export function put(node: Node, offset: u32, source: Ptr, length: u32): void {
  if (rehearsal.running) return;
  countBytes(length);
  if (isNear(node, offset, length)) {
    image.changed(node.pointer);
    copyBytes(node.pointer + offset, source, length);
    return;
  }
  while (length > 0) {
    const target = at(node, offset, chain.WRITING);
    if (target == 0) return cut(node);
    const bytes = min(length, piece);
    image.changed(target);
    copyBytes(target, source, bytes);
    offset += bytes;
    source += bytes;
    length -= bytes;
  }
}

/** True when `length` bytes at `offset` can be touched from the node's pointer. */
// @ts-ignore: decorator
@inline
export function isNear(node: Node, offset: u32, length: u32): bool {
  return <u64>offset + length <= node.run;
}

/** True when `take` put a u32 where `lastU32` finds it. */
// @ts-ignore: decorator
@inline
export function takeU32(node: Node, offset: u32): bool {
  if (isNear(node, offset, 4)) {
    lastU32 = load<u32>(node.pointer + offset);
    return true;
  }
  return takeFarU32(node, offset);
}

function takeFarU32(node: Node, offset: u32): bool {
  const source = at(node, offset, chain.READING);
  if (source == 0) return false;
  if (piece >= 4) {
    lastU32 = load<u32>(source);
    windowBase = source - offset;
    windowEnd = offset + piece;
    return true;
  }
  windowEnd = 0;
  if (!take(node, offset, BOUNCE, 4)) return false;
  lastU32 = load<u32>(BOUNCE);
  return true;
}

/**
 * How many of `count` items, which lie from `offset` on and each behind its size, begin the list with the
 * same size, as far as these can be touched from the node's pointer. `lastU32` is that size, if any.
 *
 * PERF: a size says where the next one is, and is waited for. Where all are equal a processor foresees the
 * branch, and waits for all of them together.
 */
export function countSameSizes(node: Node, offset: u64, count: u32): u32 {
  const base = node.pointer;
  const near = node.run;
  if (count == 0 || offset + 4 > near) return 0;
  const size = load<u32>(base + <Ptr>offset);
  const stride = 4 + <u64>size;
  lastU32 = size;
  if (offset + words.reachOf(stride) <= near) {
    if (words.areAll(base + <Ptr>offset, <u32>stride, count, size)) return count;
  }
  let same: u32 = 1;
  for (let at = offset + stride; same < count && at + 4 <= near; at += stride) {
    if (load<u32>(base + <Ptr>at) != size) break;
    same += 1;
  }
  return same;
}

/** Stands for a size that nothing has. */
export const NO_SIZE: u32 = u32.MAX_VALUE;

/** What `takeU32` took. */
export let lastU32: u32 = 0;

/**
 * Where bytes lie together with the u32 that was taken last, unless it was near: those from its offset up to
 * `windowEnd` lie at `windowBase` and their offset.
 */
export let windowBase: Ptr = 0;
export let windowEnd: u64 = 0;

/** Writes a little-endian u32. */
export function putU32(node: Node, offset: u32, value: u32): void {
  if (rehearsal.running) return;
  if (isNear(node, offset, 4)) {
    image.changed(node.pointer);
    store<u32>(node.pointer + offset, value);
    return;
  }
  store<u32>(BOUNCE, value);
  put(node, offset, BOUNCE, 4);
}

/** Moves `length` bytes within a node; the ranges may overlap. */
export function move(node: Node, from: u32, to: u32, length: u32): void {
  if (length == 0 || from == to || rehearsal.running) return;
  if (isNear(node, max(from, to), length)) {
    image.changed(node.pointer);
    countBytes(length);
    copyBytes(node.pointer + to, node.pointer + from, length);
  } else if (to < from) {
    copy(node, from, node, to, length);
  } else {
    for (let rest = length; rest > 0; ) {
      const bytes = min(rest, BOUNCE_SIZE);
      rest -= bytes;
      if (!take(node, from + rest, BOUNCE, bytes)) return cut(node);
      put(node, to + rest, BOUNCE, bytes);
    }
  }
}

/** Copies `length` bytes from one node to another, or towards the start of the same. */
export function copy(source: Node, from: u32, target: Node, to: u32, length: u32): void {
  if (rehearsal.running) return;
  countBytes(length);
  if (isNear(source, from, length) && isNear(target, to, length)) {
    image.changed(target.pointer);
    copyBytes(target.pointer + to, source.pointer + from, length);
    return;
  }
  let read: Ptr = 0;
  let write: Ptr = 0;
  let readable: u32 = 0;
  let writable: u32 = 0;
  for (let done: u32 = 0; done < length; ) {
    if (readable == 0) {
      read = at(source, from + done, chain.READING);
      if (read == 0) return cut(source);
      readable = piece;
    }
    if (writable == 0) {
      write = at(target, to + done, chain.WRITING);
      if (write == 0) return cut(target);
      writable = piece;
      image.changed(write);
    }
    const bytes = min(length - done, min(readable, writable));
    copyBytes(write, read, bytes);
    read += bytes;
    write += bytes;
    readable -= bytes;
    writable -= bytes;
    done += bytes;
  }
}

/** True when a stream has `end` bytes. */
export function reaches(node: Node, end: u64): bool {
  if (end <= map.nodePageSize) return true;
  if (end > u32.MAX_VALUE) return false;
  return chain.page(node, map.overflowPages(end) - 1, chain.READING) != 0;
}
