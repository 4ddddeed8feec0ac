import {
  ALLOCATED_CHUNKS_OFFSET,
  CHUNK_NEXT_OFFSET,
  CHUNKS_START,
  FREE_LIST_HEAD_OFFSET,
  LENGTH_OFFSET,
  NODE_VERSION_2,
} from "@stable-structures/core/layout";
import { ChunkAllocator } from "../engine/js/chunk-allocator.js";
import { type MapHeader, readMapHeader } from "../engine/js/map-header.js";
import { type NodeChunks, type NodeLayout, NodeStore } from "../engine/js/node-store.js";
import { nodePageSizeFor, nodePageSizeOf } from "../engine/map-shape.js";
import { count, formatBytes } from "../inspect/words.js";
import { getU64 } from "../io/bytes.js";
import { StagedMemory } from "../io/staged-memory.js";
import type { Memory } from "../memory/memory.js";
import { isFixedSize, maxSizeOf } from "../storable/storable.js";
import { ChunkTable } from "./chunk-table.js";
import type { StructureCodecs } from "./codecs.js";
import { guessKeyFormat, type KeyFormat } from "./key-format.js";
import { CodecVisitor, OrderVisitor } from "./key-order.js";
import { type MapStatistics, StatisticsVisitor } from "./map-statistics.js";
import type { MemoryFindings } from "./memory-findings.js";
import { MAP_ADVICE, TreeWalk } from "./tree-walk.js";

/** Told which share of a memory was checked: 0 to 1. */
export type Progress = (share: number) => void;

/**
 * Checks the map in `memory`: every chunk, the list of free ones, every node, the order and number of
 * its entries. Damage becomes a finding. Undefined where the header is too damaged to go on.
 *
 * Complexity: reads the memory up to the frontier about twice, in space of a byte for each chunk.
 */
export function checkMap(
  memory: Memory,
  codecs: StructureCodecs,
  findings: MemoryFindings,
  progress: Progress,
): MapStatistics | undefined {
  const staged = new StagedMemory(memory, "a checked map");
  const header = findings.attempt(() => readMapHeader(staged));
  if (header === undefined) return undefined;
  const nodePageSize = nodePageSizeOf(header.shape);
  findings.attempt(() => ChunkAllocator.load(staged, nodePageSize));
  const chunks = scanChunks(memory, staged, nodePageSize, findings, progress);
  const keys = keyFormatOf(staged, header, chunks, codecs, findings);
  const layout: NodeLayout = {
    nodePageSize,
    fixedKeySize: keys.format === "lengths" ? undefined : keys.format,
    slots: header.shape.version === 1 ? header.shape : undefined,
    newNodeVersion: NODE_VERSION_2,
  };
  const { isCertain, isMismatch } = keys;
  const map = { header, staged, chunks, layout, isCertain, codecs: isMismatch ? {} : codecs };
  return walk(map, findings, progress);
}

interface CheckedMap {
  readonly header: MapHeader;
  readonly staged: StagedMemory;
  readonly chunks: ChunkTable;
  readonly layout: NodeLayout;
  readonly codecs: StructureCodecs;
  readonly isCertain: boolean;
}

function walk(map: CheckedMap, findings: MemoryFindings, progress: Progress): MapStatistics {
  const { header, staged, chunks, layout, codecs } = map;
  const nodes = new NodeStore(staged, readOnlyChunks(chunks.count), layout);
  const statistics = new StatisticsVisitor({
    nodePageSize: layout.nodePageSize,
    fixedKeys: layout.fixedKeySize !== undefined,
    slotBytes: layout.slots ? 8 + layout.slots.maxKeySize + layout.slots.maxValueSize : 0,
    derived: codecs.key && codecs.value && nodePageSizeFor(codecs.key, codecs.value),
  });
  const order = codecs.key === undefined && map.isCertain ? new OrderVisitor() : undefined;
  const told = {
    node: () =>
      progress(0.5 + statistics.entries / Math.max(header.length, statistics.entries) / 2),
  };
  const visitors = [
    statistics,
    new CodecVisitor(codecs, findings),
    told,
    ...(order ? [order] : []),
  ];
  const tree = new TreeWalk({ root: header.root, nodes, layout, chunks }, findings, visitors);
  tree.run();
  order?.report(findings);
  reportEntries(header, statistics.entries, tree.unreadableNodes, findings);
  reportLeaks(chunks, tree.unreadableNodes, findings);
  return statistics.statistics(chunks, tree.unreadableNodes, map.isCertain);
}

/** Loading nodes needs only the number of chunks, which no chain can be longer than. */
function readOnlyChunks(allocatedChunks: number): NodeChunks {
  const refuse = () => {
    throw new Error("a check allocates nothing");
  };
  return { allocatedChunks, allocate: refuse, deallocate: refuse };
}

