/**
 * Entries put aside while the nodes they come from, and go to, are edited. Two are needed at most.
 *
 * An entry that is too large for the engine's own memory goes to the transfer area of the image.
 */
import { E_BROKEN, EXPECTED_CHAIN_END, OK } from "../../layout/status";
import * as image from "../image";
import { Ptr } from "../types";
import { damaged } from "./failure";
import { inserted, putEntry, replace } from "./edit";
import { keyOffset, keySize, Node, setSizes, valueOffset, valueSize } from "./node";
import * as rehearsal from "./rehearsal";
import * as stream from "./stream";
import { STASH_BYTES, STASH_SIZE, STASHES } from "../work";

// Fields of a stash
const KEY_SIZE: usize = 0;
const VALUE_SIZE: usize = 4;
const BYTES: usize = 8;

const STASH_FIELDS: usize = 16;

/** The two stashes. */
export const FIRST: Ptr = STASHES;
export const SECOND: Ptr = STASHES + STASH_FIELDS;

/** Puts the entry at `index` of a measured node aside. */
export function keep(stash: Ptr, node: Node, index: u32): i32 {
  const keyBytes = keySize(node, index);
  const valueBytes = valueSize(node, index);
  store<u32>(stash, keyBytes, KEY_SIZE);
  store<u32>(stash, valueBytes, VALUE_SIZE);
  const bytes = <u64>keyBytes + valueBytes;
  if (rehearsal.running) {
    rehearsal.putAside(bytes);
    return OK;
  }
  const target = roomFor(stash, bytes);
  if (target == 0) return E_BROKEN;
  store<Ptr>(stash, target, BYTES);
  const isWhole =
    stream.take(node, keyOffset(node, index), target, keyBytes) &&
    stream.take(node, valueOffset(node, index), target + keyBytes, valueBytes);
  return isWhole ? OK : damaged(node.address, EXPECTED_CHAIN_END);
}

/** Where the areas for large entries are, and how large each is. */
let areas: Ptr = 0;
let areaSize: u32 = 0;

/** Makes room for entries of `bytes` bytes, which `keep` then takes without fail. */
export function reserve(bytes: u64): bool {
  areaSize = 0;
  if (bytes <= STASH_SIZE) return true;
  if (2 * bytes > u32.MAX_VALUE) return false;
  areas = image.transfer(<u32>(2 * bytes));
  areaSize = areas == 0 ? 0 : <u32>bytes;
  return areas != 0;
}

function roomFor(stash: Ptr, bytes: u64): Ptr {
  if (bytes <= STASH_SIZE) return stash == FIRST ? STASH_BYTES : STASH_BYTES + STASH_SIZE;
  if (bytes > areaSize) return 0;
  return stash == FIRST ? areas : areas + areaSize;
}

/** Puts a stash into a node, at `index`, in the place of `removed` entries. */
export function insert(stash: Ptr, node: Node, index: u32, removed: u32): i32 {
  const keyBytes = load<u32>(stash, KEY_SIZE);
  const valueBytes = load<u32>(stash, VALUE_SIZE);
  setSizes(inserted, 0, keyBytes, valueBytes);
  const status = replace(node, index, removed, 1);
  const bytes = load<Ptr>(stash, BYTES);
  if (status == OK) putEntry(node, bytes, keyBytes, bytes + keyBytes, valueBytes);
  return status;
}
