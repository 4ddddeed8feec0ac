import { CorruptedError, DecodeError, ForeignBytesError, ValueTooLargeError } from "../errors.js";
import { getU32, setU32 } from "../io/bytes.js";
import { describeKind, magicKind, type StructureKind } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import { growToHold, type Memory, readBytes } from "../memory/memory.js";
import { VectorMemory } from "../memory/vector-memory.js";
import { PAGE_SIZE } from "../units.js";
import { ByteSource } from "./byte-source.js";
import { type Classification, classify } from "./classify.js";
import { encodeWhole } from "./payload-codec.js";
import type { PayloadFormat } from "./payload-format.js";
import type { Shape } from "./payload-shape.js";

const HOLDER = "an UpgradeSerializer";
const MAX_LENGTH = 0xffff_ffff;

/** How a payload lies in its memory. */
export type PayloadLayout =
  /** From offset 0 on, without a length; zeroes or an older, longer payload follow. */
  | "raw"
  /** A u32 little-endian length at offset 0, the payload at 4. */
  | "length-prefixed";

/** Options of {@link UpgradeSerializer}. */
export interface UpgradeSerializerOptions {
  layout: PayloadLayout;
}

/** Structures that a payload must not be written over, nor be read from. */
const STRUCTURES: readonly string[] = [
  "memory-manager",
  "btree-map",
  "vec",
  "min-heap",
  "cell",
  "log-index",
  "log-data",
  "ic-storage",
] satisfies (StructureKind | "ic-storage")[];

/**
 * Carries a whole state through an upgrade: `save` in pre_upgrade, `restore` in post_upgrade.
 *
 * `raw` is for a canister whose stable memory holds nothing else; `length-prefixed` for one memory of
 * a manager. The bytes are what Rust's serde libraries read and write.
 */
export class UpgradeSerializer<T> {
  readonly #format: PayloadFormat<T>;
  readonly #layout: PayloadLayout;

  constructor(format: PayloadFormat<T>, { layout }: UpgradeSerializerOptions) {
    if (layout !== "raw" && layout !== "length-prefixed") {
      throw new TypeError(`layout is "raw" or "length-prefixed", got ${String(layout)}`);
    }
    this.#format = format;
    this.#layout = layout;
  }

  /**
   * Writes `state`, growing the memory by the fewest pages.
   *
   * Like Rust it leaves the bytes of an older, longer payload behind its own.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when the memory holds a structure.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`) when its length does not fit a u32.
   * @throws RangeError when the state could not be restored: nested too deeply, or its bytes begin as
   * those of a structure do.
   * @throws GrowFailedError (`STABLE_GROW_FAILED`), MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  save(memory: Memory, state: T): void {
    const payload = encodeWhole(this.#format, state);
    const bytes = this.#layout === "raw" ? this.#rawBytes(payload) : withLength(payload);
    refuseLookalike(bytes);
    claimWhile(memory, HOLDER, (release) => {
      this.#refuseStructures(memory, "create");
      growToHold(memory, bytes.length);
      memory.write(0, bytes);
      release();
    });
  }

  /**
   * Reads the state. Writes nothing.
   * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) when the memory is empty or holds a structure.
   * @throws DecodeError (`STABLE_DECODE_FAILED`) when the bytes are of another format.
   * @throws CorruptedError (`STABLE_CORRUPTED`) when the payload is cut short.
   * @throws ValueTooLargeError (`STABLE_VALUE_TOO_LARGE`) for more than 4 GiB.
   * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`)
   */
  restore(memory: Memory): T {
    return claimWhile(memory, HOLDER, (release) => {
      this.#refuseStructures(memory, "open");
      const payload =
        this.#layout === "raw" ? this.#rawPayload(memory) : this.#prefixedPayload(memory);
      const state = this.#format.decode(payload);
      release();
      return state;
    });
  }

