/**
 * The map in use: what its codecs demand, and its header. Layout in layout/btree.ts.
 *
 * A map is named by the memory it lives in. What was said when it was opened stands in a slot of `MAPS`;
 * an operation takes it into globals. Root and length are read from the image each time, so that they
 * can never differ from it.
 */
import {
  LENGTH_OFFSET,
  MAX_KEY_SIZE_OFFSET,
  MAX_VALUE_SIZE_OFFSET,
  ROOT_OFFSET,
} from "../../layout/btree";
import {
  MAP_OPTIONS_SIZE,
  OPTION_FIXED_KEYS,
  OPTION_FIXED_VALUES,
  OPTION_KEY_CHECK,
  OPTION_MAX_KEY_SIZE,
  OPTION_MAX_VALUE_SIZE,
  OPTION_NODE_VERSION,
  OPTION_ORDER,
  OPTION_VALUE_CHECK,
  ORDER_BYTES,
  UNBOUNDED,
} from "../../layout/map-calls";
import { NODE_CAPACITY, NODE_CONTENT_OFFSET, OVERFLOW_HEADER_SIZE } from "../../layout/node";
import { MAP_OPTIONS, MAP_SIZE, MAPS } from "../../layout/regions";
import { E_OUT_OF_BOUNDS, OK } from "../../layout/status";
import * as image from "../image";
import * as space from "../space";
import { Addr, Ptr } from "../types";

// A slot begins with the options. Behind them:
const SLOT_VERSION: usize = MAP_OPTIONS_SIZE;
const SLOT_NODE_PAGE_SIZE: usize = SLOT_VERSION + 4; // 0 = no map is open
const SLOT_KEY_ROOM: usize = SLOT_NODE_PAGE_SIZE + 4;
const SLOT_VALUE_ROOM: usize = SLOT_KEY_ROOM + 4;
const SLOT_FREE_CHUNKS: usize = SLOT_VALUE_ROOM + 4;
const SLOT_FRONTIER: usize = SLOT_FREE_CHUNKS + 4; // u64
const SLOT_END: usize = SLOT_FRONTIER + 8;

/** Where keys of eight bytes end in the longest node, rounded up to whole pairs of them. */
const WORDS_END: u32 = NODE_CONTENT_OFFSET + (NODE_CAPACITY + 1) * 8 + (NODE_CAPACITY + 1) * 8;

/** Most bytes of an entry in even leaves: those of twelve are then counted in 32 bits. */
const MOST_EVEN_BYTES: u32 = 65536;

const NONE: u32 = u32.MAX_VALUE;

/** The memory whose map is in use; NONE = its memory may have changed, take it into use anew. */
let selected: u32 = NONE;
let slot: Ptr = 0;

/** Layout version of the map; only in version 1 there are nodes of version 1. */
export let version: u32 = 0;
/** Bytes of a node page. */
export let nodePageSize: u32 = 0;
/** One past the last address at which a whole node page lies in the straight part of the memory. */
let straightNodes: u64 = 0;
/** Bytes for a key, and for a value, in a slot of a version 1 node. */
export let keyRoom: u32 = 0;
export let valueRoom: u32 = 0;
/** True when all keys have `maxKeySize` bytes, so that version 2 nodes store no key sizes. */
export let hasFixedKeys: bool = false;
export let maxKeySize: u32 = 0;
/** True when all values have `maxValueSize` bytes. Their sizes are stored nevertheless. */
export let hasFixedValues: bool = false;
export let maxValueSize: u32 = 0;
/** One of ORDER_... */
export let order: u32 = 0;
/** One of CHECK_... */
export let keyCheck: u32 = 0;
export let valueCheck: u32 = 0;
/** True when keys have eight bytes in the order of these, and lie within a node page all together. */
export let hasWordKeys: bool = false;
/** True when all entries have one size, see even.ts. */
export let hasEvenEntries: bool = false;
/** Version of new nodes. */
export let newNodeVersion: u32 = 0;
/** Most overflow pages that a node can have, UNBOUNDED when nothing limits its entries. */
export let mostPages: u32 = 0;

// @ts-ignore: decorator
@inline
function slotOf(home: u32): Ptr {
  return MAPS + home * MAP_SIZE;
}

/** Fills the slot of a map from `MAP_OPTIONS` and from its header at `header`, which was checked. */
export function register(home: u32, header: Ptr, layoutVersion: u32, pageSize: u32): void {
  assert(SLOT_END <= <usize>MAP_SIZE);
  const target = slotOf(home);
  memory.copy(target, MAP_OPTIONS, MAP_OPTIONS_SIZE);
  store<u32>(target, layoutVersion, SLOT_VERSION);
  store<u32>(target, pageSize, SLOT_NODE_PAGE_SIZE);
  store<u32>(target, load<u32>(header, MAX_KEY_SIZE_OFFSET), SLOT_KEY_ROOM);
  store<u32>(target, load<u32>(header, MAX_VALUE_SIZE_OFFSET), SLOT_VALUE_ROOM);
  store<u32>(target, 0, SLOT_FREE_CHUNKS);
  store<u64>(target, 0, SLOT_FRONTIER);
  forget();
}

