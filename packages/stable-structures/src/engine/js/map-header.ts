import {
  LENGTH_OFFSET,
  MAP_HEADER_SIZE,
  MAP_MAGIC,
  MAP_VERSION_1,
  MAP_VERSION_2,
  MAP_VERSION_OFFSET,
  MAX_VALUE_SIZE_OFFSET,
  MIN_NODE_PAGE_SIZE,
  NODE_PAGE_SIZE_MARKER,
  NODE_PAGE_SIZE_OFFSET,
  ROOT_OFFSET,
} from "@stable-structures/core/layout";
import { BadMagicError, CorruptedError, UnsupportedVersionError } from "../../errors.js";
import { getMagic, getU32, getU64, setMagic, setU32, setU64 } from "../../io/bytes.js";
import type { StagedMemory } from "../../io/staged-memory.js";
import type { MapShape } from "../map-shape.js";

/** The header of a map, layout in `layout/btree.ts`. */
export interface MapHeader {
  readonly shape: MapShape;
  /** Address of the root node, 0 in an empty map. */
  root: number;
  /** Number of entries. */
  length: number;
}

/** Stages all 28 bytes of the header. */
export function writeMapHeader(memory: StagedMemory, { shape, root, length }: MapHeader): void {
  const bytes = new Uint8Array(MAP_HEADER_SIZE);
  const [first, second] =
    shape.version === MAP_VERSION_2
      ? [shape.nodePageSize, NODE_PAGE_SIZE_MARKER]
      : [shape.maxKeySize, shape.maxValueSize];
  setMagic(bytes, 0, MAP_MAGIC, shape.version);
  setU32(bytes, NODE_PAGE_SIZE_OFFSET, first);
  setU32(bytes, MAX_VALUE_SIZE_OFFSET, second);
  setU64(bytes, ROOT_OFFSET, root);
  setU64(bytes, LENGTH_OFFSET, length);
  memory.write(0, bytes);
}

/**
 * Reads and checks the header.
 * @throws BadMagicError (`STABLE_BAD_MAGIC`)
 * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`)
 * @throws CorruptedError (`STABLE_CORRUPTED`)
 */
export function readMapHeader(memory: StagedMemory): MapHeader {
  const bytes = memory.read(0, MAP_HEADER_SIZE);
  if (getMagic(bytes, 0) !== MAP_MAGIC) throw new BadMagicError("BTR", bytes.slice(0, 3));
  const shape = readShape(bytes);
  const root = getU64(bytes, ROOT_OFFSET);
  if (!(root < memory.sizeInBytes))
    throw new CorruptedError(ROOT_OFFSET, "the address of a root node in the memory, or 0");
  const length = getU64(bytes, LENGTH_OFFSET);
  if (!Number.isSafeInteger(length) || (length === 0) !== (root === 0)) {
    throw new CorruptedError(
      LENGTH_OFFSET,
      "a number of entries that is 0 exactly when there is no root node",
    );
  }
  return { shape, root, length };
}

function readShape(bytes: Uint8Array): MapShape {
  const version = bytes[MAP_VERSION_OFFSET] as number;
  const first = getU32(bytes, NODE_PAGE_SIZE_OFFSET);
  const second = getU32(bytes, MAX_VALUE_SIZE_OFFSET);
  if (version === MAP_VERSION_1) return { version, maxKeySize: first, maxValueSize: second };
  if (version !== MAP_VERSION_2)
    throw new UnsupportedVersionError("the map", version, [MAP_VERSION_1, MAP_VERSION_2]);
  if (second !== NODE_PAGE_SIZE_MARKER)
    throw new CorruptedError(MAX_VALUE_SIZE_OFFSET, "the marker 0xFFFFFFFF");
  if (first < MIN_NODE_PAGE_SIZE) {
    throw new CorruptedError(
      NODE_PAGE_SIZE_OFFSET,
      `a node page size of at least ${MIN_NODE_PAGE_SIZE} bytes`,
    );
  }
  return { version, nodePageSize: first };
}
