/**
 * Many keys or entries in one call. They lie one behind the other, as a walk gives them: each key behind
 * its size unless all keys have the same, and so each value.
 *
 * PERF: one search waits for memory at every level. So a group of keys goes down together, level by
 * level, and the nodes of the next level are on their way while those of this one are searched.
 */
import { MISSING, RESULT_BYTES, RESULT_COUNT } from "../../layout/map-calls";
import { OUTPUT, OUTPUT_SIZE, RESULT } from "../../layout/regions";
import { E_LARGE, EXPECTED_DEPTH, OK } from "../../layout/status";
import * as image from "../image";
import { NODE_CONTENT_OFFSET } from "../../layout/node";
import { countNodes } from "../counters";
import { Addr, Ptr } from "../types";
import { GROUP } from "../work";
import { append } from "./bulk";
import * as chunks from "./chunks";
import * as cursor from "./cursor";
import * as ahead from "./ahead";
import { damaged } from "./failure";
import * as insertion from "./insertion";
import * as lookup from "./lookup";
import * as map from "./map";
import { CAPACITY, Node, nodeAt } from "./node";
import * as output from "./output";
import * as plain from "./plain";
import * as reading from "./reading";
import { remove } from "./removal";
import * as search from "./search";
import * as words from "./words";

/**
 * Keys of a group: so many searches a processor keeps going at a time. Of insertions fewer, because what
 * was read ahead for the last ones has to stay near until their turn.
 */
const LOOKUPS: u32 = 32;
const INSERTIONS: u32 = 16;
/** Up to so many bytes of nodes no search waits long enough. */
const NEAR_BYTES: u64 = 4194304;

// Fields of a member of the group
const MEMBER_SHIFT: u32 = 5;
const MEMBER_ADDRESS: usize = 0; // u64: the node it has come to
const MEMBER_KEY: usize = 8;
const MEMBER_KEY_SIZE: usize = 12;
const MEMBER_PLACE: usize = 16; // index of its entry, or one of:
const SEARCHING: u32 = u32.MAX_VALUE;
const ABSENT: u32 = u32.MAX_VALUE - 1;
const MEMBER_DETOUR: usize = 20; // 1 when its way leads through a full node, or its node was split since

const node: Node = nodeAt(0);

// @ts-ignore: decorator
@inline
function memberAt(number: u32): Ptr {
  return GROUP + (number << MEMBER_SHIFT);
}

/** Where an item is that was read with `readItem`, and how large it is. */
let item: Ptr = 0;
let itemSize: u32 = 0;

/** Reads the key or value at `pointer`; a pointer to what comes behind it. */
// @ts-ignore: decorator
@inline
function readItem(pointer: Ptr, isFixed: bool, size: u32): Ptr {
  item = isFixed ? pointer : pointer + 4;
  itemSize = isFixed ? size : load<u32>(pointer);
  return item + itemSize;
}

// @ts-ignore: decorator
@inline
function readKey(pointer: Ptr): Ptr {
  return readItem(pointer, map.hasFixedKeys, map.maxKeySize);
}

// @ts-ignore: decorator
@inline
function readValue(pointer: Ptr): Ptr {
  return readItem(pointer, map.hasFixedValues, map.maxValueSize);
}

/**
 * Puts the values of `count` keys from `keys` on into `OUTPUT`, each behind its size, `MISSING` for a key
 * that has none. The result says of how many keys; E_LARGE when the first value does not fit.
 */
export function getMany(keys: Ptr, count: u32): i32 {
  let done: u32 = 0;
  let target: Ptr = OUTPUT;
  let status = OK;
  while (done < count && status == OK) {
    const size = min(count - done, LOOKUPS);
    for (let i: u32 = 0; i < size; i++) keys = join(i, keys);
    status = goDown(size);
    for (let i: u32 = 0; i < size && status == OK; i++) {
      status = putValue(memberAt(i), target);
      if (status == OK) target += 4 + valueBytes;
      done += <u32>(status == OK);
    }
  }
  store<u32>(RESULT, done, RESULT_COUNT);
  store<u32>(RESULT, target - OUTPUT, RESULT_BYTES);
  return status == E_LARGE && done > 0 ? OK : status;
}

/** Makes the key at `pointer` member number `number` of the group. */
function join(number: u32, pointer: Ptr): Ptr {
  const next = readKey(pointer);
  const member = memberAt(number);
  store<u64>(member, map.root(), MEMBER_ADDRESS);
  store<Ptr>(member, item, MEMBER_KEY);
  store<u32>(member, itemSize, MEMBER_KEY_SIZE);
  store<u32>(member, map.root() == 0 ? ABSENT : SEARCHING, MEMBER_PLACE);
  store<u32>(member, 0, MEMBER_DETOUR);
  return next;
}

