/**
 * Insertion. Full nodes on the way down are split first, even when the key turns out to exist below them.
 *
 * The way down is read before anything is written. Then one piece of code plays the splits and the
 * insertion along that path, in a rehearsal or in earnest, in the crate's order of allocations: sibling,
 * child, parent.
 */
import { NODE_VERSION_1 } from "../../layout/node";
import { OUTPUT } from "../../layout/regions";
import { E_ASK, OK } from "../../layout/status";
import * as image from "../image";
import { Addr, Ptr } from "../types";
import * as chunks from "./chunks";
import * as edit from "./edit";
import * as even from "./even";
import * as map from "./map";
import {
  CAPACITY,
  copyChildren,
  copySizes,
  keyPrefix,
  MINIMUM,
  Node,
  nodeAt,
  setChild,
  setSizes,
  valueSize,
} from "./node";
import * as output from "./output";
import * as plan from "./plan";
import * as reading from "./reading";
import * as rehearsal from "./rehearsal";
import * as search from "./search";
import * as stash from "./stash";

/** Where a full node is cut: so many entries stay, one goes up, the rest moves to the sibling. */
const MEDIAN: u32 = MINIMUM - 1;

// What is inserted.
let key: Ptr = 0;
let sizeOfKey: u32 = 0;
let value: Ptr = 0;
let sizeOfValue: u32 = 0;

/** The leaf that the last insertion split, 0 when it split none; whether it filled a node above a leaf. */
export let splitLeaf: Addr = 0;
export let filledInner: bool = false;

/**
 * Inserts an entry. Returns 0 when the key is new, else OUTPUT, where the value is that it had; its size
 * is in the result. Unless `force` is set, a value that may not be decodable is left as it is: E_ASK.
 */
export function insert(k: Ptr, keyBytes: u32, v: Ptr, valueBytes: u32, force: bool): i32 {
  begin(k, keyBytes, v, valueBytes);
  if (map.root() == 0) return insertFirst();
  const last = nodeAt(0);
  let status = search.descend(last, key, sizeOfKey, true);
  if (status != OK) return status;
  const count = splits();
  const replaces = search.found;
  if (count == 0 && !replaces && even.measure(last) && even.isEven(last, 1)) {
    return addToLeaf(last, search.index);
  }
  status = reading.measure(last);
  if (status != OK) return status;
  if (replaces && !force && !output.keep(last, search.index)) return E_ASK;
  status = count == 0 ? insertHere(last) : insertWithSplits(count);
  if (status != OK) return status;
  return replaces ? OUTPUT : 0;
}

/** What `insertInto` gives when it did nothing. */
export const NOT_HERE: i32 = 1;

/**
 * Inserts an entry whose key is or would be in the node at `address`, to which no full node leads: a
 * status, or NOT_HERE when the key is new and the node is not a leaf with room.
 */
export function insertInto(address: Addr, k: Ptr, keyBytes: u32, v: Ptr, valueBytes: u32): i32 {
  const node = nodeAt(0);
  if (reading.open(node, address) != OK || search.among(node, k, keyBytes) != OK) return NOT_HERE;
  if (!search.found && (!node.isLeaf || node.count == CAPACITY)) return NOT_HERE;
  if (reading.measure(node) != OK) return NOT_HERE;
  begin(k, keyBytes, v, valueBytes);
  return insertHere(node);
}

function begin(k: Ptr, keyBytes: u32, v: Ptr, valueBytes: u32): void {
  key = k;
  sizeOfKey = keyBytes;
  value = v;
  sizeOfValue = valueBytes;
  splitLeaf = 0;
  filledInner = false;
}

/** The first entry of an empty map. */
function insertFirst(): i32 {
  const status = plan.secure(1, 1, plant);
  if (status != OK) return status;
  findEntryAgain();
  return plant();
}

function plant(): i32 {
  const node = nodeAt(0);
  const status = edit.create(node, true);
  if (status != OK) return status;
  setRoot(node);
  return addToLeaf(node, 0);
}

/** Number of nodes on the path that must be split. */
function splits(): u32 {
  let count: u32 = 0;
  for (let level: u32 = 0; level <= search.lastLevel; level++) count += <u32>mustSplit(level);
  return count;
}

/** A full node is split, unless the key is in it. */
// @ts-ignore: decorator
@inline
function mustSplit(level: u32): bool {
  return search.countAt(level) == CAPACITY && !(search.found && level == search.lastLevel);
}

