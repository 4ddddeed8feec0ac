import { FREE_BUCKET } from "@stable-structures/core/layout";
import { ManagerTables } from "../engine/manager-tables.js";
import { StableStructuresError } from "../errors.js";
import { getMagic, magicText } from "../io/bytes.js";
import { type StructureKind, structureKindOf } from "../io/structure-kind.js";
import { firstNonZero, type Memory, readBytes } from "../memory/memory.js";
import { RestrictedMemory } from "../memory/restricted-memory.js";
import { PAGE_SIZE } from "../units.js";
import { ByteSource } from "./byte-source.js";
import { candidShape } from "./candid-shape.js";
import { cborShape, jsonShape, messagePackShape, type Shape } from "./payload-shape.js";

/** A serialization format that upgrade hooks use. */
export type PayloadFormatName = "cbor" | "messagepack" | "candid" | "json";

/** What {@link classify} found at the start of a memory. */
export interface Classification {
  readonly kind: StructureKind | PayloadFormatName | "length-prefixed" | "ic-storage";
  /** Byte at which it starts: 0, or 65,536 for a manager behind a page of its owner's. */
  readonly offset: number;
  /**
   * `certain`: checked as a whole. `likely`: well-formed, and nothing but zeroes behind it, or named by
   * its own magic. `possible`: well-formed, but other bytes follow, as an older payload leaves them.
   */
  readonly confidence: "certain" | "likely" | "possible";
  /** Why, as a sentence. */
  readonly reason: string;
  /** Layout version, of structures. */
  readonly version?: number;
  /** Bytes of the payload, where it is known where it ends. */
  readonly payloadBytes?: number;
  /** Format of a length-prefixed payload. */
  readonly payload?: PayloadFormatName;
}

/**
 * Says what lies at the start of a memory: nothing, a structure, the payload of an upgrade hook, or
 * something unknown; with the reason. Reads only, decodes nothing.
 *
 * Magics alone do not decide: a length of 5,392,205 + k * 16,777,216 bytes spells "MGR" as well, so a
 * manager must have consistent tables, and where those are not as the crate leaves them, a payload that
 * fills its length exactly goes first.
 *
 * Complexity: the bytes of the payload, or those of the memory where it starts with zeroes.
 */
export function classify(memory: Memory): Classification {
  if (memory.size() === 0) return found("empty", "certain", "the memory has no pages");
  const source = new ByteSource(memory);
  return (
    classifyManager(memory, source) ??
    classifyZeroes(memory) ??
    classifyLengthPrefixed(source) ??
    classifyByMagic(memory, source) ??
    classifyPayload(source) ??
    found("unknown", "certain", "the first bytes are of no structure and no format that is known")
  );
}

type Kind = Classification["kind"];
type Details = Partial<Omit<Classification, "kind" | "confidence" | "reason">>;

function found(
  kind: Kind,
  confidence: Classification["confidence"],
  reason: string,
  details: Details = {},
): Classification {
  return { kind, offset: 0, confidence, reason, ...details };
}

/** A manager with consistent tables, at page 0 or, as Internet Identity has it, at page 1. */
function classifyManager(memory: Memory, source: ByteSource): Classification | undefined {
  for (const page of [0, 1]) {
    const tables = soundTables(new RestrictedMemory(memory, page, Math.max(page, memory.size())));
    if (tables === undefined) continue;
    if (page === 0 && !isCanonical(tables)) {
      const payload = classifyLengthPrefixed(source);
      if (payload !== undefined) return payload;
    }
    const where = page === 0 ? "" : ` at page ${page}, behind a page of its owner's`;
    const reason = `the magic "MGR"${where}, and tables of ${tables.allocatedBuckets} buckets that are consistent`;
    return found("memory-manager", "certain", reason, { version: 1, offset: page * PAGE_SIZE });
  }
  return undefined;
}

function soundTables(memory: Memory): ManagerTables | undefined {
  try {
    return ManagerTables.load(memory);
  } catch (error) {
    if (error instanceof StableStructuresError) return undefined;
    throw error;
  }
}

/** As the crate leaves them: a payload that looks like tables has no run of 0xFF behind its owners. */
function isCanonical({ owners, allocatedBuckets }: ManagerTables): boolean {
  return owners.subarray(allocatedBuckets).every((owner) => owner === FREE_BUCKET);
}

function classifyZeroes(memory: Memory): Classification | undefined {
  if (getMagic(readBytes(memory, 0, 3), 0) !== 0 || firstNonZero(memory) !== -1) return undefined;
  return found("zeroes", "certain", "every byte is zero");
}

