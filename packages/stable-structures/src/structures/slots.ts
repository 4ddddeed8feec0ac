import {
  MIN_HEAP_MAGIC,
  VEC_FIXED_SIZE_OFFSET,
  VEC_LENGTH_OFFSET,
  VEC_MAGIC,
  VEC_MAX_SIZE_OFFSET,
  VEC_SLOTS_START,
  VEC_VERSION,
  VEC_VERSION_OFFSET,
} from "@stable-structures/core/layout";
import { BoundMismatchError, CorruptedError, UnsupportedVersionError } from "../errors.js";
import { getU32, getU64, setMagic, setU32, setU64 } from "../io/bytes.js";
import { StagedMemory } from "../io/staged-memory.js";
import { type Memory, readBytes } from "../memory/memory.js";
import type { Bound, Storable } from "../storable/storable.js";
import { PAGE_SIZE } from "../units.js";

/** The structures that keep their elements in slots. */
export type SlotsKind = "vec" | "min-heap";

const MAGICS = { vec: VEC_MAGIC, "min-heap": MIN_HEAP_MAGIC };
const NAMES = { vec: "the vector", "min-heap": "the heap" };
const OWNERS = { vec: "a StableVec", "min-heap": "a StableMinHeap" };

/** The bound of elements that have one: it decides how a slot is laid out. */
export type ElementBound = Exclude<Bound, "unbounded">;

/** What the header of a vector or heap says, layout in `layout/vec.ts`. */
export interface SlotsHeader {
  readonly version: number;
  readonly length: number;
  readonly bound: ElementBound;
}

/**
 * Reads and checks the header, but for its magic.
 * @throws UnsupportedVersionError (`STABLE_UNSUPPORTED_VERSION`)
 * @throws CorruptedError (`STABLE_CORRUPTED`) when so many elements do not lie in the memory.
 */
export function readSlotsHeader(memory: Memory, kind: SlotsKind): SlotsHeader {
  const bytes = readBytes(memory, 0, VEC_SLOTS_START);
  const version = bytes[VEC_VERSION_OFFSET] as number;
  if (version !== VEC_VERSION)
    throw new UnsupportedVersionError(NAMES[kind], version, [VEC_VERSION]);
  const flag = bytes[VEC_FIXED_SIZE_OFFSET] as number;
  if (flag > 1)
    throw new CorruptedError(VEC_FIXED_SIZE_OFFSET, "0 or 1: are elements of one size?");
  const bound = { maxSize: getU32(bytes, VEC_MAX_SIZE_OFFSET), fixedSize: flag === 1 };
  const length = getU64(bytes, VEC_LENGTH_OFFSET);
  const pages = memory.size();
  if (!Number.isSafeInteger(length) || !(slotsEnd(bound, length) <= pages * PAGE_SIZE)) {
    throw new CorruptedError(
      VEC_LENGTH_OFFSET,
      `no more elements than the memory's ${pages} pages can hold`,
    );
  }
  return { version, length, bound };
}

/**
 * One past the last byte that `length` elements are sure to use.
 *
 * COMPAT: the memory grows for what an element needs; the rest of the last slot may lie past its end.
 */
export function slotsEnd(bound: ElementBound, length: number): number {
  if (length === 0) return VEC_SLOTS_START;
  const lastSlot = bound.fixedSize ? bound.maxSize : lengthBytesOf(bound);
  return VEC_SLOTS_START + (length - 1) * slotSizeOf(bound) + lastSlot;
}

/** Bytes of the length in front of an element. */
function lengthBytesOf({ maxSize, fixedSize }: ElementBound): 0 | 1 | 2 | 4 {
  if (fixedSize) return 0;
  return maxSize <= 0xff ? 1 : maxSize <= 0xffff ? 2 : 4;
}

function slotSizeOf(bound: ElementBound): number {
  return lengthBytesOf(bound) + bound.maxSize;
}

/**
 * Encoded elements in slots of one size: what vectors and heaps are made of. O(1) an access.
 *
 * Changes are staged by `put` and `resize` and become real with `commit`, all or none of them.
 */
export class Slots {
  readonly #memory: StagedMemory;
  readonly #maxSize: number;
  readonly #lengthBytes: 0 | 1 | 2 | 4;
  readonly #slotSize: number;
  #length: number;
  #nextLength: number;

  private constructor(memory: StagedMemory, bound: ElementBound, length: number) {
    this.#memory = memory;
    this.#maxSize = bound.maxSize;
    this.#lengthBytes = lengthBytesOf(bound);
    this.#slotSize = slotSizeOf(bound);
    this.#length = length;
    this.#nextLength = length;
  }

