/** Orders of encoded keys: what Rust's `Ord` says of the types that the engine knows. */
import {
  OPTION_FIRST_MEMBER,
  OPTION_SECOND_MEMBER,
  ORDER_BYTES,
  ORDER_LENGTH_FIRST,
  ORDER_PAIR,
} from "../../layout/map-calls";
import { bigEndian64 } from "../bytes";
import { Ptr } from "../types";
import * as map from "./map";

// Fields of a member of a pair, see layout/map-calls.ts
const MEMBER_SIZE: u32 = 0;
const MEMBER_LENGTH_BYTES: u32 = 4;
const MEMBER_ORDER: u32 = 8;

/**
 * Negative, zero or positive, as key `a` is before, at or behind key `b`.
 *
 * PERF: the first bytes nearly always decide, and need no call.
 */
// @ts-ignore: decorator
@inline
export function compare(a: Ptr, sizeOfA: u32, b: Ptr, sizeOfB: u32): i32 {
  if (haveHeads(sizeOfA, sizeOfB)) {
    const order = compareHeads(a, sizeOfA, b, sizeOfB);
    if (order != 0) return order;
  }
  return compareWhole(a, sizeOfA, b, sizeOfB);
}

/** The same for keys that have heads, by their first eight bytes, or sixteen; 0 also where these are equal. */
// @ts-ignore: decorator
@inline
export function compareHeads(a: Ptr, sizeOfA: u32, b: Ptr, sizeOfB: u32): i32 {
  const order = compareWords(a, b);
  return order != 0 || min(sizeOfA, sizeOfB) < 16 ? order : compareWords(a + 8, b + 8);
}

// @ts-ignore: decorator
@inline
function compareWords(a: Ptr, b: Ptr): i32 {
  const wordOfA = load<u64>(a);
  const wordOfB = load<u64>(b);
  if (wordOfA == wordOfB) return 0;
  return bigEndian64(wordOfA) < bigEndian64(wordOfB) ? -1 : 1;
}

/** True when keys of these sizes are in order where their first eight bytes are, unless those are equal. */
// @ts-ignore: decorator
@inline
export function haveHeads(sizeOfA: u32, sizeOfB: u32): bool {
  if (sizeOfA < 8 || map.order == ORDER_PAIR) return false;
  return map.order == ORDER_BYTES ? sizeOfB >= 8 : sizeOfA == sizeOfB;
}

function compareWhole(a: Ptr, sizeOfA: u32, b: Ptr, sizeOfB: u32): i32 {
  if (map.order == ORDER_BYTES) return compareBytes(a, sizeOfA, b, sizeOfB);
  if (map.order == ORDER_LENGTH_FIRST) return compareLengthFirst(a, sizeOfA, b, sizeOfB);
  return comparePairs(a, b);
}

/** Byte by byte; a prefix sorts before what it begins. */
export function compareBytes(a: Ptr, sizeOfA: u32, b: Ptr, sizeOfB: u32): i32 {
  const size = min(sizeOfA, sizeOfB);
  let i: u32 = 0;
  for (; i + 8 <= size; i += 8) {
    const order = compareWords(a + i, b + i);
    if (order != 0) return order;
  }
  for (; i < size; i++) {
    const difference = <i32>load<u8>(a + i) - <i32>load<u8>(b + i);
    if (difference != 0) return difference;
  }
  return <i32>(sizeOfA > sizeOfB) - <i32>(sizeOfA < sizeOfB);
}

function compareLengthFirst(a: Ptr, sizeOfA: u32, b: Ptr, sizeOfB: u32): i32 {
  if (sizeOfA != sizeOfB) return sizeOfA < sizeOfB ? -1 : 1;
  return compareBytes(a, sizeOfA, b, sizeOfB);
}

/** Pairs always have their full size: both members padded, then the sizes of those that vary. */
function comparePairs(a: Ptr, b: Ptr): i32 {
  const first = map.option(OPTION_FIRST_MEMBER + MEMBER_SIZE);
  const lengths = first + map.option(OPTION_SECOND_MEMBER + MEMBER_SIZE);
  const secondLength = lengths + map.option(OPTION_FIRST_MEMBER + MEMBER_LENGTH_BYTES);
  const order = compareMembers(OPTION_FIRST_MEMBER, a, b, lengths);
  if (order != 0) return order;
  return compareMembers(OPTION_SECOND_MEMBER, a + first, b + first, secondLength - first);
}

/** Compares the members at `a` and `b`, whose sizes stand `lengthOffset` bytes behind. */
function compareMembers(member: u32, a: Ptr, b: Ptr, lengthOffset: u32): i32 {
  const lengthBytes = map.option(member + MEMBER_LENGTH_BYTES);
  const size = map.option(member + MEMBER_SIZE);
  const sizeOfA = lengthBytes == 0 ? size : min(size, bigEndian(a + lengthOffset, lengthBytes));
  const sizeOfB = lengthBytes == 0 ? size : min(size, bigEndian(b + lengthOffset, lengthBytes));
  return map.option(member + MEMBER_ORDER) == ORDER_LENGTH_FIRST
    ? compareLengthFirst(a, sizeOfA, b, sizeOfB)
    : compareBytes(a, sizeOfA, b, sizeOfB);
}

function bigEndian(pointer: Ptr, bytes: u32): u32 {
  let value: u32 = 0;
  for (let i: u32 = 0; i < bytes; i++) value = (value << 8) | load<u8>(pointer + i);
  return value;
}
