import type { Core } from "@stable-structures/core";
import { GrowFailedError, OutOfBoundsError, type StableStructuresError } from "../errors.js";
import { PAGE_SIZE, pagesFor } from "../units.js";

/**
 * A stable memory: bytes that grow by pages of 64 KiB and never shrink. The four functions of the
 * Rust crate's trait; everything else in this library is written against them.
 */
export interface Memory {
  /** Size in pages of 64 KiB. */
  size(): number;
  /** Grows by `pages` zero pages. Returns the previous size in pages, or -1 when it cannot. */
  grow(pages: number): number;
  /**
   * Fills `target` with the bytes from `offset` on.
   * @throws OutOfBoundsError (`STABLE_OUT_OF_BOUNDS`), with `target` unchanged.
   */
  read(offset: number, target: Uint8Array): void;
  /**
   * Writes all of `source` at `offset`.
   * @throws OutOfBoundsError (`STABLE_OUT_OF_BOUNDS`), with nothing written.
   */
  write(offset: number, source: Uint8Array): void;
}

/** Options of the memories that hold their own bytes. */
export interface MemoryOptions {
  /** Most pages of 64 KiB the memory may have; beyond them `grow` returns -1. */
  maximumPages?: number;
}

/** A memory may say under this name why its last refused growth was refused. */
export const growthRefusal: unique symbol = Symbol("growthRefusal");

interface ExplainsRefusal {
  readonly [growthRefusal]: StableStructuresError | undefined;
}

/** A memory in the linear memory of an engine says so under this name. */
export const engineHome: unique symbol = Symbol("engineHome");

/** Which memory of which engine a memory is. */
export interface EngineHome {
  readonly core: Core;
  /** Its number there: 0 to 254 of the engine's manager, 255 for the whole image. */
  readonly home: number;
  /** The error of a growth by `pages` that the engine refused with `status`. */
  refusal(pages: number, status: number): StableStructuresError;
}

interface HasHome {
  readonly [engineHome]: EngineHome | undefined;
}

/** Where an engine has `memory`, or undefined for a memory that lies elsewhere. */
export function engineHomeOf(memory: Memory): EngineHome | undefined {
  return (memory as Partial<HasHome>)[engineHome];
}

/**
 * Grows `memory`, or throws with the reason.
 * @throws GrowFailedError (`STABLE_GROW_FAILED`) or what the memory gives as the reason.
 */
export function growOrThrow(memory: Memory, pages: number): number {
  const previous = memory.grow(pages);
  if (previous < 0) throw refusalOf(memory, pages);
  return previous;
}

/** Why `memory` just refused to grow by `pages`: its own reason, or that it did. */
export function refusalOf(memory: Memory, pages: number): StableStructuresError {
  const reason = (memory as Partial<ExplainsRefusal>)[growthRefusal];
  return reason ?? new GrowFailedError(memory.size(), pages);
}

/**
 * Grows `memory` by the fewest pages that make it hold `sizeInBytes` bytes; does nothing when it
 * already does. Every structure of the Rust crate grows like this, so an image's length is exact.
 * @throws GrowFailedError (`STABLE_GROW_FAILED`) when the memory refuses.
 */
export function growToHold(memory: Memory, sizeInBytes: number): void {
  const missing = pagesFor(sizeInBytes) - memory.size();
  if (missing > 0) growOrThrow(memory, missing);
}

/** True when `length` bytes at `offset`, a whole number, lie within `sizeInBytes`. */
export function isInRange(offset: number, length: number, sizeInBytes: number): boolean {
  return offset >= 0 && offset + length <= sizeInBytes && Math.floor(offset) === offset;
}

/** @throws OutOfBoundsError (`STABLE_OUT_OF_BOUNDS`) unless the range lies within `sizeInBytes`. */
export function checkRange(offset: number, length: number, sizeInBytes: number): void {
  if (!isInRange(offset, length, sizeInBytes)) {
    throw new OutOfBoundsError(offset, length, sizeInBytes);
  }
}

/** @throws RangeError unless `pages` is a whole number from 0 to `maximum`. */
export function checkPages(name: string, pages: number, maximum = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(pages) || pages < 0 || pages > maximum) {
    throw new RangeError(
      `${name} must be a whole number of pages from 0 to ${maximum}, got ${pages}`,
    );
  }
}

/** A fresh array of the `length` bytes at `offset`. */
export function readBytes(memory: Memory, offset: number, length: number): Uint8Array {
  checkRange(offset, length, memory.size() * PAGE_SIZE);
  const bytes = new Uint8Array(length);
  memory.read(offset, bytes);
  return bytes;
}

/**
 * Replaces the start of `memory` by `image`, growing as needed. The rest of the last page stays.
 * @throws GrowFailedError (`STABLE_GROW_FAILED`)
 */
export function writeImage(memory: Memory, image: Uint8Array): void {
  growToHold(memory, image.length);
  memory.write(0, image);
}

/**
 * All bytes of `memory`, in one array. Complexity: its size.
 * @throws RangeError when it is larger than an array can be: read it in pieces.
 */
export function readImage(memory: Memory): Uint8Array {
  return readBytes(memory, 0, memory.size() * PAGE_SIZE);
}

/** Address of the first byte of the first `pages` pages that is not zero, or -1. */
export function firstNonZero(memory: Memory, pages = memory.size()): number {
  const page = new Uint8Array(PAGE_SIZE);
  const words = new BigUint64Array(page.buffer);
  for (let i = 0; i < pages; i++) {
    memory.read(i * PAGE_SIZE, page);
    if (words.some((word) => word !== 0n))
      return i * PAGE_SIZE + page.findIndex((byte) => byte !== 0);
  }
  return -1;
}

/** Writes zeroes over all of `memory`. */
export function zero(memory: Memory): void {
  const page = new Uint8Array(PAGE_SIZE);
  for (let i = 0; i < memory.size(); i++) memory.write(i * PAGE_SIZE, page);
}