/** Searches for the first `size` members of the group. */
function goDown(size: u32): i32 {
  for (let level: u32 = 0; level < search.MAX_DEPTH; level++) {
    let searching: u32 = 0;
    for (let i: u32 = 0; i < size; i++) {
      const member = memberAt(i);
      if (load<u32>(member, MEMBER_PLACE) != SEARCHING) continue;
      const status = step(member);
      if (status != OK) return status;
      searching += 1;
    }
    if (searching == 0) return OK;
    readNextAhead(size);
  }
  return damaged(map.root(), EXPECTED_DEPTH);
}

/** A loop of its own: between searches a processor looks too few reads ahead. */
function readNextAhead(size: u32): void {
  for (let i: u32 = 0; i < size; i++) {
    const member = memberAt(i);
    if (load<u32>(member, MEMBER_PLACE) != SEARCHING) continue;
    const address = load<u64>(member, MEMBER_ADDRESS);
    if (map.hasWordKeys) ahead.readKeys(address);
    else ahead.readNode(address);
  }
}

/** Takes a search one level down. */
function step(member: Ptr): i32 {
  const address = load<u64>(member, MEMBER_ADDRESS);
  const page = map.pageAt(address);
  const header = page == 0 ? 0 : load<u64>(page);
  if (!plain.isPlain(header)) return stepSlowly(member, address);
  return map.hasWordKeys ? stepToWord(member, page, header) : stepToHead(member, page, header);
}

// @ts-ignore: decorator
@inline
function stepToWord(member: Ptr, page: Ptr, header: u64): i32 {
  const key = load<u64>(load<Ptr>(member, MEMBER_KEY));
  const count = plain.countIn(header);
  const keys = page + plain.keysStartIn(header);
  const place = words.countBelowWord(keys, count, key);
  return goOn(member, page, header, place, plain.isWordAt(keys, place, count, key));
}

function stepToHead(member: Ptr, page: Ptr, header: u64): i32 {
  const key = load<Ptr>(member, MEMBER_KEY);
  const size = load<u32>(member, MEMBER_KEY_SIZE);
  const place = plain.hasHead(size) ? plain.placeOf(page, header, key, size) : plain.NOT_PLAIN;
  return place == plain.NOT_PLAIN
    ? stepSlowly(member, load<u64>(member, MEMBER_ADDRESS))
    : goOn(member, page, header, place, plain.isThere);
}

/** Goes on behind a plain node in which the key is or would be at `place`. */
// @ts-ignore: decorator
@inline
function goOn(member: Ptr, page: Ptr, header: u64, place: u32, isThere: bool): i32 {
  countNodes(1);
  if (isThere) {
    store<u32>(member, place, MEMBER_PLACE);
    return OK;
  }
  noteCount(member, plain.countIn(header));
  if (plain.isLeafIn(header)) store<u32>(member, ABSENT, MEMBER_PLACE);
  else store<u64>(member, load<u64>(page + (place << 3), NODE_CONTENT_OFFSET), MEMBER_ADDRESS);
  return OK;
}

/** COMPAT: a full node is split, unless the key is in it. */
// @ts-ignore: decorator
@inline
function noteCount(member: Ptr, count: u32): void {
  store<u32>(member, load<u32>(member, MEMBER_DETOUR) | <u32>(count == CAPACITY), MEMBER_DETOUR);
}

/** The same in any node, with any key. */
function stepSlowly(member: Ptr, address: Addr): i32 {
  let status = reading.open(node, address);
  if (status == OK) {
    status = search.among(node, load<Ptr>(member, MEMBER_KEY), load<u32>(member, MEMBER_KEY_SIZE));
  }
  if (status != OK) return status;
  if (!search.found) noteCount(member, node.count);
  if (search.found || node.isLeaf) {
    store<u32>(member, search.found ? search.index : ABSENT, MEMBER_PLACE);
    return OK;
  }
  store<u64>(member, search.childAt(node, search.index), MEMBER_ADDRESS);
  return OK;
}

/** Bytes of the value that `putValue` put. */
let valueBytes: u32 = 0;

/** Puts the value of a member behind its size; E_LARGE when there is no room for it. */
function putValue(member: Ptr, target: Ptr): i32 {
  const place = load<u32>(member, MEMBER_PLACE);
  valueBytes = 0;
  if (target + 4 > <Ptr>(OUTPUT + OUTPUT_SIZE)) return E_LARGE;
  if (place == ABSENT) {
    store<u32>(target, MISSING);
    return OK;
  }
  let status = reading.open(node, load<u64>(member, MEMBER_ADDRESS));
  if (status == OK) status = lookup.findValue(node, place);
  if (status != OK) return status;
  valueBytes = lookup.foundSize;
  store<u32>(target, valueBytes);
  return output.copy(node, lookup.foundOffset, valueBytes, target + 4) ? OK : E_LARGE;
}

