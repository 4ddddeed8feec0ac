import {
  NODE_CAPACITY,
  NODE_CONTENT_OFFSET,
  NODE_COUNT_OFFSET,
  NODE_HEADER_SIZE,
  NODE_INTERNAL,
  NODE_MAGIC,
  NODE_TYPE_OFFSET,
  NODE_VERSION_2,
  NODE_VERSION_OFFSET,
  OVERFLOW_HEADER_SIZE,
} from "@stable-structures/core/layout";
import { NodeBytes, overflowPagesFor } from "../engine/js/node-bytes.js";
import { CorruptedError } from "../errors.js";
import { compareBytes, getMagic, getU16 } from "../io/bytes.js";
import type { StagedMemory } from "../io/staged-memory.js";
import type { ChunkTable } from "./chunk-table.js";

/** How version 2 nodes of a map store keys: behind their lengths, or all of this size. */
export type KeyFormat = "lengths" | number;

/** What the nodes themselves say of it. */
export interface GuessedKeyFormat {
  readonly format: KeyFormat;
  /** False where another format fits as well. */
  readonly isCertain: boolean;
}

/** Nodes that are looked at. */
const MAX_SAMPLES = 48;
/** Longest keys of a fixed size that are thought of. */
const MAX_FIXED_SIZE = 65_536;
/** So many readings of nodes are tried in all; large node pages allow for many of each. */
const MAX_READINGS = 200_000;
/** In so many entries keys of a fixed size never look like lengths and keys. */
const ENTRIES_TO_BE_SURE = 4;

/** No node parses in any way. */
const UNKNOWN: GuessedKeyFormat = { format: "lengths", isCertain: false };

/** A version 2 node of which only the format of its keys is unknown. */
interface Sample {
  readonly bytes: NodeBytes;
  readonly count: number;
  /** Where its keys begin. */
  readonly start: number;
  /** Most bytes its pages hold, and how many overflow pages there are. */
  readonly room: number;
  readonly chain: number;
}

/**
 * Finds out whether the keys of a map have a fixed size: nothing in the image says so, but few nodes
 * parse to exactly the end of their chain in more than one way. Each node has a vote, so that damaged
 * ones do not decide. Undefined where there is no version 2 node.
 */
export function guessKeyFormat(
  memory: StagedMemory,
  chunks: ChunkTable,
  nodePageSize: number,
): GuessedKeyFormat | undefined {
  const samples = samplesOf(memory, chunks, nodePageSize);
  const candidates = new Map<KeyFormat, Candidate>();
  for (const sample of samples) {
    const fitting = unlessDamaged(() => [...formatsOf(sample, nodePageSize)]) ?? [];
    for (const { format, isEmpty } of fitting) {
      const { votes, isAlwaysEmpty } = candidates.get(format) ?? { votes: 0, isAlwaysEmpty: true };
      candidates.set(format, {
        format,
        votes: votes + 1,
        isAlwaysEmpty: isAlwaysEmpty && isEmpty,
      });
    }
  }
  const left = plausible([...candidates.values()], samples);
  const [first] = left;
  if (first === undefined) return samples.length === 0 ? undefined : UNKNOWN;
  const entries = samples.reduce((sum, { count }) => sum + count, 0);
  const isLong = first.format === "lengths" && entries >= ENTRIES_TO_BE_SURE;
  return { format: first.format, isCertain: left.length === 1 || isLong };
}

/** A format, and the nodes that it fits. */
interface Candidate {
  readonly format: KeyFormat;
  readonly votes: number;
  /** True when with it every value has no bytes: a node's unused end of zeroes reads like that. */
  readonly isAlwaysEmpty: boolean;
}

/** The candidates with most votes; of these the ones with ascending keys, and with values, if there are any. */
function plausible(candidates: readonly Candidate[], samples: readonly Sample[]): Candidate[] {
  const most = Math.max(0, ...candidates.map(({ votes }) => votes));
  const best = candidates.filter(({ votes }) => votes === most);
  const isAscending = ({ format }: Candidate) =>
    samples.every((sample) => unlessDamaged(() => ascends(sample, format)) ?? true);
  const hasValues = ({ format, isAlwaysEmpty }: Candidate) =>
    format === "lengths" || !isAlwaysEmpty;
  return [isAscending, hasValues].reduce((left, test) => {
    const passed = left.filter(test);
    return passed.length > 0 ? passed : left;
  }, best);
}

