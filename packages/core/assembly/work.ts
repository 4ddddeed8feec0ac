/**
 * What an operation needs while it runs, in the region `WORK`. Nothing here outlives the operation.
 *
 *   offset    size  what
 *        0    2688  nodes: eight of them, see btree/node.ts
 *     2688    1024  path: one step for each level, see btree/search.ts
 *     3712     384  stashes: two entries put aside, see btree/stash.ts
 *     4096    4096  bounce: bytes on their way from one piece of memory to another
 *     8192    4096  gather: a stored key that is scattered, see btree/search.ts
 *    12288    1024  group: keys that are looked for together, see btree/batch.ts
 *    13312    2688  memo: eight nodes as they were measured, see btree/memo.ts
 *    16000     128  nodes, or pages of them, that are read ahead together, see btree/ahead.ts
 *    16384  131072  bytes of the stashes, half for each
 *   147456  147488  chain index of what is read, see btree/chain.ts
 *   294944  147488  chain index of what is written
 *   442432    8192  heads of the lists of frames, see image.host.ts
 */
import { WORK } from "../layout/regions";
import { Ptr } from "./types";

export const NODES: Ptr = WORK;
export const NODE_SIZE: u32 = 336;
export const PATH: Ptr = WORK + 2688;
export const PATH_SIZE: u32 = 1024;
export const STASHES: Ptr = WORK + 3712;
export const BOUNCE: Ptr = WORK + 4096;
export const BOUNCE_SIZE: u32 = 4096;
export const GATHER: Ptr = WORK + 8192;
export const GATHER_SIZE: u32 = 4096;
export const GROUP: Ptr = WORK + 12288;
export const MEMO: Ptr = WORK + 13312;
export const AHEAD: Ptr = WORK + 16000;
export const AHEAD_SIZE: u32 = 128;
export const STASH_BYTES: Ptr = WORK + 16384;
export const STASH_SIZE: u32 = 65536;
export const CHAIN_INDEXES: Ptr = WORK + 147456;
export const CHAIN_INDEX_SIZE: u32 = 147488;
export const FRAME_HEADS: Ptr = WORK + 442432;
export const FRAME_HEADS_SIZE: u32 = 8192;