  /**
   * Writes a header without elements.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written.
   */
  static create(memory: Memory, kind: SlotsKind, codec: Storable<unknown>): Slots {
    const bound = elementBound(codec, kind);
    const header = new Uint8Array(VEC_FIXED_SIZE_OFFSET + 1);
    setMagic(header, 0, MAGICS[kind], VEC_VERSION);
    setU32(header, VEC_MAX_SIZE_OFFSET, bound.maxSize);
    header[VEC_FIXED_SIZE_OFFSET] = Number(bound.fixedSize);
    const staged = new StagedMemory(memory, OWNERS[kind]);
    staged.write(0, header);
    staged.commit();
    return new Slots(staged, bound, 0);
  }

  /**
   * Opens what is there; writes nothing.
   * @throws BoundMismatchError (`STABLE_BOUND_MISMATCH`) when the codec has another bound than the header
   * records, and what {@link readSlotsHeader} throws.
   */
  static load(memory: Memory, kind: SlotsKind, codec: Storable<unknown>): Slots {
    const wanted = elementBound(codec, kind);
    const { bound, length } = readSlotsHeader(memory, kind);
    if (bound.maxSize !== wanted.maxSize || bound.fixedSize !== wanted.fixedSize) {
      throw new BoundMismatchError(
        `${NAMES[kind]} has elements of ${describe(bound)} and ${codec.name} has ${describe(wanted)}; ` +
          "open it with the codec it was created with: this bound can never change",
      );
    }
    return new Slots(new StagedMemory(memory, OWNERS[kind]), bound, length);
  }

  /** Number of elements. @throws BrokenError (`STABLE_BROKEN`) after a commit that failed half-way. */
  get length(): number {
    this.#memory.checkUsable();
    return this.#length;
  }

  /**
   * The encoded element at `index`, which is below `length`.
   * @throws CorruptedError (`STABLE_CORRUPTED`) when its length is none that its slot has room for.
   */
  read(index: number): Uint8Array {
    this.#memory.checkUsable();
    const address = this.#addressOf(index);
    if (this.#lengthBytes === 0) return this.#memory.read(address, this.#maxSize);
    const size = getLength(this.#memory.read(address, this.#lengthBytes));
    if (size > this.#maxSize)
      throw new CorruptedError(address, `the length of an element, at most ${this.#maxSize} bytes`);
    return this.#memory.read(address + this.#lengthBytes, size);
  }

  /** Stages a write of the slot at `index`; what is behind the element stays. */
  put(index: number, element: Uint8Array): void {
    this.#memory.write(this.#addressOf(index), this.#slotOf(element));
  }

  /** Stages another number of elements. @throws BrokenError (`STABLE_BROKEN`) */
  resize(length: number): void {
    this.#memory.checkUsable();
    const bytes = new Uint8Array(8);
    setU64(bytes, 0, length);
    this.#memory.write(VEC_LENGTH_OFFSET, bytes);
    this.#nextLength = length;
  }

  /**
   * Makes what was staged real.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed on a write.
   */
  commit(): void {
    const length = this.#nextLength;
    this.#nextLength = this.#length;
    this.#memory.commit();
    this.#length = length;
    this.#nextLength = length;
  }

  #addressOf(index: number): number {
    return VEC_SLOTS_START + index * this.#slotSize;
  }

  #slotOf(element: Uint8Array): Uint8Array {
    if (this.#lengthBytes === 0) return element;
    const slot = new Uint8Array(this.#lengthBytes + element.length);
    setLength(slot, this.#lengthBytes, element.length);
    slot.set(element, this.#lengthBytes);
    return slot;
  }
}

/** @throws TypeError for a codec without a bound: there is no slot for its values. */
function elementBound({ name, bound }: Storable<unknown>, kind: SlotsKind): ElementBound {
  if (bound !== "unbounded") return bound;
  throw new TypeError(
    `options.value cannot be ${name}: ${NAMES[kind]} needs elements of at most so many bytes, and it has ` +
      "no bound; use one that has, such as boundedBlob(100), or a StableLog",
  );
}

function describe({ maxSize, fixedSize }: ElementBound): string {
  return `${fixedSize ? "exactly" : "at most"} ${maxSize} bytes`;
}

function getLength(bytes: Uint8Array): number {
  return bytes.reduceRight((length, byte) => length * 256 + byte, 0);
}

function setLength(slot: Uint8Array, lengthBytes: number, length: number): void {
  for (let i = 0, rest = length; i < lengthBytes; i++, rest = Math.floor(rest / 256))
    slot[i] = rest;
}
