import { MemoryInUseError } from "../errors.js";
import { PAGE_SIZE } from "../units.js";
import { holderOf } from "./claims.js";
import { checkPages, checkRange, type Memory, type MemoryOptions, writeImage } from "./memory.js";

/** Bytes are kept in granules of this size, made when first written. */
const GRANULE_SIZE = 4096;

/**
 * The granule of a fresh bucket table, one for all memories: of a manager's page 0, seven granules
 * of nine are this one. Never written to.
 */
const ALL_ONES = new Uint8Array(GRANULE_SIZE).fill(0xff);

/** What a granule was before its first change since a snapshot; undefined = it did not exist. */
interface Snapshot {
  readonly name: string;
  readonly pages: number;
  readonly before: Map<number, Uint8Array | undefined>;
}

/**
 * A memory that holds only what was written: untouched ranges cost nothing, and neither do zeroes
 * and the 0xFF of an empty bucket table written as whole granules. Named snapshots are taken in
 * constant time and rolled back in time proportional to what changed since.
 */
export class SparseMemory implements Memory {
  #pages = 0;
  readonly #maximumPages: number;
  readonly #granules = new Map<number, Uint8Array>();
  readonly #snapshots: Snapshot[] = [];

  constructor({ maximumPages = Number.MAX_SAFE_INTEGER / PAGE_SIZE }: MemoryOptions = {}) {
    checkPages("maximumPages", Math.floor(maximumPages));
    this.#maximumPages = Math.floor(maximumPages);
  }

  /** A memory that starts with a copy of `image`, filled up to a whole page with zeroes. */
  static from(image: Uint8Array, options?: MemoryOptions): SparseMemory {
    const memory = new SparseMemory(options);
    writeImage(memory, image);
    return memory;
  }

  /** Bytes really held, without what snapshots keep. */
  get residentBytes(): number {
    let granules = 0;
    for (const granule of this.#granules.values()) if (granule !== ALL_ONES) granules++;
    return granules * GRANULE_SIZE;
  }

  size(): number {
    return this.#pages;
  }

  grow(pages: number): number {
    checkPages("pages", pages);
    const previous = this.#pages;
    if (previous + pages > this.#maximumPages) return -1;
    this.#pages = previous + pages;
    return previous;
  }

  read(offset: number, target: Uint8Array): void {
    checkRange(offset, target.length, this.#pages * PAGE_SIZE);
    forEachGranule(offset, target.length, (index, start, from, to) => {
      const granule = this.#granules.get(index);
      if (granule === undefined) target.fill(0, from, to);
      else target.set(granule.subarray(start, start + to - from), from);
    });
  }

  write(offset: number, source: Uint8Array): void {
    checkRange(offset, source.length, this.#pages * PAGE_SIZE);
    forEachGranule(offset, source.length, (index, start, from, to) => {
      const piece = source.subarray(from, to);
      if (piece.length === GRANULE_SIZE) this.#replace(index, piece);
      else this.#own(index).set(piece, start);
    });
  }

  /**
   * Remembers the memory as it is under `name`, in constant time.
   * @throws RangeError when there is a snapshot of this name.
   */
  snapshot(name: string): void {
    if (this.#snapshots.some((snapshot) => snapshot.name === name)) {
      throw new RangeError(`there is already a snapshot "${name}"; release it first`);
    }
    this.#snapshots.push({ name, pages: this.#pages, before: new Map() });
  }

  /**
   * Makes the memory what it was when the snapshot was taken, its size included. The snapshot stays
   * and can be rolled back to again; later ones are gone. Structures keep state of their own: close
   * them before and open them after.
   * @throws RangeError when there is no snapshot of this name.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`) while a structure is open on this memory.
   */
  rollback(name: string): void {
    const index = this.#find(name);
    const holder = holderOf(this);
    if (holder !== undefined) throw new MemoryInUseError(holder);
    while (this.#snapshots.length > index) this.#undo(this.#snapshots.pop() as Snapshot);
    this.snapshot(name);
  }

  /**
   * Forgets the snapshot and keeps the memory as it is. Earlier snapshots stay usable.
   * @throws RangeError when there is no snapshot of this name.
   */
  release(name: string): void {
    const index = this.#find(name);
    const [released] = this.#snapshots.splice(index, 1) as [Snapshot];
    const earlier = this.#snapshots[index - 1];
    if (earlier === undefined) return;
    for (const [granule, bytes] of released.before) {
      if (!earlier.before.has(granule)) earlier.before.set(granule, bytes);
    }
  }

  #find(name: string): number {
    const index = this.#snapshots.findIndex((snapshot) => snapshot.name === name);
    if (index === -1) throw new RangeError(`there is no snapshot "${name}"`);
    return index;
  }

  #undo({ pages, before }: Snapshot): void {
    for (const [index, bytes] of before) this.#put(index, bytes);
    this.#pages = pages;
  }

  #put(index: number, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.#granules.delete(index);
    else this.#granules.set(index, bytes);
  }

  /** Keeps the granule as it is for the latest snapshot. True when it did so just now. */
  #preserve(index: number): boolean {
    const latest = this.#snapshots.at(-1);
    if (latest === undefined || latest.before.has(index)) return false;
    latest.before.set(index, this.#granules.get(index));
    return true;
  }

  /** The granule, safe to write to: made, or copied, when it is not this memory's alone. */
  #own(index: number): Uint8Array {
    const shared = this.#preserve(index);
    let granule = this.#granules.get(index);
    if (granule === undefined || granule === ALL_ONES || shared) {
      granule = granule?.slice() ?? new Uint8Array(GRANULE_SIZE);
      this.#granules.set(index, granule);
    }
    return granule;
  }

  #replace(index: number, bytes: Uint8Array): void {
    this.#preserve(index);
    const uniform = bytes.every((byte) => byte === bytes[0]) ? bytes[0] : undefined;
    if (uniform === 0) this.#put(index, undefined);
    // Not `bytes.slice()`: of a Node.js Buffer that is a view.
    else this.#put(index, uniform === 0xff ? ALL_ONES : new Uint8Array(bytes));
  }
}

/** Calls `visit(granule, start in the granule, from, to)` with [from, to) counted from `offset`. */
function forEachGranule(
  offset: number,
  length: number,
  visit: (index: number, start: number, from: number, to: number) => void,
): void {
  let from = 0;
  while (from < length) {
    const start = (offset + from) % GRANULE_SIZE;
    const to = Math.min(length, from + GRANULE_SIZE - start);
    visit((offset + from - start) / GRANULE_SIZE, start, from, to);
    from = to;
  }
}
