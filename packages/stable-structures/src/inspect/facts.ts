import {
  ALLOCATED_CHUNKS_OFFSET,
  CELL_LENGTH_OFFSET,
  CELL_VALUE_OFFSET,
  CELL_VERSION,
  CHUNK_HEADER_SIZE,
  CHUNKS_START,
  LOG_DATA_START,
  LOG_ENDS_START,
  LOG_LENGTH_OFFSET,
  LOG_VERSION,
  MAP_VERSION_1,
  NODE_HEADER_SIZE,
  NODE_MAGIC,
  NODE_VERSION_1,
  NODE_VERSION_2,
  NODE_VERSION_OFFSET,
  ROOT_OFFSET,
} from "@stable-structures/core/layout";
import { ChunkAllocator } from "../engine/js/chunk-allocator.js";
import { readMapHeader } from "../engine/js/map-header.js";
import { nodePageSizeOf } from "../engine/map-shape.js";
import { CorruptedError, UnsupportedVersionError } from "../errors.js";
import { getMagic, getU32, getU64 } from "../io/bytes.js";
import { StagedMemory } from "../io/staged-memory.js";
import { type Memory, readBytes } from "../memory/memory.js";
import { readSlotsHeader, type SlotsKind, slotsEnd } from "../structures/slots.js";
import { PAGE_SIZE, pagesFor } from "../units.js";
import type { Findings } from "./findings.js";
import type { ContentReport, MapFacts, ReportedKind } from "./report.js";

/** What headers say of a structure. */
type Facts = Pick<ContentReport, "usedPages" | "map" | "vec" | "cell" | "logIndex" | "logData">;

/** The version byte of every structure, behind its magic. */
const VERSION_OFFSET = 3;

/** Reads the header of a structure of this kind; damage becomes a finding. */
export function factsOf(
  kind: ReportedKind,
  memory: Memory,
  path: readonly number[],
  findings: Findings,
): Facts {
  if (kind === "btree-map") return mapFacts(memory, path, findings);
  return findings.attempt(path, () => plainFacts(kind, memory)) ?? {};
}

function plainFacts(kind: ReportedKind, memory: Memory): Facts {
  switch (kind) {
    case "vec":
    case "min-heap":
      return vecFacts(memory, kind);
    case "cell":
      return cellFacts(memory);
    case "log-index":
      return logIndexFacts(memory);
    case "log-data":
      return { logData: { layoutVersion: readHeader(memory, 4, "the Log", LOG_VERSION).version } };
    case "empty":
    case "zeroes":
      return { usedPages: 0 };
    default:
      return {};
  }
}

function mapFacts(memory: Memory, path: readonly number[], findings: Findings): Facts {
  const staged = new StagedMemory(memory, "an inspected map");
  const header = findings.attempt(path, () => readMapHeader(staged));
  if (header === undefined) return {};
  const { shape, root, length } = header;
  const nodePageSizeInBytes = nodePageSizeOf(shape);
  const bounds =
    shape.version === MAP_VERSION_1
      ? { maxKeySizeInBytes: shape.maxKeySize, maxValueSizeInBytes: shape.maxValueSize }
      : {};
  const map: MapFacts = { layoutVersion: shape.version, nodePageSizeInBytes, ...bounds, length };
  findings.attempt(path, () => checkRoot(memory, root));
  const allocator = findings.attempt(path, () => ChunkAllocator.load(staged, nodePageSizeInBytes));
  if (allocator === undefined) return { map };
  const { allocatedChunks } = allocator;
  const chunksEnd =
    CHUNKS_START + allocatedChunks * (nodePageSizeInBytes + CHUNK_HEADER_SIZE) + CHUNK_HEADER_SIZE;
  const usedPages = findings.attempt(path, () =>
    usedPagesOf(memory, chunksEnd, ALLOCATED_CHUNKS_OFFSET, "allocated chunks"),
  );
  return { map: { ...map, allocatedChunks }, ...(usedPages === undefined ? {} : { usedPages }) };
}

function checkRoot(memory: Memory, root: number): void {
  if (root === 0) return;
  if (!(root + NODE_HEADER_SIZE <= memory.size() * PAGE_SIZE))
    throw new CorruptedError(ROOT_OFFSET, "the address of a node that lies in the memory");
  const bytes = readBytes(memory, root, NODE_HEADER_SIZE);
  const version = bytes[NODE_VERSION_OFFSET] as number;
  const isNode = version === NODE_VERSION_1 || version === NODE_VERSION_2;
  if (getMagic(bytes, 0) !== NODE_MAGIC || !isNode)
    throw new CorruptedError(root, 'the root node ("BTN", version 1 or 2)');
}

function vecFacts(memory: Memory, kind: SlotsKind): Facts {
  const { version, length, bound } = readSlotsHeader(memory, kind);
  return {
    usedPages: pagesFor(slotsEnd(bound, length)),
    vec: {
      layoutVersion: version,
      length,
      maxSizeInBytes: bound.maxSize,
      fixedSize: bound.fixedSize,
    },
  };
}

function cellFacts(memory: Memory): Facts {
  const { header, version } = readHeader(memory, CELL_VALUE_OFFSET, "the Cell", CELL_VERSION);
  const bytes = getU32(header, CELL_LENGTH_OFFSET);
  const usedPages = usedPagesOf(memory, CELL_VALUE_OFFSET + bytes, CELL_LENGTH_OFFSET, "bytes");
  return { usedPages, cell: { layoutVersion: version, bytes } };
}

function logIndexFacts(memory: Memory): Facts {
  const { header, version } = readHeader(memory, LOG_ENDS_START, "the Log's index", LOG_VERSION);
  const entries = getU64(header, LOG_LENGTH_OFFSET);
  const end = LOG_ENDS_START + entries * 8;
  const usedPages = usedPagesOf(memory, end, LOG_LENGTH_OFFSET, "entries");
  const entriesBytes = entries === 0 ? 0 : getU64(readBytes(memory, end - 8, 8), 0);
  if (!Number.isSafeInteger(LOG_DATA_START + entriesBytes))
    throw new CorruptedError(end - 8, "the end of the last entry, below 2^53");
  return { usedPages, logIndex: { layoutVersion: version, entries, entriesBytes } };
}

function readHeader(memory: Memory, length: number, name: string, supported: number) {
  const header = readBytes(memory, 0, length);
  const version = header[VERSION_OFFSET] as number;
  if (version !== supported) throw new UnsupportedVersionError(name, version, [supported]);
  return { header, version };
}

/** Pages up to `end`, which the number of `things` at `address` leads to. */
function usedPagesOf(memory: Memory, end: number, address: number, things: string): number {
  const pages = memory.size();
  if (!(end <= pages * PAGE_SIZE))
    throw new CorruptedError(
      address,
      `no more ${things} than the memory's ${pages} pages can hold`,
    );
  return pagesFor(end);
}
