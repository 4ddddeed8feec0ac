/**
 * Reading ahead. The nodes of a map that grew in a random order are anywhere, and each is waited for when
 * it is first read; bytes that are read together are waited for together.
 */
import { NODE_OVERFLOW_OFFSET, OVERFLOW_NEXT_OFFSET } from "../../layout/node";
import * as image from "../image";
import { Addr, Ptr } from "../types";
import * as map from "./map";
import { Node } from "./node";
import * as search from "./search";
import { AHEAD, AHEAD_SIZE } from "../work";

/** Bytes that come from memory together. */
const LINE: u32 = 64;
/** The keys of a node are within so many bytes, and so are all its entries when they are words. */
const KEYS: u32 = 256;
/** So much of a page is read ahead; behind that, processors see by themselves what comes. */
const PAGE: u32 = 1024;
/** Children whose pages a walk reads together. */
const GROUP: u32 = 8;
/** Most pages of listed nodes that are read: there may be six for each of them. */
const LISTED_PAGES: u32 = 6 * (AHEAD_SIZE >> 3);

/** A search for long keys needs about so much of a node. */
const NODE: u32 = 512;
/** Most bytes of a node page that are read ahead, of one that is about to be changed. */
const WHOLE: u32 = 2048;

/**
 * Reads what a search needs of the node at `address` ahead.
 *
 * PERF: lookups of principals take a fifth less time (Node 20, 2026-11).
 */
export function readNode(address: Addr): void {
  readPart(address, min(map.nodePageSize, NODE));
}

/**
 * Reads the page of the node at `address` ahead, whose sizes are all needed.
 *
 * PERF: removals of principals take 3 % less time than with the keys alone (Node 20, 2026-11).
 */
export function readPage(address: Addr): void {
  readPart(address, min(map.nodePageSize, WHOLE));
}

/**
 * Reads what a search does not need of the leaf at `node` ahead, and its first overflow page: without one
 * the start of the memory, which costs less than asking.
 *
 * PERF: a call of its own, and not in the loop of the search, where it costs every lookup of principals 5 %
 * (Node 20, 2026-11). SAFETY: within the node page.
 */
export function readRest(node: Ptr): void {
  const end = min(map.nodePageSize, WHOLE);
  for (let offset = NODE; offset < end; offset += LINE) load<u8>(node + offset);
  readPage(load<u64>(node, NODE_OVERFLOW_OFFSET));
}

/** Reads the keys of the node at `address` ahead. */
export function readKeys(address: Addr): void {
  if (map.hasWordKeys) readWords(address);
  else readPart(address, min(map.nodePageSize, KEYS));
}

/** Keeps the loads from being left out. */
let touched: u32 = 0;

/**
 * Reads something of each line of the first `bytes` bytes of the page at `address`, without waiting for it:
 * they are then on their way from memory. Where a pin is a call of the host nothing is on its way.
 */
function readPart(address: Addr, bytes: u32): void {
  if (!image.PINS_LAST) return;
  let at = map.pageAt(address);
  if (at == 0) return;
  // PERF: four lines a turn, so that a processor sees more of them at a time: 2 % of a walk (Node 20, 2026-11).
  let sum: u32 = 0;
  const end = at + bytes;
  for (; at + 3 * LINE < end; at += 4 * LINE) {
    sum += load<u8>(at) + load<u8>(at, 64) + load<u8>(at, 128) + load<u8>(at, 192);
  }
  for (; at < end; at += LINE) sum += load<u8>(at);
  touched = sum;
}

/**
 * The same where keys are words, whose nodes are in four lines.
 *
 * PERF: the shorter the code, the more nodes a processor waits for at a time: without a loop a walk over
 * 1,000,000 entries takes 8 % less time (Node 20, 2026-11).
 *
 * SAFETY: `WORDS_END` of such a map lies in the node page, and these bytes before it.
 */
// @ts-ignore: decorator
@inline
function readWords(address: Addr): void {
  const page = map.pageAt(address);
  if (page == 0) return;
  touched = load<u8>(page) + load<u8>(page, 64) + load<u8>(page, 128) + load<u8>(page, 192);
}

/**
 * Reads the children `from` to `to` of an inner node ahead, in this order: about as many bytes as a walk
 * can give. With `values` their overflow pages as well.
 *
 * PERF: a walk over 1,000,000 entries of words takes a third less time, one over entries of 160 or 520
 * bytes a fifth (Node 20, 2026-11).
 */
export function readChildren(
  node: Node,
  from: u32,
  to: u32,
  bytes: u32,
  values: bool,
): void {
  if (!image.PINS_LAST) return;
  if (!values || map.hasWordKeys) return readFirst(node, from, to, bytes);
  const count = max(from, to) - min(from, to) + 1;
  let pages = bytes / map.nodePageSize;
  for (let i: u32 = 0; i < count && pages > 0; i += GROUP) {
    const size = min(GROUP, count - i);
    for (let k: u32 = 0; k < size; k++) {
      const child = from < to ? from + i + k : from - i - k;
      list(k, search.childAt(node, child));
    }
    pages -= readChains(size, pages);
  }
}

/** Puts the node at `address` on the list of those to read together, as number `index` of sixteen. */
// @ts-ignore: decorator
@inline
export function list(index: u32, address: Addr): void {
  store<u64>(AHEAD + (index << 3), address);
}

/** Reads the first `size` nodes of the list and their overflow pages ahead. */
export function readListed(size: u32): void {
  if (image.PINS_LAST) readChains(size, LISTED_PAGES);
}

function readFirst(node: Node, from: u32, to: u32, bytes: u32): void {
  let left = bytes / KEYS;
  const step = from < to ? 1 : -1;
  for (let i = from; left > 0; i += step, left--) {
    readKeys(search.childAt(node, i));
    if (i == to) return;
  }
}

/** Reads the first `size` nodes of the list and their chains, page by page; how many pages, at most `most`. */
function readChains(size: u32, most: u32): u32 {
  let pages: u32 = 0;
  let link = NODE_OVERFLOW_OFFSET;
  for (let before: u32 = 1; before != pages && pages < most; link = OVERFLOW_NEXT_OFFSET) {
    before = pages;
    for (let k: u32 = 0; k < size; k++) {
      const address = load<u64>(AHEAD + (k << 3));
      if (address == 0) continue;
      readPart(address, min(map.nodePageSize, PAGE));
      pages += 1;
    }
    for (let k: u32 = 0; k < size; k++) {
      const at = AHEAD + (k << 3);
      store<u64>(at, behind(load<u64>(at), link));
    }
  }
  return min(pages, most);
}

/** What the link of the page at `address` says, 0 where there is none. */
function behind(address: Addr, link: u32): Addr {
  if (address == 0) return 0;
  const page = map.pageAt(address);
  return page == 0 ? 0 : load<u64>(page + link);
}
