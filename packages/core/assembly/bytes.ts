/** Bytes in linear memory. */
import { Ptr } from "./types";

/**
 * Copies `length` bytes; the ranges may overlap.
 *
 * PERF: `memory.copy` is a call into the host, about 10 ns however short, and nearly all that is moved in
 * nodes is shorter than 256 bytes. What is at both ends of a range is taken into registers first, so that
 * no order of copying can write over it.
 */
export function copy(target: Ptr, source: Ptr, length: u32): void {
  if (length > 256) memory.copy(target, source, length);
  else if (length > 32) copyBlocks(target, source, length);
  else if (length > 16) copyBothEnds(target, source, length);
  else copyFew(target, source, length);
}

/** More than 32 bytes: blocks of 16, in the order in which none is written over before it is read. */
function copyBlocks(target: Ptr, source: Ptr, length: u32): void {
  const head = v128.load(source);
  const tail = v128.load(source + length - 16);
  const last = length - 16;
  if (target <= source) {
    for (let i: u32 = 0; i < last; i += 16) v128.store(target + i, v128.load(source + i));
  } else {
    for (let i = <i32>last; i > 0; i -= 16) v128.store(target + i, v128.load(source + i));
  }
  v128.store(target, head);
  v128.store(target + last, tail);
}

/** 17 to 32 bytes. */
function copyBothEnds(target: Ptr, source: Ptr, length: u32): void {
  const head = v128.load(source);
  const tail = v128.load(source + length - 16);
  v128.store(target, head);
  v128.store(target + length - 16, tail);
}

/** Up to 16 bytes. */
function copyFew(target: Ptr, source: Ptr, length: u32): void {
  if (length >= 8) {
    const head = load<u64>(source);
    const tail = load<u64>(source + length - 8);
    store<u64>(target, head);
    store<u64>(target + length - 8, tail);
  } else if (length >= 4) {
    const head = load<u32>(source);
    const tail = load<u32>(source + length - 4);
    store<u32>(target, head);
    store<u32>(target + length - 4, tail);
  } else if (length > 0) {
    const head = load<u8>(source);
    const middle = load<u8>(source + (length >> 1));
    const tail = load<u8>(source + length - 1);
    store<u8>(target, head);
    store<u8>(target + (length >> 1), middle);
    store<u8>(target + length - 1, tail);
  }
}

/**
 * Both words of a pair with their bytes in the other order.
 *
 * PERF: not a shuffle, of which V8 makes six instructions where this is one (Node 20, 2026-11).
 */
// @ts-ignore: decorator
@inline
export function reversed(words: v128): v128 {
  return v128.swizzle(words, i8x16(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
}

/**
 * The number that the bytes of `word` are in the order of memory. Compared as such, words compare as
 * their bytes do.
 */
// @ts-ignore: decorator
@inline
export function bigEndian64(word: u64): u64 {
  return v128.extract_lane<u64>(reversed(v128.splat<i64>(word)), 0);
}
