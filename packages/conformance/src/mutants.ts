import {
  classify,
  jsonFormat,
  MemoryManager,
  PAGE_SIZE,
  readImage,
  SparseMemory,
  StableStructuresError,
  UpgradeSerializer,
  VectorMemory,
  writeImage,
} from "stable-structures";
import { candid } from "stable-structures/candid";
import { cbor } from "stable-structures/cbor";
import { check } from "stable-structures/check";
import { inspect } from "stable-structures/inspect";
import { messagePack } from "stable-structures/msgpack";
import { candidTypes, memoryOf, payloads } from "./payloads.js";
import { probeStructures } from "./probes.js";
import type { Random } from "./random.js";
import { readManifest, vectorImage } from "./vectors.js";

/** Bytes that are changed: every header and the first pages of payloads lie within. */
const MUTATED_BYTES = 40_000;
/** Larger images are cut, so that a mutant costs no more than its reading. */
const MOST_BYTES = 4 * PAGE_SIZE;

/** Bytes that readers treat in ways of their own. */
const SPECIAL = [0, 1, 0x7f, 0x80, 0x9b, 0xbf, 0xc1, 0xdd, 0xdf, 0xff] as const;

const types = candidTypes["candid-state"] ?? [];

const serializers = (["raw", "length-prefixed"] as const).flatMap((layout) =>
  [cbor(), messagePack(), jsonFormat(), candid(types)].map(
    (format) => new UpgradeSerializer(format as ReturnType<typeof cbor>, { layout }),
  ),
);

/**
 * Images to damage: what Rust's hooks wrote, managers with maps and other structures, and a manager with a
 * payload in it.
 */
export function seeds(): Uint8Array[] {
  const rust = payloads.map((payload) => readImage(memoryOf(payload)));
  const vectors = readManifest().vectors.map(({ name }) => vectorImage(name));
  const managed = payloads
    .filter((_, i) => i % 20 === 0)
    .map((payload) => {
      const memory = new VectorMemory();
      const inner = MemoryManager.create(memory, { bucketSizeInPages: 1 }).get(3);
      writeImage(inner, readImage(memoryOf(payload)));
      return readImage(memory);
    });
  return [...rust, ...vectors, ...managed].map((image) => image.slice(0, MOST_BYTES));
}

/** Addresses and counts that readers have to refuse: around 2^32 and 2^53, and the largest. */
const WORDS = [
  0x64n,
  0x1_0000_0064n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
] as const;
/** Bytes that change places: about a header, a part of a chunk, a chunk of small and of unbounded entries. */
const SWAPPED_SIZES = [16, 64, 291, 1040] as const;

/**
 * A damaged copy: single bytes, whole fields, addresses, ranges and chunks in other places, or a cut. Half of the copies are damaged at
 * the start of some page, where the structures of a manager have their headers.
 */
export function mutate(random: Random, image: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(image);
  const pages = Math.floor(copy.length / PAGE_SIZE);
  const start = pages > 1 && random.chance(50) ? random.between(1, pages - 1) * PAGE_SIZE : 0;
  damage(random, copy.subarray(start));
  return copy;
}

function damage(random: Random, bytes: Uint8Array): void {
  const reach = Math.min(bytes.length, random.pick([16, 100, 3000, MUTATED_BYTES])) - 8;
  for (let i = random.between(1, 5); i > 0; i--) {
    const at = random.between(0, reach);
    const kind = random.weighted({
      bit: 4,
      special: 4,
      field: 3,
      word: 3,
      copy: 2,
      swap: 2,
      cut: 1,
    });
    if (kind === "bit") (bytes[at] as number) ^= 1 << random.between(0, 7);
    else if (kind === "special") bytes[at] = random.pick(SPECIAL);
    else if (kind === "field") bytes.fill(random.pick(SPECIAL), at, at + random.pick([2, 4, 8]));
    else if (kind === "copy")
      bytes.copyWithin(at, random.between(0, reach), random.between(0, reach) + 8);
    else if (kind === "word") setWord(random, bytes, at);
    else if (kind === "swap") swap(bytes, at, random.between(0, reach), random.pick(SWAPPED_SIZES));
    else bytes.fill(0, at);
  }
}

/** An address that is none, or one that stands elsewhere, which makes cycles. */
function setWord(random: Random, bytes: Uint8Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = random.chance(50)
    ? random.pick(WORDS)
    : view.getBigUint64(random.between(0, at), true);
  view.setBigUint64(at, word, true);
}

function swap(bytes: Uint8Array, one: number, other: number, size: number): void {
  const length = Math.min(size, bytes.length - Math.max(one, other));
  const kept = bytes.slice(one, one + length);
  bytes.copyWithin(one, other, other + length);
  bytes.set(kept, other);
}

/** What one mutant did. */
export interface MutantResult {
  /** An error without a code: a bug. */
  readonly failure?: string;
  readonly milliseconds: number;
}

/** Hands damaged bytes to everything that reads bytes of others. */
export function tryMutant(bytes: Uint8Array): MutantResult {
  const start = performance.now();
  try {
    const memory = SparseMemory.from(bytes);
    classify(memory);
    inspect(memory);
    for (const serializer of serializers) passCoded(() => serializer.restore(memory));
    check(memory);
    probeStructures(bytes);
    return { milliseconds: performance.now() - start };
  } catch (error) {
    return {
      failure: (error as Error).stack ?? String(error),
      milliseconds: performance.now() - start,
    };
  }
}

function passCoded(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof StableStructuresError)) throw error;
  }
}
