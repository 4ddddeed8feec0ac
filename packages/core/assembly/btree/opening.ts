/** Making maps, opening them, and emptying them. Layout in layout/btree.ts. */
import {
  ALLOCATED_CHUNKS_OFFSET,
  ALLOCATION_SIZE_OFFSET,
  ALLOCATOR_MAGIC,
  ALLOCATOR_OFFSET,
  ALLOCATOR_VERSION,
  CHUNK_HEADER_SIZE,
  CHUNKS_START,
  LENGTH_OFFSET,
  MAP_MAGIC,
  MAP_VERSION_1,
  MAP_VERSION_2,
  MAP_VERSION_OFFSET,
  MAX_VALUE_SIZE_OFFSET,
  MIN_NODE_PAGE_SIZE,
  NODE_PAGE_SIZE_MARKER,
  NODE_PAGE_SIZE_OFFSET,
  ROOT_OFFSET,
} from "../../layout/btree";
import {
  OPTION_MAX_KEY_SIZE,
  OPTION_MAX_VALUE_SIZE,
  OPTION_ORDER,
  ORDER_BYTES,
} from "../../layout/map-calls";
import { NODE_CAPACITY, NODE_HEADER_SIZE } from "../../layout/node";
import { MAP_OPTIONS } from "../../layout/regions";
import {
  E_BAD_MAGIC,
  E_OUT_OF_BOUNDS,
  E_UNSUPPORTED_VERSION,
  EXPECTED_HEADER,
  OK,
} from "../../layout/status";
import * as image from "../image";
import * as space from "../space";
import { Ptr } from "../types";
import * as chunks from "./chunks";
import { damaged, refused } from "./failure";
import * as map from "./map";
import { GATHER_SIZE } from "../work";

/** Bytes of a node page of a version 1 map: of its largest node. */
function nodeSizeV1(keyRoom: u64, valueRoom: u64): u64 {
  const slots = <u64>NODE_CAPACITY * (4 + keyRoom + 4 + valueRoom);
  return NODE_HEADER_SIZE + slots + (<u64>NODE_CAPACITY + 1) * 8;
}

/** Bytes of a node page, by the fields of a header of version 1 or 2. */
function pageSizeOf(version: u32, first: u32, second: u32): u64 {
  return version == MAP_VERSION_1 ? nodeSizeV1(first, second) : first;
}

function isPageSize(bytes: u64): bool {
  return bytes >= <u64>MIN_NODE_PAGE_SIZE && bytes <= u32.MAX_VALUE;
}

/**
 * Writes an empty map over the start of memory `home` and opens it with the options at `MAP_OPTIONS`.
 * In version 2 `first` is the node page size and `second` the marker, in version 1 they are the largest
 * key and value.
 */
export function create(home: u32, version: u32, first: u32, second: u32): i32 {
  const pageSize = pageSizeOf(version, first, second);
  if (home > space.WHOLE_IMAGE || !isPageSize(pageSize)) {
    return E_OUT_OF_BOUNDS;
  }
  space.select(home);
  const end: u64 = CHUNKS_START + CHUNK_HEADER_SIZE;
  const status = space.prepare(end);
  if (status != OK) return refused(status, space.missingPages(end));
  space.ensure(end);
  const header = space.origin;
  image.changed(header);
  store<u32>(header, MAP_MAGIC | (version << (MAP_VERSION_OFFSET << 3)));
  store<u32>(header, first, NODE_PAGE_SIZE_OFFSET);
  store<u32>(header, second, MAX_VALUE_SIZE_OFFSET);
  map.register(home, header, version, <u32>pageSize);
  map.use(home);
  clear();
  return open(home);
}

/** Opens the map in memory `home` with the options at `MAP_OPTIONS`. Reads its two headers. */
export function open(home: u32): i32 {
  if (home > space.WHOLE_IMAGE) return E_OUT_OF_BOUNDS;
  map.unregister(home);
  space.select(home);
  if (space.sizeInBytes == 0) return E_BAD_MAGIC;
  const header = space.origin;
  if ((load<u32>(header) & 0xffffff) != MAP_MAGIC) return E_BAD_MAGIC;
  const version = <u32>load<u8>(header, MAP_VERSION_OFFSET);
  if (version != MAP_VERSION_1 && version != MAP_VERSION_2) return E_UNSUPPORTED_VERSION;
  const first = load<u32>(header, NODE_PAGE_SIZE_OFFSET);
  const second = load<u32>(header, MAX_VALUE_SIZE_OFFSET);
  const pageSize = pageSizeOf(version, first, second);
  const status = check(header, version, pageSize);
  if (status != OK) return status;
  if (!optionsFit(version, first, second)) return E_OUT_OF_BOUNDS;
  map.register(home, header, version, <u32>pageSize);
  return OK;
}

/** The fields of the two headers must fit each other and the memory. */
function check(header: Ptr, version: u32, pageSize: u64): i32 {
  const second = load<u32>(header, MAX_VALUE_SIZE_OFFSET);
  if (version == MAP_VERSION_2 && second != <u32>NODE_PAGE_SIZE_MARKER) {
    return damaged(MAX_VALUE_SIZE_OFFSET, EXPECTED_HEADER);
  }
  if (!isPageSize(pageSize)) return damaged(NODE_PAGE_SIZE_OFFSET, EXPECTED_HEADER);
  const allocator: u32 = ALLOCATOR_MAGIC | (ALLOCATOR_VERSION << 24);
  if (load<u32>(header, ALLOCATOR_OFFSET) != allocator) {
    return damaged(ALLOCATOR_OFFSET, EXPECTED_HEADER);
  }
  if (load<u64>(header, ALLOCATION_SIZE_OFFSET) != pageSize) {
    return damaged(ALLOCATION_SIZE_OFFSET, EXPECTED_HEADER);
  }
  const chunks = load<u64>(header, ALLOCATED_CHUNKS_OFFSET);
  if (chunks > space.sizeInBytes / (pageSize + CHUNK_HEADER_SIZE)) {
    return damaged(ALLOCATED_CHUNKS_OFFSET, EXPECTED_HEADER);
  }
  const isEmpty = load<u64>(header, ROOT_OFFSET) == 0;
  if (isEmpty != (load<u64>(header, LENGTH_OFFSET) == 0)) {
    return damaged(LENGTH_OFFSET, EXPECTED_HEADER);
  }
  return OK;
}

/** Slots of a version 1 map must hold every key and value; only bytes can be compared in pieces. */
function optionsFit(version: u32, first: u32, second: u32): bool {
  const keySize = load<u32>(MAP_OPTIONS, OPTION_MAX_KEY_SIZE);
  const valueSize = load<u32>(MAP_OPTIONS, OPTION_MAX_VALUE_SIZE);
  if (version == MAP_VERSION_1 && (keySize > first || valueSize > second)) return false;
  return keySize <= GATHER_SIZE || load<u32>(MAP_OPTIONS, OPTION_ORDER) == ORDER_BYTES;
}

/** Removes all entries of the map in use. It keeps its pages, and every byte but for its headers. */
export function clear(): void {
  map.setRoot(0);
  map.setLength(0);
  chunks.reset();
}