function samplesOf(memory: StagedMemory, chunks: ChunkTable, nodePageSize: number): Sample[] {
  const samples: Sample[] = [];
  const step = Math.max(1, Math.floor(chunks.count / (4 * MAX_SAMPLES)));
  let readings = 0;
  for (let index = 0; index < chunks.count; index += step) {
    if (samples.length === MAX_SAMPLES || readings > MAX_READINGS) break;
    if (!chunks.isAllocated(index)) continue;
    const address = chunks.bodyOf(index);
    const sample = unlessDamaged(() => sampleAt(memory, address, nodePageSize, chunks.count));
    if (sample === undefined) continue;
    samples.push(sample);
    readings += largestKey(sample);
  }
  return samples;
}

/** The largest fixed size of keys of which a node has room for its number. */
function largestKey({ count, start, room }: Sample): number {
  return Math.min(MAX_FIXED_SIZE, Math.floor((room - start) / count));
}

/** The node at `address`; undefined where there is none of version 2. */
function sampleAt(
  memory: StagedMemory,
  address: number,
  nodePageSize: number,
  maxChain: number,
): Sample | undefined {
  const node = new NodeBytes(memory, address, nodePageSize, maxChain);
  const bytes = node.read(0, NODE_HEADER_SIZE);
  const count = getU16(bytes, NODE_COUNT_OFFSET);
  const isNode = getMagic(bytes, 0) === NODE_MAGIC && bytes[NODE_VERSION_OFFSET] === NODE_VERSION_2;
  if (!isNode || count === 0 || count > NODE_CAPACITY) return undefined;
  const children = bytes[NODE_TYPE_OFFSET] === NODE_INTERNAL ? count + 1 : 0;
  const chain = node.overflows().length;
  const room = nodePageSize + chain * (nodePageSize - OVERFLOW_HEADER_SIZE);
  return { bytes: node, count, start: NODE_CONTENT_OFFSET + children * 8, room, chain };
}

/** Damaged nodes have no vote. */
function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CorruptedError) return undefined;
    throw error;
  }
}

/** The formats with which a node ends in the last page of its chain; lengths first, then by size. */
function* formatsOf(
  sample: Sample,
  nodePageSize: number,
): Iterable<{ format: KeyFormat; isEmpty: boolean }> {
  const { count, start, chain } = sample;
  const tryFormat = function* (format: KeyFormat, keysEnd: number) {
    const end = skipItems(sample, keysEnd);
    if (end === undefined || overflowPagesFor(end, nodePageSize) !== chain) return;
    yield { format, isEmpty: end === keysEnd + count * 4 };
  };
  const keysEnd = skipItems(sample, start);
  if (keysEnd !== undefined) yield* tryFormat("lengths", keysEnd);
  const largest = largestKey(sample);
  for (let size = 0; size <= largest; size++) yield* tryFormat(size, start + count * size);
}

/** Where as many items end as the node has entries, each behind its length; undefined beyond its pages. */
function skipItems({ bytes, count, room }: Sample, start: number): number | undefined {
  let offset = start;
  for (let i = 0; i < count; i++) {
    if (offset + 4 > room) return undefined;
    offset += 4 + bytes.u32(offset);
  }
  return offset <= room ? offset : undefined;
}

/** True when the keys of a node, read like this, ascend by bytes or by length first. */
function ascends({ bytes, count, start, room }: Sample, format: KeyFormat): boolean {
  let offset = start;
  let previous: Uint8Array | undefined;
  for (let i = 0; i < count; i++) {
    const length = format === "lengths" ? bytes.u32(offset) : format;
    offset += format === "lengths" ? 4 : 0;
    if (offset + length > room) return false;
    const key = bytes.read(offset, length);
    offset += length;
    if (previous !== undefined) {
      const isLonger = key.length > previous.length;
      if (compareBytes(previous, key) >= 0 && !isLonger) return false;
    }
    previous = key;
  }
  return true;
}
