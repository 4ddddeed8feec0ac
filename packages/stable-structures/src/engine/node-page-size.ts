import {
  DEFAULT_NODE_PAGE_SIZE,
  NODE_CAPACITY,
  NODE_HEADER_SIZE,
} from "@stable-structures/core/layout";
import { maxSizeOf, type Storable } from "../storable/storable.js";

/** Bytes of the largest version 1 node: the chunk size of maps begun by crates before 0.6. */
export function nodeSizeV1(maxKeySize: number, maxValueSize: number): number {
  return (
    NODE_HEADER_SIZE + NODE_CAPACITY * (4 + maxKeySize + 4 + maxValueSize) + (NODE_CAPACITY + 1) * 8
  );
}

/**
 * Node page size in bytes that the crate chooses for a new map: three quarters of the largest version
 * 1 node, or 1024 when a key or value is unbounded.
 * @throws RangeError when it does not fit the header's u32.
 */
export function nodePageSizeFor(key: Storable<unknown>, value: Storable<unknown>): number {
  const maxKeySize = maxSizeOf(key);
  const maxValueSize = maxSizeOf(value);
  if (maxKeySize === undefined || maxValueSize === undefined) return DEFAULT_NODE_PAGE_SIZE;
  const size = Math.floor((nodeSizeV1(maxKeySize, maxValueSize) * 3) / 4);
  if (size > 0xffff_ffff) {
    throw new RangeError(
      `bounds of ${maxKeySize} and ${maxValueSize} bytes give nodes above 4 GiB; use unbounded codecs`,
    );
  }
  return size;
}
