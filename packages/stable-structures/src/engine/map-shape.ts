import {
  DEFAULT_NODE_PAGE_SIZE,
  type MAP_VERSION_1,
  MAP_VERSION_2,
  NODE_CAPACITY,
  NODE_HEADER_SIZE,
} from "@stable-structures/core/layout";
import { maxSizeOf, type Storable } from "../storable/storable.js";
import type { MapCodecs } from "./map-engine.js";

/** What an engine is told of a map that it makes or opens. */
export interface MapOptions<K = unknown, V = unknown> extends MapCodecs<K, V> {
  /** 1: lay out a new map, and every new node, as crates before 0.6 did. */
  readonly layoutVersion?: 1 | 2 | undefined;
  /** Bytes of a node page: of a new map instead of the crate's choice; of an existing one what it must have. */
  readonly nodePageSize?: number | undefined;
}

/** What the header says of the nodes: their page size, or the bounds it is derived from. */
export type MapShape =
  | { readonly version: typeof MAP_VERSION_2; readonly nodePageSize: number }
  | {
      readonly version: typeof MAP_VERSION_1;
      readonly maxKeySize: number;
      readonly maxValueSize: number;
    };

/** Bytes of a node page. */
export function nodePageSizeOf(shape: MapShape): number {
  return shape.version === MAP_VERSION_2
    ? shape.nodePageSize
    : nodeSizeV1(shape.maxKeySize, shape.maxValueSize);
}

/** Bytes of the largest version 1 node: the chunk size of maps begun by crates before 0.6. */
function nodeSizeV1(maxKeySize: number, maxValueSize: number): number {
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

/** How a new map with these options is laid out. */
export function shapeFor({ key, value, layoutVersion, nodePageSize }: MapOptions): MapShape {
  if (layoutVersion !== 1)
    return { version: 2, nodePageSize: nodePageSize ?? nodePageSizeFor(key, value) };
  const maxKeySize = maxSizeOf(key);
  const maxValueSize = maxSizeOf(value);
  if (maxKeySize === undefined || maxValueSize === undefined) {
    throw new RangeError("a map of layout version 1 needs bounded keys and values");
  }
  return { version: 1, maxKeySize, maxValueSize };
}
