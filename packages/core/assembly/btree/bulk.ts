/**
 * Appending entries in ascending order, which packs the nodes: each is filled before the next one is
 * begun, and none is split. What insertion one by one makes of the same entries has other bytes.
 *
 * The tree is sound after every entry, but for the nodes on its right edge, which may hold too few until
 * `finish` has filled them up.
 */
import { UNBOUNDED } from "../../layout/map-calls";
import { NODE_CONTENT_OFFSET } from "../../layout/node";
import { E_NOT_ASCENDING, EXPECTED_DEPTH, OK } from "../../layout/status";
import * as image from "../image";
import { Addr, Ptr } from "../types";
import * as edit from "./edit";
import { damaged } from "./failure";
import { insert } from "./insertion";
import * as map from "./map";
import { CAPACITY, child, MINIMUM, Node, nodeAt, setChild, setSizes } from "./node";
import * as plan from "./plan";
import * as reading from "./reading";
import * as rehearsal from "./rehearsal";
import { fillRightEdge, smallNodes } from "./removal";
import * as search from "./search";
import * as stash from "./stash";

/** A node on the right edge, and the new one beside it. */
const edge: Node = nodeAt(0);
const beside: Node = nodeAt(1);

// What is appended.
let key: Ptr = 0;
let sizeOfKey: u32 = 0;
let value: Ptr = 0;
let sizeOfValue: u32 = 0;

/** Appends an entry. Refuses one that does not come behind all others: E_NOT_ASCENDING. */
export function append(k: Ptr, keyBytes: u32, v: Ptr, valueBytes: u32): i32 {
  if (map.root() == 0) return insert(k, keyBytes, v, valueBytes, true);
  key = k;
  sizeOfKey = keyBytes;
  value = v;
  sizeOfValue = valueBytes;
  let status = goDownRightEdge();
  if (status == OK) status = search.among(edge, key, sizeOfKey);
  if (status != OK) return status;
  if (search.found || search.index < edge.count) return E_NOT_ASCENDING;
  const full = fullLevels();
  status = plan.secure(full + 1, 2 * full + 1, play);
  if (status != OK) return status;
  key = image.moved(key);
  value = image.moved(value);
  return play();
}

/** Goes down to the last leaf, and notes the path. */
function goDownRightEdge(): i32 {
  let address = map.root();
  for (let level: u32 = 0; level < search.MAX_DEPTH; level++) {
    const status = reading.open(edge, address);
    if (status != OK) return status;
    search.noteStep(level, edge, edge.count);
    search.setLastLevel(level);
    if (edge.isLeaf) return OK;
    address = search.childAt(edge, edge.count);
  }
  return damaged(address, EXPECTED_DEPTH);
}

/** Number of levels, from the leaves up, whose last node is full. */
function fullLevels(): u32 {
  let full: u32 = 0;
  while (full <= search.lastLevel) {
    const level = search.lastLevel - full;
    if (search.countAt(level) <= fill(level == search.lastLevel)) break;
    full += 1;
  }
  return full;
}

/**
 * Entries of a packed node: 10, which leaves room for one, or so many that their bounds need no overflow
 * page, but at least as many as a node must have. On the right edge there is one more, the next to go up.
 */
function fill(isLeaf: bool): u32 {
  const most = CAPACITY - 1;
  if (map.mostPages == UNBOUNDED) return most;
  const prefix: u64 = map.hasFixedKeys ? 4 : 8;
  const entry = prefix + map.maxKeySize + map.maxValueSize + (isLeaf ? 0 : 8);
  const room = <u64>map.nodePageSize - NODE_CONTENT_OFFSET - (isLeaf ? 0 : 8);
  return <u32>min<u64>(most, max<u64>(MINIMUM - 1, room / entry));
}

function play(): i32 {
  let level = search.lastLevel;
  let status = reading.openWhole(edge, search.addressAt(level));
  if (status != OK) return status;
  if (edge.count <= fill(true)) return put(edge);
  let up = stash.FIRST;
  status = stash.keep(up, edge, edge.count - 1);
  if (status == OK) status = edit.create(beside, true);
  if (status == OK) status = put(beside);
  if (status == OK) status = edit.replace(edge, edge.count - 1, 1, 0);
  while (status == OK && level > 0) {
    level -= 1;
    const right = beside.address;
    status = reading.openWhole(edge, search.addressAt(level));
    if (status != OK) return status;
    if (edge.count <= fill(false)) {
      setChild(edge, edge.count + 1, right);
      return stash.insert(up, edge, edge.count, 0);
    }
    const next = up == stash.FIRST ? stash.SECOND : stash.FIRST;
    status = stash.keep(next, edge, edge.count - 1);
    if (status == OK) status = begin(child(edge, edge.count), right, up);
    if (status == OK) status = edit.replace(edge, edge.count - 1, 1, 0);
    up = next;
  }
  if (status == OK) status = begin(search.addressAt(0), beside.address, up);
  if (status == OK && !rehearsal.running) map.setRoot(beside.address);
  return status;
}

/** Makes a new inner node, of two children and the entry between them. */
function begin(left: Addr, right: Addr, entry: Ptr): i32 {
  const status = edit.create(beside, false);
  setChild(beside, 0, left);
  setChild(beside, 1, right);
  return status == OK ? stash.insert(entry, beside, 0, 0) : status;
}

/** Puts the entry at the end of a leaf. */
function put(leaf: Node): i32 {
  setSizes(edit.inserted, 0, sizeOfKey, sizeOfValue);
  const status = edit.replace(leaf, leaf.count, 0, 1);
  if (status != OK || rehearsal.running) return status;
  edit.putEntry(leaf, key, sizeOfKey, value, sizeOfValue);
  map.setLength(map.length() + 1);
  return OK;
}

/** Fills up what is too small on the right edge, from the root down. */
export function finish(): i32 {
  let status = OK;
  do status = fillRightEdge();
  while (status == OK && smallNodes > 0);
  return status;
}