/** Inserts `count` entries from `entries` on, one after the other. The result says how many were. */
export function insertMany(entries: Ptr, count: u32): i32 {
  let done: u32 = 0;
  let status = OK;
  while (done < count && status >= OK) {
    const size = min(count - done, INSERTIONS);
    searchForGroup(entries, size);
    for (let i: u32 = 0; i < size && status >= OK; i++) {
      entries = readKey(entries);
      const key = item;
      const keyBytes = itemSize;
      entries = readValue(entries);
      status = settled(insertMember(i, key, keyBytes));
      if (knowsWays) noteChanges(i + 1, size);
      done += <u32>(status >= OK);
    }
  }
  store<u32>(RESULT, done, RESULT_COUNT);
  return min(status, OK);
}

/** True while the ways of the group are known, but for detours. */
let knowsWays: bool = false;

/**
 * Searches for the keys of the next `size` entries, where searches wait for memory, and reads the nodes in
 * which they end ahead.
 *
 * PERF: 1,000,000 entries of words take a fifth less time, 200,000 of principals or texts a sixth
 * (Node 20, 2026-11).
 */
function searchForGroup(entries: Ptr, size: u32): void {
  knowsWays = image.PINS_LAST && chunks.allocated() * map.nodePageSize > NEAR_BYTES;
  if (!knowsWays) return;
  for (let i: u32 = 0; i < size; i++) entries = readValue(join(i, entries));
  knowsWays = goDown(size) == OK;
  for (let i: u32 = 0; i < size; i++) ahead.list(i, load<u64>(memberAt(i), MEMBER_ADDRESS));
  ahead.readListed(size);
}

/**
 * Inserts the item that was read last, with its key, as member `number` of the group: straight into the
 * node where its search ended, unless that or a node on the way has to be split.
 */
function insertMember(number: u32, key: Ptr, keyBytes: u32): i32 {
  const member = memberAt(number);
  if (knowsWays && load<u32>(member, MEMBER_DETOUR) == 0) {
    const address = load<u64>(member, MEMBER_ADDRESS);
    const status = insertion.insertInto(address, key, keyBytes, item, itemSize);
    if (status != insertion.NOT_HERE) return status;
  }
  return insertion.insert(key, keyBytes, item, itemSize, true);
}

/**
 * Notes what the last insertion changed on the ways of the members from `next` on. The keys of a leaf that
 * was split may be in the other half now, or above it; those of a sound tree are nowhere else.
 */
function noteChanges(next: u32, size: u32): void {
  knowsWays = !insertion.filledInner;
  if (insertion.splitLeaf == 0) return;
  for (let i = next; i < size; i++) {
    const member = memberAt(i);
    if (load<u64>(member, MEMBER_ADDRESS) == insertion.splitLeaf) store<u32>(member, 1, MEMBER_DETOUR);
  }
}

/** Ends one of many operations. */
// @ts-ignore: decorator
@inline
function settled(steps: i32): i32 {
  const result = reading.outcome(steps);
  image.settle();
  map.renew();
  reading.forget();
  return result;
}

/** Appends `count` entries from `entries` on, which must come behind all others, and ascend. */
export function appendMany(entries: Ptr, count: u32): i32 {
  let done: u32 = 0;
  let status = OK;
  for (; done < count; done++) {
    entries = readKey(entries);
    const key = item;
    const keyBytes = itemSize;
    entries = readValue(entries);
    status = settled(append(key, keyBytes, item, itemSize));
    if (status != OK) break;
  }
  store<u32>(RESULT, done, RESULT_COUNT);
  return status;
}

/**
 * Removes up to `most` entries of a range, one after the other. The result says how many were; 1 when
 * there may be more, 0 at the end of the range, E_LARGE when the next key is too large for `OUTPUT`.
 */
export function removeRange(
  flags: u32,
  start: Ptr,
  sizeOfStart: u32,
  end: Ptr,
  sizeOfEnd: u32,
  most: u32,
): i32 {
  const room = roomForKeys(most);
  let result = cursor.walk(flags, start, sizeOfStart, end, sizeOfEnd, room);
  if (result == E_LARGE && room < <u32>OUTPUT_SIZE) {
    result = cursor.walk(flags, start, sizeOfStart, end, sizeOfEnd, OUTPUT_SIZE);
  }
  const listed = load<u32>(RESULT, RESULT_COUNT);
  const count = min(listed, most);
  let keys: Ptr = OUTPUT;
  let done: u32 = 0;
  for (; done < count && result >= OK; done++) {
    keys = readKey(keys);
    const status = settled(remove(item, itemSize, true));
    if (status < OK) {
      result = status;
      break;
    }
  }
  store<u32>(RESULT, done, RESULT_COUNT);
  return result == OK && count < listed ? 1 : result;
}

/** Bytes in which to list `most` keys, so that a few are not looked for among many; a guess if they vary. */
function roomForKeys(most: u32): u32 {
  const keyBytes: u64 = map.hasFixedKeys ? map.maxKeySize : USUAL_KEY;
  return <u32>min<u64>(OUTPUT_SIZE, max<u64>(most * keyBytes, LEAST_ROOM));
}

const USUAL_KEY: u64 = 64;
const LEAST_ROOM: u64 = 512;
