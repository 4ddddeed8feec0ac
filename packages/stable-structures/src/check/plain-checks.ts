import {
  CELL_LENGTH_OFFSET,
  CELL_VALUE_OFFSET,
  LOG_DATA_START,
  LOG_ENDS_START,
  VEC_MAX_SIZE_OFFSET,
  VEC_SLOTS_START,
} from "@stable-structures/core/layout";
import { CorruptedError } from "../errors.js";
import type { ContentReport, VecFacts } from "../inspect/report.js";
import { getU32, getU64 } from "../io/bytes.js";
import { type Memory, readBytes } from "../memory/memory.js";
import { isFixedSize, maxSizeOf, type Storable, type StorableKey } from "../storable/storable.js";
import { PAGE_SIZE } from "../units.js";
import type { StructureCodecs } from "./codecs.js";
import { problemOf, undecodable } from "./key-order.js";
import type { Progress } from "./map-check.js";
import type { MemoryFindings } from "./memory-findings.js";

const STEP = 1024;

/** Checks the length of each element, and with a codec what it decodes to and, in a heap, its order. */
export function checkVec(
  memory: Memory,
  { kind, vec }: ContentReport,
  { value }: StructureCodecs,
  findings: MemoryFindings,
  progress: Progress,
): void {
  if (vec === undefined || findings.hasErrors) return;
  if (value !== undefined && !fitsSlots(value, vec, findings)) return;
  const slots = new Slots(memory, vec);
  const compare =
    kind === "min-heap" ? (value as Partial<StorableKey<unknown>>)?.compare : undefined;
  const { distinct } = slots;
  for (let index = 0; index < distinct; index++) {
    if (index % STEP === 0) progress(index / distinct);
    const bytes = findings.attempt(() => slots.read(index));
    if (bytes === undefined || value === undefined) continue;
    const problem = problemOf(() => value.fromBytes(bytes));
    if (problem !== undefined) {
      const address = slots.addressOf(index);
      findings.add({ ...undecodable(`element ${index}`, problem, value), address });
    } else if (compare !== undefined) {
      checkParent({ slots, codec: value, compare }, index, bytes, findings);
    }
  }
}

/** The slots of a Vec or MinHeap. */
class Slots {
  readonly #memory: Memory;
  readonly #vec: VecFacts;
  readonly #lengthBytes: number;

  constructor(memory: Memory, vec: VecFacts) {
    this.#memory = memory;
    this.#vec = vec;
    const { maxSizeInBytes, fixedSize } = vec;
    this.#lengthBytes = fixedSize
      ? 0
      : maxSizeInBytes <= 0xff
        ? 1
        : maxSizeInBytes <= 0xffff
          ? 2
          : 4;
  }

  /**
   * Elements that may differ from the first. The size of the memory limits all others, but slots of no
   * bytes fit into any memory 2^53 times, and all of them are the same.
   */
  get distinct(): number {
    return this.#slotSize === 0 ? Math.min(this.#vec.length, 1) : this.#vec.length;
  }

  get #slotSize(): number {
    return this.#vec.maxSizeInBytes + this.#lengthBytes;
  }

  addressOf(index: number): number {
    return VEC_SLOTS_START + index * this.#slotSize;
  }

  /** @throws CorruptedError (`STABLE_CORRUPTED`) when the element is longer than its slot or the memory. */
  read(index: number): Uint8Array {
    const address = this.addressOf(index);
    const length = this.#lengthAt(address);
    const start = address + this.#lengthBytes;
    if (start + length > this.#memory.size() * PAGE_SIZE)
      throw new CorruptedError(address, `an element of ${length} bytes that ends in the memory`);
    return readBytes(this.#memory, start, length);
  }

  #lengthAt(address: number): number {
    const { maxSizeInBytes } = this.#vec;
    if (this.#lengthBytes === 0) return maxSizeInBytes;
    const bytes = new Uint8Array(4);
    this.#memory.read(address, bytes.subarray(0, this.#lengthBytes));
    const length = getU32(bytes, 0);
    if (length > maxSizeInBytes)
      throw new CorruptedError(address, `a length of at most ${maxSizeInBytes}`);
    return length;
  }
}

interface Heap {
  readonly slots: Slots;
  readonly codec: Storable<unknown>;
  readonly compare: (a: unknown, b: unknown) => number;
}

function checkParent(
  { slots, codec, compare }: Heap,
  index: number,
  bytes: Uint8Array,
  findings: MemoryFindings,
): void {
  if (index === 0) return;
  const parent = (index - 1) >> 1;
  let isSmaller: boolean;
  try {
    isSmaller = compare(codec.fromBytes(bytes), codec.fromBytes(slots.read(parent))) < 0;
  } catch {
    return; // the parent was reported when it was its turn
  }
  if (!isSmaller) return;
  findings.add({
    code: "order",
    severity: "error",
    address: slots.addressOf(index),
    message: `element ${index} of the heap is smaller than element ${parent} above it, in the order of ${codec.name}`,
    advice: `check that the elements are ${codec.name}; if they are, rebuild the heap by pushing all elements into a new one`,
    figures: { index, parent },
  });
}

function fitsSlots(codec: Storable<unknown>, vec: VecFacts, findings: MemoryFindings): boolean {
  const { maxSizeInBytes, fixedSize } = vec;
  if (maxSizeOf(codec) === maxSizeInBytes && isFixedSize(codec) === fixedSize) return true;
  findings.add({
    code: "codec-mismatch",
    severity: "error",
    address: VEC_MAX_SIZE_OFFSET,
    message: `elements have ${fixedSize ? "exactly" : "at most"} ${maxSizeInBytes} bytes, which are not the bounds of ${codec.name}`,
    advice: "check it with the codec that it was written with",
  });
  return false;
}

/** With a codec: that the value decodes. */
export function checkCell(
  memory: Memory,
  { cell }: ContentReport,
  { value }: StructureCodecs,
  findings: MemoryFindings,
): void {
  if (cell === undefined || value === undefined || findings.hasErrors) return;
  // COMPAT: a cell is not held to the bound of its type.
  const problem = problemOf(() =>
    value.fromBytes(readBytes(memory, CELL_VALUE_OFFSET, cell.bytes)),
  );
  if (problem !== undefined)
    findings.add({ ...undecodable("the value", problem, value), address: CELL_LENGTH_OFFSET });
}

/** Checks that the ends of entries ascend; with the entries' memory and a codec, that they decode. */
export function checkLog(
  { index, data }: { readonly index: Memory; readonly data: Memory | undefined },
  { logIndex }: ContentReport,
  { value }: StructureCodecs,
  findings: MemoryFindings,
  progress: Progress,
): void {
  if (logIndex === undefined || findings.hasErrors) return;
  const { entries } = logIndex;
  let start = 0;
  for (let entry = 0; entry < entries; entry++) {
    if (entry % STEP === 0) progress(entry / entries);
    const address = LOG_ENDS_START + entry * 8;
    const end = getU64(readBytes(index, address, 8), 0);
    const isSound = findings.attempt(() => {
      if (end >= start && Number.isSafeInteger(end)) return true;
      throw new CorruptedError(
        address,
        `the end of entry ${entry}, not before its start at ${start}`,
      );
    });
    if (!isSound) continue;
    if (value && data) {
      const from = LOG_DATA_START + start;
      const length = end - start;
      // COMPAT: a log does not hold its entries to the bound of their type.
      const problem = problemOf(() => value.fromBytes(readBytes(data, from, length)));
      if (problem !== undefined)
        findings.add({ ...undecodable(`entry ${entry}`, problem, value), address });
    }
    start = end;
  }
}