/** A u32 little-endian length and a payload of exactly that many bytes. */
function classifyLengthPrefixed(source: ByteSource): Classification | undefined {
  const length = [3, 2, 1, 0].reduce((value, i) => value * 256 + source.byte(i), 0);
  if (length === 0 || 4 + length > source.length) return undefined;
  const exact = payloadAt(source, 4).find(({ shape }) => shape.end === 4 + length);
  if (exact === undefined) return undefined;
  const { format, shape } = exact;
  // A number in a few bytes is well-formed in every format.
  const confidence = shape.items === 1 && length < 9 ? "possible" : "certain";
  const reason = `a length of ${length} bytes, and ${NAMES[format]} of exactly that length`;
  return found("length-prefixed", confidence, reason, { payload: format, payloadBytes: length });
}

/** Newest layout version of each structure that is known by its magic. */
const KNOWN_VERSIONS: Readonly<Partial<Record<StructureKind, number>>> = {
  "memory-manager": 1,
  "btree-map": 2,
  vec: 1,
  "min-heap": 1,
  cell: 1,
  "log-index": 1,
  "log-data": 1,
};

function classifyByMagic(memory: Memory, source: ByteSource): Classification | undefined {
  const start = readBytes(memory, 0, 8);
  if (new TextDecoder("latin1").decode(start) === "STORNAM1") {
    return found("ic-storage", "likely", 'the magic "STORNAM1" of the crate ic-storage', {
      version: 1,
    });
  }
  const kind = structureKindOf(memory);
  if (kind === "candid") {
    const shape = candidShape(source, 0);
    const reason = 'the magic "DIDL"; ic-cdk\'s stable_save writes it at offset 0';
    return shape === undefined
      ? found("candid", "possible", `${reason}; what follows is damaged or cut short`)
      : found("candid", "likely", reason, { payloadBytes: shape.end });
  }
  const newest = KNOWN_VERSIONS[kind];
  if (newest === undefined) return undefined;
  const version = start[3] as number;
  const magic = `the magic "${magicText(getMagic(start, 0))}"`;
  if (version > newest || version === 0) {
    const reason = `${magic} with layout version ${version}, which is none of this library's`;
    return found(kind, "possible", reason, { version });
  }
  if (kind === "memory-manager") {
    return found(
      kind,
      "possible",
      `${magic}, but its tables are damaged or the image is cut short`,
      { version },
    );
  }
  return found(kind, "likely", `${magic} and layout version ${version}`, { version });
}

const NAMES: Readonly<Record<PayloadFormatName, string>> = {
  cbor: "CBOR",
  messagepack: "MessagePack",
  candid: "Candid",
  json: "JSON text",
};

interface Candidate {
  readonly format: PayloadFormatName;
  readonly shape: Shape;
}

/** The formats that the bytes at `start` are well-formed in, most telling first. */
function payloadAt(source: ByteSource, start: number): Candidate[] {
  const shapes: [PayloadFormatName, Shape | undefined][] = [
    ["candid", candidShape(source, start)],
    ["json", isJsonStart(source, start) ? jsonShape(source, start) : undefined],
    ["cbor", cborShape(source, start)],
    ["messagepack", messagePackShape(source, start)],
  ];
  return shapes.flatMap(([format, shape]) => (shape === undefined ? [] : [{ format, shape }]));
}

/**
 * A payload without a length. Of several readings that end in zeroes the shortest is right: a wrong one
 * takes zeroes of the padding for values. When none does, the one with the most values.
 */
function classifyPayload(source: ByteSource): Classification | undefined {
  const candidates = payloadAt(source, 0).filter(({ shape }) => shape.items > 1);
  const clean = candidates.filter(({ shape }) => isPadded(source, shape.end));
  const best =
    clean.toSorted((a, b) => a.shape.end - b.shape.end)[0] ??
    candidates.toSorted((a, b) => b.shape.items - a.shape.items)[0];
  if (best === undefined) return undefined;
  const { format, shape } = best;
  const rest =
    clean.length > 0 ? "zeroes behind them" : "other bytes behind them, as an older payload leaves";
  const reason = `${shape.end} bytes of well-formed ${NAMES[format]} with ${shape.items} values, and ${rest}`;
  return found(format, clean.length > 0 ? "likely" : "possible", reason, {
    payloadBytes: shape.end,
  });
}

/** Most bytes behind a payload that are looked at. */
const PADDING_LIMIT = 4 * PAGE_SIZE;

function isPadded(source: ByteSource, end: number): boolean {
  return source.isZero(end, Math.min(source.length, end + PADDING_LIMIT));
}

const isJsonStart = (source: ByteSource, start: number) =>
  [0x7b, 0x5b].includes(source.byte(start));
