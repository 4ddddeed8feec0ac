/**
 * What is true of every map between two operations. Debug builds look after each change; release builds
 * know nothing of this file.
 *
 * A walk in the order of the keys, one node open at a time: after a child its parent is opened anew.
 * Complexity: the whole map.
 */
import { CHUNK_NEXT_OFFSET, CHUNKS_START, FREE_LIST_HEAD_OFFSET } from "../../layout/btree";
import { OK } from "../../layout/status";
import * as space from "../space";
import { Addr, Ptr } from "../types";
import { STASH_BYTES, STASH_SIZE } from "../work";
import * as chunks from "./chunks";
import * as map from "./map";
import { child, keyOffset, keySize, MINIMUM, Node, nodeAt } from "./node";
import { compare } from "./order";
import * as reading from "./reading";
import * as stream from "./stream";

/** The key before the one that is looked at, and its size; a walk begins with none. */
const PREVIOUS: Ptr = STASH_BYTES;
const KEY: Ptr = STASH_BYTES + STASH_SIZE;
let previousSize: u32 = 0;
let hasPrevious: bool = false;

let entries: u64 = 0;
let usedChunks: u64 = 0;
let leafDepth: i32 = -1;

/** Traps unless the map in use is sound. */
export function check(): void {
  reading.forget();
  entries = 0;
  hasPrevious = false;
  usedChunks = 0;
  leafDepth = -1;
  const root = map.root();
  if (root != 0) walk(root, 0);
  assert(entries == map.length(), "length counts every entry");
  assert(usedChunks == chunks.allocated(), "every allocated chunk is in use, once");
  checkFreeList();
  reading.forget();
}

function walk(address: Addr, depth: i32): void {
  const node = open(address);
  const count = node.count;
  assert(depth == 0 || count >= MINIMUM - 1, "a node below the root has at least 5 entries");
  assert(chunks.isAllocated(address), "a node lies in an allocated chunk");
  usedChunks += 1 + node.pages;
  if (node.isLeaf) {
    assert(leafDepth == -1 || leafDepth == depth, "all leaves are equally deep");
    leafDepth = depth;
  }
  const isLeaf = node.isLeaf;
  for (let i: u32 = 0; i <= count; i++) {
    if (!isLeaf) walk(child(open(address), i), depth + 1);
    if (i < count) visit(open(address), i);
  }
}

function open(address: Addr): Node {
  const node = nodeAt(6);
  assert(reading.openWhole(node, address) == OK, "a node is sound");
  return node;
}

function visit(node: Node, index: u32): void {
  const size = keySize(node, index);
  entries += 1;
  if (size > STASH_SIZE) {
    hasPrevious = false;
    return;
  }
  stream.take(node, keyOffset(node, index), KEY, size);
  assert(!hasPrevious || compare(PREVIOUS, previousSize, KEY, size) < 0, "keys ascend");
  memory.copy(PREVIOUS, KEY, size);
  previousSize = size;
  hasPrevious = true;
}

function checkFreeList(): void {
  const chunkSize = <u64>map.nodePageSize + 16;
  let address = load<u64>(space.origin, FREE_LIST_HEAD_OFFSET);
  let free: u64 = 0;
  for (;;) {
    assert(chunks.isFree(address), "the free list holds free chunks");
    const next = space.load64(address + CHUNK_NEXT_OFFSET);
    if (next == 0) break;
    free += 1;
    assert(free <= space.sizeInBytes / chunkSize, "the free list ends");
    address = next;
  }
  assert(address == CHUNKS_START + (chunks.allocated() + free) * chunkSize, "the frontier is last");
  assert(map.freeChunks() <= free, "free chunks are known only where they are");
  assert(map.frontier() == 0 || map.frontier() == address, "the frontier is known where it is");
}