/** Forgets the options of a map: every call on it is refused from now on. */
export function unregister(home: u32): void {
  store<u32>(slotOf(home), 0, SLOT_NODE_PAGE_SIZE);
  forget();
}

/** Says that the memory of a map may have another size, or other buckets, than the engine knows. */
export function forget(): void {
  selected = NONE;
}

/** Takes the map that lives in memory `home` into use; a status. */
// @ts-ignore: decorator
@inline
export function use(home: u32): i32 {
  return home == selected && image.PINS_LAST ? OK : take(home);
}

/** Goes on with the map in use, after an operation of several was ended. */
// @ts-ignore: decorator
@inline
export function renew(): void {
  if (!image.PINS_LAST) space.select(selected);
}

function take(home: u32): i32 {
  if (home > space.WHOLE_IMAGE || load<u32>(slotOf(home), SLOT_NODE_PAGE_SIZE) == 0) {
    return E_OUT_OF_BOUNDS;
  }
  slot = slotOf(home);
  version = load<u32>(slot, SLOT_VERSION);
  nodePageSize = load<u32>(slot, SLOT_NODE_PAGE_SIZE);
  keyRoom = load<u32>(slot, SLOT_KEY_ROOM);
  valueRoom = load<u32>(slot, SLOT_VALUE_ROOM);
  hasFixedKeys = load<u32>(slot, OPTION_FIXED_KEYS) != 0;
  maxKeySize = load<u32>(slot, OPTION_MAX_KEY_SIZE);
  hasFixedValues = load<u32>(slot, OPTION_FIXED_VALUES) != 0;
  maxValueSize = load<u32>(slot, OPTION_MAX_VALUE_SIZE);
  order = load<u32>(slot, OPTION_ORDER);
  keyCheck = load<u32>(slot, OPTION_KEY_CHECK);
  valueCheck = load<u32>(slot, OPTION_VALUE_CHECK);
  newNodeVersion = load<u32>(slot, OPTION_NODE_VERSION);
  hasWordKeys =
    hasFixedKeys && maxKeySize == 8 && order == ORDER_BYTES && nodePageSize >= WORDS_END;
  hasEvenEntries =
    hasFixedKeys && hasFixedValues && <u64>maxKeySize + maxValueSize <= <u64>MOST_EVEN_BYTES;
  mostPages = mostOverflowPages();
  space.select(home);
  measureSpace();
  selected = home;
  return OK;
}

function mostOverflowPages(): u32 {
  if (maxKeySize == UNBOUNDED || maxValueSize == UNBOUNDED) return UNBOUNDED;
  const entries = <u64>NODE_CAPACITY * (4 + <u64>maxKeySize + 4 + <u64>maxValueSize);
  return overflowPages(NODE_CONTENT_OFFSET + (NODE_CAPACITY + 1) * 8 + entries);
}

/** Overflow pages that a version 2 node of `bytes` bytes needs. */
export function overflowPages(bytes: u64): u32 {
  if (bytes <= nodePageSize) return 0;
  const room = <u64>nodePageSize - OVERFLOW_HEADER_SIZE;
  return <u32>((bytes - nodePageSize + room - 1) / room);
}

/** To be called when the memory has grown. */
export function measureSpace(): void {
  straightNodes = space.straightUntil(nodePageSize);
}

/** Pointer to the page of a node, or of its overflow, at `address`; 0 unless it lies there in one piece. */
// @ts-ignore: decorator
@inline
export function pageAt(address: Addr): Ptr {
  return address < straightNodes
    ? space.origin + <Ptr>address
    : space.wholeElsewhere(address, nodePageSize);
}

/** An option of the map in use. */
// @ts-ignore: decorator
@inline
export function option(offset: u32): u32 {
  return load<u32>(slot + offset);
}

/** Free chunks at the head of the free list that were looked at, see chunks.ts. */
// @ts-ignore: decorator
@inline
export function freeChunks(): u32 {
  return load<u32>(slot, SLOT_FREE_CHUNKS);
}

// @ts-ignore: decorator
@inline
export function setFreeChunks(count: u32): void {
  store<u32>(slot, count, SLOT_FREE_CHUNKS);
}

/** Address of the chunk that was never used, 0 = not known yet. */
// @ts-ignore: decorator
@inline
export function frontier(): Addr {
  return load<u64>(slot, SLOT_FRONTIER);
}

// @ts-ignore: decorator
@inline
export function setFrontier(address: Addr): void {
  store<u64>(slot, address, SLOT_FRONTIER);
}

/** Address of the root node, 0 = the map is empty. */
// @ts-ignore: decorator
@inline
export function root(): Addr {
  return load<u64>(space.origin, ROOT_OFFSET);
}

export function setRoot(address: Addr): void {
  image.changed(space.origin);
  store<u64>(space.origin, address, ROOT_OFFSET);
}

/** Number of entries. */
// @ts-ignore: decorator
@inline
export function length(): u64 {
  return load<u64>(space.origin, LENGTH_OFFSET);
}

// @ts-ignore: decorator
@inline
export function setLength(entries: u64): void {
  image.changed(space.origin);
  store<u64>(space.origin, entries, LENGTH_OFFSET);
}