/** Inserts into the last node of the path, which has room. */
function insertHere(node: Node): i32 {
  const status = chunks.reserve(pagesToAdd(node));
  if (status != OK) return status;
  findEntryAgain();
  return finish(node, search.index);
}

/** The entry may have stood where `reserve` made room for the image. */
function findEntryAgain(): void {
  key = image.moved(key);
  value = image.moved(value);
}

/** Overflow pages that the last node of the path needs for the entry. */
function pagesToAdd(node: Node): u32 {
  if (node.version == NODE_VERSION_1) return 0;
  let end = node.end + sizeOfValue;
  end += search.found ? -<u64>valueSize(node, search.index) : keyPrefix(node) + <u64>sizeOfKey + 4;
  const pages = map.overflowPages(end);
  return pages > node.pages ? pages - node.pages : 0;
}

function insertWithSplits(count: u32): i32 {
  // Each split makes a node, and makes it and its parent longer; a new root may be one more.
  const status = plan.secure(count + 1, 2 * count + 1, play);
  if (status != OK) return status;
  findEntryAgain();
  return play();
}

/** Plays all splits along the path, and the insertion. */
function play(): i32 {
  let parent = nodeAt(0);
  let full = nodeAt(1);
  let sibling = nodeAt(2);
  let index: u32 = 0;
  for (let level: u32 = 0; level <= search.lastLevel; level++) {
    const before = index;
    index = search.indexAt(level);
    if (!mustSplit(level)) {
      const status = reading.open(parent, search.addressAt(level));
      if (status != OK) return status;
      continue;
    }
    let status = reading.openWhole(full, search.addressAt(level));
    if (status == OK) status = level == 0 ? growRoot(parent, full) : reading.measure(parent);
    if (status == OK) status = split(parent, before, full, sibling);
    if (status != OK) return status;
    const rest = parent;
    if (index <= MEDIAN) {
      parent = full;
      full = rest;
    } else {
      index -= MEDIAN + 1;
      parent = sibling;
      sibling = rest;
    }
  }
  const status = reading.measure(parent);
  return status == OK ? finish(parent, index) : status;
}

/** Makes `root` a new root above the old one. */
function growRoot(root: Node, old: Node): i32 {
  const status = edit.create(root, false);
  setChild(root, 0, old.address);
  setRoot(root);
  return status;
}

function setRoot(node: Node): void {
  if (!rehearsal.running) map.setRoot(node.address);
}

/** Splits `full`, child `index` of `parent`, in two. The middle entry goes up. */
function split(parent: Node, index: u32, full: Node, sibling: Node): i32 {
  const upper = full.count - MEDIAN - 1;
  let status = stash.keep(stash.FIRST, full, MEDIAN);
  if (status == OK) status = edit.create(sibling, full.isLeaf);
  if (status != OK) return status;
  if (even.isEven(full, 0) && even.isEven(sibling, upper)) even.split(full, MEDIAN, sibling);
  else status = moveUpper(full, upper, sibling);
  if (status != OK) return status;
  copyChildren(parent, index + 1, parent, index + 2, parent.count - index);
  setChild(parent, index + 1, sibling.address);
  if (full.isLeaf) splitLeaf = full.address;
  if (parent.count + 1 == CAPACITY) filledInner = true;
  return stash.insert(stash.FIRST, parent, index, 0);
}

/** Moves the last `upper` entries of a full node to its sibling; the one before them is given up. */
function moveUpper(full: Node, upper: u32, sibling: Node): i32 {
  copyChildren(full, MEDIAN + 1, sibling, 0, upper + 1);
  copySizes(full, MEDIAN + 1, edit.inserted, 0, upper);
  const status = edit.replace(sibling, 0, 0, upper);
  if (status != OK) return status;
  edit.putEntries(sibling, full, MEDIAN + 1, upper);
  return edit.replace(full, MEDIAN, upper + 1, 0);
}

/** Puts the entry where the path ends: in the place of a value, or into a leaf. */
function finish(node: Node, index: u32): i32 {
  return search.found
    ? edit.putValue(node, index, value, sizeOfValue)
    : addToLeaf(node, index);
}

function addToLeaf(leaf: Node, index: u32): i32 {
  if (even.isEven(leaf, 1)) {
    even.insert(leaf, index, key, value);
  } else {
    setSizes(edit.inserted, 0, sizeOfKey, sizeOfValue);
    const status = edit.replace(leaf, index, 0, 1);
    if (status != OK || rehearsal.running) return status;
    edit.putEntry(leaf, key, sizeOfKey, value, sizeOfValue);
  }
  map.setLength(map.length() + 1);
  return OK;
}