  #refuseStructures(memory: Memory, action: "create" | "open"): void {
    const found = classify(memory);
    if (action === "open") this.#refuseOtherPayloads(found);
    // A manager behind page 0 does not keep anybody from reading what lies in page 0.
    const isInTheWay = isStructure(found) && (action === "create" || found.offset === 0);
    if (!isInTheWay && !(action === "open" && found.kind === "empty")) return;
    const name =
      found.kind === "ic-storage"
        ? "memories of the crate ic-storage"
        : describeKind(found.kind as StructureKind);
    throw new ForeignBytesError(action, `a ${this.#layout} ${this.#format.name} payload`, name);
  }

  /** Formats without a magic read each other's bytes: what is surely of another one is refused. */
  #refuseOtherPayloads({ kind, confidence, reason }: Classification): void {
    const isOther =
      kind === "zeroes" ||
      (kind === "candid" && this.#format.name !== "candid") ||
      (kind === "length-prefixed" && confidence === "certain" && this.#layout === "raw");
    if (isOther) throw new DecodeError(`${this.#layout} ${this.#format.name} payload`, reason);
  }

  #rawPayload(memory: Memory): Uint8Array {
    const { shapeAt, name } = this.#format;
    if (shapeAt === undefined) return readPayload(memory, memory.size() * PAGE_SIZE);
    const source = new ByteSource(memory);
    const shape = shapeAt(source, 0);
    if (shape === undefined)
      throw new DecodeError(name, "no well-formed payload starts at offset 0");
    if (
      isScrap(shape) &&
      !source.isZero(shape.end, Math.min(source.length, shape.end + SCRAP_PADDING))
    ) {
      throw new DecodeError(name, "the first bytes are a value of their own, and others follow");
    }
    return readPayload(memory, shape.end);
  }

  /** A value of a few bytes gets zeroes behind it: `restore` would not trust it without. */
  #rawBytes(payload: Uint8Array): Uint8Array {
    const shape = this.#format.shapeAt?.(new ByteSource(payload), 0);
    if (shape === undefined || !isScrap(shape)) return payload;
    const bytes = new Uint8Array(payload.length + SCRAP_PADDING);
    bytes.set(payload);
    return bytes;
  }

  /** The payload behind its length, measured before a decoder sees it. */
  #prefixedPayload(memory: Memory): Uint8Array {
    const payload = prefixedPayload(memory);
    const { shapeAt, name } = this.#format;
    if (shapeAt !== undefined && shapeAt(new ByteSource(payload), 0) === undefined) {
      throw new DecodeError(name, "no well-formed payload lies behind the length");
    }
    return payload;
  }
}

/** Zeroes behind a lone value of a few bytes. */
const SCRAP_PADDING = 64;

/** The first bytes of almost anything are a small number or a short text in some format. */
const isScrap = ({ items, end }: Shape) => items === 1 && end < 33;

const isStructure = ({ kind }: Classification) => STRUCTURES.includes(kind);

/** A payload that begins like a structure could not be told from one after the upgrade. */
function refuseLookalike(bytes: Uint8Array): void {
  const hasMagic = bytes.length >= 3 && magicKind(bytes) !== undefined;
  if (!hasMagic || !isStructure(classify(VectorMemory.from(bytes)))) return;
  throw new RangeError(
    "this state's bytes would be taken for a structure; change its layout or its length",
  );
}

/** The first `length` bytes, where one array can hold them. */
function readPayload(memory: Memory, length: number): Uint8Array {
  if (length <= MAX_LENGTH) return readBytes(memory, 0, length);
  const message = `a payload of up to ${length} bytes does not fit one array; read it through a Reader`;
  throw new ValueTooLargeError(length, MAX_LENGTH, message);
}

function withLength(payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_LENGTH) {
    const message = `a payload of ${payload.length} bytes is longer than a u32 can say; use the raw layout`;
    throw new ValueTooLargeError(payload.length, MAX_LENGTH, message);
  }
  const bytes = new Uint8Array(4 + payload.length);
  setU32(bytes, 0, payload.length);
  bytes.set(payload, 4);
  return bytes;
}

function prefixedPayload(memory: Memory): Uint8Array {
  const length = getU32(readBytes(memory, 0, 4), 0);
  const available = memory.size() * PAGE_SIZE - 4;
  if (length > available) {
    throw new CorruptedError(
      0,
      `a length of at most the ${available} bytes behind it, and it says ${length}`,
    );
  }
  return readBytes(memory, 4, length);
}
