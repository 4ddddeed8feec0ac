import {
  NODE_CONTENT_OFFSET,
  OVERFLOW_HEADER_SIZE,
  OVERFLOW_NEXT_OFFSET,
} from "@stable-structures/core/layout";
import type { StorableKey, WasmMemory } from "stable-structures";
import { MOST_QUERIES } from "../../case.js";
import type { List } from "../../streams.js";
import type { Work } from "../session.js";
import { Chain } from "./chain.js";
import { type Way, Ways } from "./ways.js";

/**
 * What memory alone takes of an insertion or a removal: the reads on the way to the key, as for a lookup,
 * then all that lies behind the key in its node is moved once, since a node has no gaps; page by page, each
 * when the link that leads to it has come. No node is split or merged, no header and no entry is written.
 *
 * The map is afterwards as it was; putting it back is not timed.
 *
 * PERF: a call of `copyWithin` costs 20 ns, as long as a loop takes over the bytes behind a key in a node
 * of integers; with more bytes the call wins (Node 20, 2026-11).
 */
export function measureChanges<K>(
  { core }: WasmMemory,
  codec: StorableKey<K>,
  queries: List<K>,
): Work {
  const { bytes } = core;
  const operations = Math.min(queries.length, MOST_QUERIES);
  const steps = stepsOf(new Ways(bytes, codec), queries, operations);
  const [start, end] = extentOf(steps.moves);
  const before = bytes.slice(start, end);
  const work = perform(steps, bytes);
  bytes.set(before, start);
  return { operations, ...work };
}

/** Reads, and the moves between them. */
interface Steps {
  /** Pointers to what is read, one way behind the other. */
  readonly reads: Uint32Array;
  /** Three numbers for each move: how many reads come before it, and from where to where the bytes are. */
  readonly moves: Uint32Array;
}

/** By how much bytes are moved, downwards. */
const DISTANCE = 8;

function perform({ reads, moves }: Steps, bytes: Uint8Array): Omit<Work, "operations"> {
  const chain = new Chain(bytes);
  const start = performance.now();
  let read = 0;
  let checksum = 0;
  for (let move = 0; move < moves.length; move += 3) {
    const end = moves[move] as number;
    checksum = chain.follow(reads, read, end);
    read = end;
    const from = (moves[move + 1] as number) + checksum;
    bytes.copyWithin(from - DISTANCE, from, moves[move + 2] as number);
  }
  return { checksum, nanoseconds: (performance.now() - start) * 1e6 };
}

/** The steps to the first keys, and behind them. */
function stepsOf<K>(ways: Ways<K>, queries: List<K>, count: number): Steps {
  const reads: number[] = [];
  const moves: number[] = [];
  for (let i = 0; i < count; i++) {
    const way = ways.to(queries[i] as K);
    reads.push(...way.reads);
    for (const { link, from, end } of movesOf(way)) {
      if (link !== undefined) reads.push(link);
      if (from < end) moves.push(reads.length, from, end);
    }
  }
  return { reads: Uint32Array.from(reads), moves: Uint32Array.from(moves) };
}

/** What lies behind a key in one page of its node. */
interface Move {
  /** The link in an overflow page, which is read before. */
  readonly link?: number;
  readonly from: number;
  readonly end: number;
}

/** The moves in each page of a node. What would be moved over the header of a page stays. */
function movesOf({ node, index, keyEnd }: Way): Move[] {
  const { pageSize } = node;
  const end = node.end(index, keyEnd);
  const [first, ...pages] = node.pages(end) as [number, ...number[]];
  const from = first + Math.max(keyEnd, NODE_CONTENT_OFFSET + DISTANCE);
  const room = pageSize - OVERFLOW_HEADER_SIZE;
  return [
    { from, end: first + Math.min(end, pageSize) },
    ...pages.map((page, i) => {
      const data = page + OVERFLOW_HEADER_SIZE;
      const length = Math.min(end - pageSize - i * room, room);
      return { link: page + OVERFLOW_NEXT_OFFSET, from: data + DISTANCE, end: data + length };
    }),
  ];
}

/** Between which pointers bytes change. */
function extentOf(moves: Uint32Array): [start: number, end: number] {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (let move = 0; move < moves.length; move += 3) {
    start = Math.min(start, (moves[move + 1] as number) - DISTANCE);
    end = Math.max(end, moves[move + 2] as number);
  }
  return [start, end];
}
