import { BrokenError, CorruptedError, OutOfBoundsError } from "../errors.js";
import { growToHold, type Memory } from "../memory/memory.js";
import { PAGE_SIZE } from "../units.js";
import { newBytes } from "./bytes.js";

interface StagedWrite {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * The writes of one operation, kept apart from the memory until `commit`. Its reads see them.
 *
 * `commit` grows the memory to the exact size the writes need and only then writes, so an operation
 * whose growth is refused has changed nothing.
 */
export class StagedMemory {
  readonly #memory: Memory;
  readonly #owner: string;
  #writes: StagedWrite[] = [];
  #end = 0;
  #broken: BrokenError | undefined;

  /** `owner` names the structure in the message of a `BrokenError`. */
  constructor(memory: Memory, owner: string) {
    this.#memory = memory;
    this.#owner = owner;
  }

  /** One past the last readable byte: of the memory, or of the writes that will grow it. */
  get sizeInBytes(): number {
    return Math.max(this.#memory.size() * PAGE_SIZE, this.#end);
  }

  /**
   * A fresh array of the bytes at `address`, as they will be after `commit`.
   * @throws CorruptedError (`STABLE_CORRUPTED`) when they do not lie in the memory: the addresses
   * read here come from the image.
   */
  read(address: number, length: number): Uint8Array {
    const inMemory = this.#memory.size() * PAGE_SIZE;
    const end = address + length;
    if (!(end <= this.sizeInBytes)) {
      throw new CorruptedError(
        address,
        `${length} bytes within the ${this.sizeInBytes} of the memory`,
      );
    }
    const bytes = newBytes(length);
    const direct = Math.min(end, inMemory) - address;
    if (direct > 0)
      this.#memory.read(address, direct === length ? bytes : bytes.subarray(0, direct));
    for (const write of this.#writes) overlay(write, address, bytes);
    return bytes;
  }

  /** Stages a write. `bytes` must not change until `commit` or `discard`. */
  write(address: number, bytes: Uint8Array): void {
    const end = address + bytes.length;
    if (!Number.isSafeInteger(end))
      throw new OutOfBoundsError(address, bytes.length, this.sizeInBytes);
    this.#writes.push({ start: address, end, bytes });
    this.#end = Math.max(this.#end, end);
  }

  /** True when nothing is staged. */
  get isUnchanged(): boolean {
    return this.#writes.length === 0;
  }

  /** Forgets the staged writes. */
  discard(): void {
    this.#writes = [];
    this.#end = 0;
  }

  /**
   * Makes the staged writes real, in the order they were staged.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`) with nothing written.
   * @throws BrokenError (`STABLE_BROKEN`) when the memory failed on a write; from then on always.
   */
  commit(): void {
    StagedMemory.commitAll(this);
  }

  /**
   * Commits several memories as one operation: all have grown, in this order, before the first write.
   * @throws what {@link commit} throws.
   */
  static commitAll(...parts: readonly StagedMemory[]): void {
    try {
      for (const part of parts) growToHold(part.#memory, part.#end);
    } catch (refusal) {
      for (const part of parts) part.discard();
      throw refusal;
    }
    for (const part of parts) part.#publish();
  }

  #publish(): void {
    const writes = this.#writes;
    this.discard();
    try {
      for (const { start, bytes } of writes) this.#memory.write(start, bytes);
    } catch (cause) {
      this.#broken = new BrokenError(this.#owner, { cause });
      throw this.#broken;
    }
  }

  /** @throws BrokenError (`STABLE_BROKEN`) after a commit that failed half-way. */
  checkUsable(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}

/** Copies the part of `write` that lies within [address, address + target.length) into `target`. */
function overlay({ start, end, bytes }: StagedWrite, address: number, target: Uint8Array): void {
  const from = Math.max(start, address);
  const to = Math.min(end, address + target.length);
  if (from < to) target.set(bytes.subarray(from - start, to - start), from - address);
}
