/**
 * Handing keys and values to the caller: a pointer to where they are in the image, or to a copy in
 * `OUTPUT`. What is too large for a copy is read in pieces.
 */
import {
  CHECK_NONE,
  CHECK_NUMBER,
  CHECK_TEXT,
  RESULT_KEY_SIZE,
  RESULT_VALUE_SIZE,
} from "../../layout/map-calls";
import { OUTPUT, OUTPUT_SIZE, RESULT } from "../../layout/regions";
import { E_OUT_OF_BOUNDS, OK } from "../../layout/status";
import { Addr, Ptr } from "../types";
import * as map from "./map";
import * as entries from "./node";
import { Node } from "./node";
import * as reading from "./reading";
import * as stream from "./stream";

// The entry that was located last: its node, and where in the node's stream it is.
let address: Addr = 0;
let keyOffset: u32 = 0;
let keySize: u32 = 0;
let valueOffset: u32 = 0;
let valueSize: u32 = 0;

/** Notes an entry for `readPiece`, and its sizes in the result. */
export function locate(node: Node, key: u32, sizeOfKey: u32, value: u32, sizeOfValue: u32): void {
  address = node.address;
  keyOffset = key;
  keySize = sizeOfKey;
  valueOffset = value;
  valueSize = sizeOfValue;
  store<u32>(RESULT, sizeOfKey, RESULT_KEY_SIZE);
  store<u32>(RESULT, sizeOfValue, RESULT_VALUE_SIZE);
}

/** Copies `length` bytes from `start` on of the located entry's key or value to `OUTPUT`. */
export function readPiece(node: Node, ofKey: bool, start: u32, length: u32): i32 {
  const size = ofKey ? keySize : valueSize;
  if (length > <u32>OUTPUT_SIZE || <u64>start + length > size) return E_OUT_OF_BOUNDS;
  const status = reading.open(node, address);
  if (status != OK) return status;
  const offset = (ofKey ? keyOffset : valueOffset) + start;
  return stream.take(node, offset, OUTPUT, length) ? OK : E_OUT_OF_BOUNDS;
}

/**
 * Pointer to `size` bytes at `offset` of a node: where they lie, or a copy at `target` of scattered ones.
 * 0 when there is no room for a copy before the end of `OUTPUT`.
 */
export function show(node: Node, offset: u32, size: u32, target: Ptr): Ptr {
  if (stream.isNear(node, offset, size)) return node.pointer + offset;
  return copy(node, offset, size, target) ? target : 0;
}

/** Copies `size` bytes at `offset` of a node to `target`, if they fit into `OUTPUT`. */
export function copy(node: Node, offset: u32, size: u32, target: Ptr): bool {
  return <u64>target + size <= <u64>(OUTPUT + OUTPUT_SIZE) && stream.take(node, offset, target, size);
}

/**
 * Copies value `index` of a measured node to `OUTPUT`, before it is changed or removed. False when that
 * is no place for it, or when only the caller can tell whether it can be decoded.
 */
export function keep(node: Node, index: u32): bool {
  const size = entries.valueSize(node, index);
  store<u32>(RESULT, size, RESULT_VALUE_SIZE);
  return (
    copy(node, entries.valueOffset(node, index), size, OUTPUT) && canDecode(map.valueCheck, OUTPUT, size)
  );
}

/** The same for the whole entry: the key at `OUTPUT`, the value behind it. */
export function keepEntry(node: Node, index: u32): bool {
  const keyBytes = entries.keySize(node, index);
  const valueBytes = entries.valueSize(node, index);
  const behind = OUTPUT + keyBytes;
  store<u32>(RESULT, keyBytes, RESULT_KEY_SIZE);
  store<u32>(RESULT, valueBytes, RESULT_VALUE_SIZE);
  return (
    copy(node, entries.keyOffset(node, index), keyBytes, OUTPUT) &&
    copy(node, entries.valueOffset(node, index), valueBytes, behind) &&
    canDecode(map.keyCheck, OUTPUT, keyBytes) &&
    canDecode(map.valueCheck, behind, valueBytes)
  );
}

/** True when `size` bytes at `pointer` can surely be decoded; one of CHECK_... says how to tell. */
export function canDecode(check: u32, pointer: Ptr, size: u32): bool {
  if (check == CHECK_NONE) return true;
  if (check == CHECK_NUMBER) return isSafeInteger(pointer, size);
  return check == CHECK_TEXT && isAscii(pointer, size);
}

/** True for big-endian integers of at most 2^53 - 1. */
function isSafeInteger(pointer: Ptr, size: u32): bool {
  for (; size > 8; size--, pointer++) {
    if (load<u8>(pointer) != 0) return false;
  }
  return size < 8 || (load<u8>(pointer) == 0 && load<u8>(pointer, 1) < 0x20);
}

function isAscii(pointer: Ptr, size: u32): bool {
  let bits: u64 = 0;
  let i: u32 = 0;
  for (; i + 8 <= size; i += 8) bits |= load<u64>(pointer + i);
  for (; i < size; i++) bits |= load<u8>(pointer + i);
  return (bits & 0x8080_8080_8080_8080) == 0;
}