function scanChunks(
  memory: Memory,
  staged: StagedMemory,
  nodePageSize: number,
  findings: MemoryFindings,
  progress: Progress,
): ChunkTable {
  const bytes = staged.read(0, CHUNKS_START);
  const allocatedChunks = getU64(bytes, ALLOCATED_CHUNKS_OFFSET);
  const freeListHead = getU64(bytes, FREE_LIST_HEAD_OFFSET);
  const facts = { nodePageSize, allocatedChunks, freeListHead };
  const chunks = ChunkTable.scan(memory, facts, (address) =>
    progress(address / staged.sizeInBytes / 2),
  );
  reportChunks(chunks, allocatedChunks, findings);
  return chunks;
}

function reportChunks(chunks: ChunkTable, counted: number, findings: MemoryFindings): void {
  const { allocated, damaged, earlyEnds, frontier } = chunks;
  const error = { severity: "error", advice: MAP_ADVICE } as const;
  for (const address of damaged) {
    const message = `a chunk's header ("CHK", version 1) should be at address ${address}`;
    findings.add({ ...error, code: "damaged-chunk", address, message });
  }
  for (const end of earlyEnds) {
    const message = `the free chunk at address ${end} ends the list of free chunks, and it is not the last chunk`;
    findings.add({ ...error, code: "free-list", address: end + CHUNK_NEXT_OFFSET, message });
  }
  if (frontier === undefined) {
    const address = CHUNKS_START + chunks.count * chunks.chunkSize;
    const message = "the chunks end without the free one that the next allocation takes";
    findings.add({ ...error, code: "free-list", address, message });
  }
  const broken = chunks.findBrokenLink(FREE_LIST_HEAD_OFFSET);
  if (broken !== undefined) {
    const { link: address, target } = broken;
    const message = `the list of free chunks leads to address ${target}, where no free chunk is that was not on it before`;
    findings.add({ ...error, code: "free-list", address, message, figures: { target } });
  } else reportUnlisted(chunks, findings);
  if (allocated !== counted && damaged.length === 0) {
    findings.add({
      ...error,
      code: "chunk-count",
      address: ALLOCATED_CHUNKS_OFFSET,
      message: `${count(counted, "chunk")} should be allocated, and ${allocated} are`,
      figures: { counted, allocated },
    });
  }
}

function reportUnlisted(table: ChunkTable, findings: MemoryFindings): void {
  const { chunks, first } = table.unlisted();
  if (chunks === 0) return;
  const bytes = chunks * table.chunkSize;
  findings.add({
    code: "unlisted-chunks",
    severity: "warning",
    address: first,
    message: `${count(chunks, "free chunk")} (${formatBytes(bytes)}) are not on the list of free chunks, so they are never used again`,
    advice: "copy the map into a new one to win them back",
    figures: { chunks, bytes },
  });
}

/** Chunks below an unreadable node look leaked and are not. */
function reportLeaks(table: ChunkTable, unreadable: number, findings: MemoryFindings): void {
  const { chunks, first } = table.leaked();
  if (chunks === 0 || unreadable > 0) return;
  const bytes = chunks * table.chunkSize;
  findings.add({
    code: "leaked-chunks",
    severity: "warning",
    address: first,
    message: `${count(chunks, "allocated chunk")} (${formatBytes(bytes)}) belong to no node: crates 0.6.0 to 0.6.3 lost overflow pages of nodes that they removed`,
    advice: "copy the map into a new one to win them back; all entries can be read",
    figures: { chunks, bytes },
  });
}

function reportEntries(
  { length }: MapHeader,
  entries: number,
  unreadable: number,
  findings: MemoryFindings,
): void {
  if (entries === length) return;
  const why =
    unreadable > 0 ? `; ${count(unreadable, "node")} and what is below could not be read` : "";
  findings.add({
    code: "entry-count",
    severity: "error",
    address: LENGTH_OFFSET,
    message: `the header counts ${length} entries, and the nodes have ${entries}${why}`,
    advice: MAP_ADVICE,
    figures: { length, entries, unreadableNodes: unreadable },
  });
}

interface FoundKeyFormat {
  readonly format: KeyFormat;
  readonly isCertain: boolean;
  /** True when the codec given cannot be the map's. */
  readonly isMismatch?: boolean;
}

/** How keys are stored: by the nodes where they leave no doubt, else by the codec. */
function keyFormatOf(
  staged: StagedMemory,
  { shape }: MapHeader,
  chunks: ChunkTable,
  { key }: StructureCodecs,
  findings: MemoryFindings,
): FoundKeyFormat {
  const guess = guessKeyFormat(staged, chunks, nodePageSizeOf(shape));
  // Version 1 nodes say the length of every key, and an empty map has none.
  if (key === undefined) return guess ?? { format: "lengths", isCertain: true };
  const fromCodec: KeyFormat = isFixedSize(key) ? (maxSizeOf(key) as number) : "lengths";
  if (!guess?.isCertain || guess.format === fromCodec)
    return { format: fromCodec, isCertain: true };
  findings.add({
    code: "codec-mismatch",
    severity: "error",
    message: `the nodes store ${describe(guess.format)}, and ${key.name} is stored as ${describe(fromCodec)}`,
    advice: "check the map with the codec that it was written with",
  });
  return { ...guess, isMismatch: true };
}

function describe(format: KeyFormat): string {
  return format === "lengths"
    ? "keys behind their lengths"
    : `keys of ${count(format, "byte")} each`;
}
