/**
 * Growth is refused before an operation writes, or not at all: nothing rolls back here.
 *
 * Mostly a bound on what the operation can need is enough. Where the memory has no room for that, or
 * nothing bounds it, the operation is rehearsed, which counts exactly.
 */
import { UNBOUNDED } from "../../layout/map-calls";
import { E_GROW_FAILED, OK } from "../../layout/status";
import * as chunks from "./chunks";
import { refused } from "./failure";
import * as map from "./map";
import * as rehearsal from "./rehearsal";
import * as stash from "./stash";
import { STASH_SIZE } from "../work";

/**
 * Makes sure that `play` can be played in earnest. `nodes` is the most nodes it makes, `edits` the most
 * nodes it makes longer.
 */
export function secure(nodes: u32, edits: u32, play: () => i32): i32 {
  if (isBounded() && chunks.reserve(nodes + edits * map.mostPages) == OK) return OK;
  rehearsal.begin();
  let status = play();
  rehearsal.end();
  if (status == OK) status = chunks.reserve(rehearsal.mostChunks);
  if (status != OK) return status;
  return stash.reserve(rehearsal.largestStash) ? OK : refused(E_GROW_FAILED, 0);
}

/** True when bounds say how long nodes can be, and that every entry fits a stash. */
function isBounded(): bool {
  return map.mostPages != UNBOUNDED && <u64>map.maxKeySize + map.maxValueSize <= STASH_SIZE;
}
