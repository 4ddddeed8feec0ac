import { describe, expect, it } from "vitest";
import {
  blob,
  boundedBlob,
  pair,
  principal,
  readImage,
  StableBTreeMap,
  StableStructuresError,
  type Storable,
  type StorableKey,
  u32,
  u64,
  VectorMemory,
  writeImage,
} from "../../../src/index.js";
import { engines } from "../../support/maps.js";
import { Random } from "../../support/random.js";

const MUTANTS = 120;
const ENTRIES = 150;

/** A map of some types, and the keys and values that tests give it. */
interface Kind<K, V> {
  readonly key: StorableKey<K>;
  readonly value: Storable<V>;
  readonly layoutVersion?: 1 | 2;
  makeKey(index: number): K;
  makeValue(index: number): V;
}

// Each kind is used with its own keys and values only.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyKind = Kind<any, any>;

const kindOf = <K, V>(kind: Kind<K, V>): AnyKind => kind;
const bytesOf = (size: number, index: number) => new Uint8Array(size).fill(index);

const kinds: readonly AnyKind[] = [
  kindOf({ key: u64, value: u64, makeKey: BigInt, makeValue: BigInt }),
  kindOf({ key: u32, value: blob, makeKey: Number, makeValue: (i) => bytesOf((i * 37) % 900, i) }),
  kindOf({
    key: blob,
    value: blob,
    makeKey: (i) => bytesOf((i % 40) + 2, (i * 7) % 251),
    makeValue: (i) => bytesOf((i * 37) % 3000, i),
  }),
  kindOf({
    key: principal,
    value: u64,
    makeKey: (i) => Uint8Array.of(i, i >> 8),
    makeValue: BigInt,
  }),
  kindOf({
    key: pair(boundedBlob(20), u32),
    value: boundedBlob(30),
    makeKey: (i) => [Uint8Array.of(i), i] as [Uint8Array, number],
    makeValue: (i) => bytesOf(i % 30, i),
  }),
  kindOf({
    key: u32,
    value: boundedBlob(30),
    layoutVersion: 1,
    makeKey: Number,
    makeValue: (i) => bytesOf(i % 30, i),
  }),
];

/** An image with a map in it, some of whose chunks are free, and the size of a chunk. */
function soundImage({ key, value, layoutVersion = 2, makeKey, makeValue }: AnyKind) {
  const memory = new VectorMemory();
  const map = StableBTreeMap.create(memory, { key, value, layoutVersion });
  for (let i = 0; i < ENTRIES; i++) map.insert(makeKey(i), makeValue(i));
  for (let i = 0; i < 60; i++) map.remove(makeKey(i * 2));
  const image = readImage(memory);
  return { image, chunk: new DataView(image.buffer).getUint32(60, true) + 16 };
}

/** Changes bytes of headers, of chunks' and nodes' first fields, and anywhere in nodes; or an address. */
function mutate(random: Random, { image, chunk }: ReturnType<typeof soundImage>): Uint8Array {
  const bytes = image.slice();
  const chunks = Math.min(100, Math.floor((image.length - 100) / chunk) - 1);
  const anyChunk = () => 100 + random.below(chunks) * chunk;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = [
      () => random.below(116),
      () => anyChunk() + random.below(16),
      () => anyChunk() + 16 + random.below(20),
      () => anyChunk() + random.below(chunk),
    ][random.below(4)]?.() as number;
    const kind = random.below(4);
    if (kind === 0) (bytes[at] as number) ^= 1 << random.below(8);
    else if (kind === 1) bytes[at] = random.below(256);
    else if (kind === 2) bytes.fill(255 * random.below(2), at, at + 2 ** random.below(4));
    else {
      const address = anyChunk() + 16 * random.below(2);
      new DataView(bytes.buffer).setBigUint64(at, BigInt(address), true);
    }
  }
  return bytes;
}

/** Counts what there is, and gives up on walks that do not end. */
function count(items: Iterable<unknown>): number {
  let entries = 0;
  for (const _ of items) if (++entries > 5000) throw new Error("a walk does not end");
  return entries;
}

/** Uses all of a map; what is refused with a code is passed over. Returns how much was refused. */
function useAll(map: StableBTreeMap<unknown, unknown>, { makeKey, makeValue }: AnyKind): number {
  const indexes = Array.from({ length: ENTRIES }, (_, i) => i);
  const actions: (() => unknown)[] = [
    () => count(map),
    () => count(map.keys({ reverse: true })),
    () => map.getMany(indexes.map(makeKey)),
    ...indexes
      .filter((i) => i % 9 === 0)
      .flatMap((i) => [
        () => map.get(makeKey(i)),
        () => map.insert(makeKey(i + 1), makeValue(i)),
        () => map.remove(makeKey(i + 2)),
      ]),
    () => map.popFirst(),
    () => map.popLast(),
    () => map.insertMany(indexes.map((i) => [makeKey(i * 3), makeValue(i)] as const)),
    () => map.deleteRange({ limit: 50 }),
    () => count(map),
    () => map.length,
  ];
  return actions.filter((action) => refuses(action)).length;
}

function refuses(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    if (error instanceof StableStructuresError) return true;
    throw error;
  }
}

describe.each(engines)("mutants of sound images, on the engine in %s", (_, create) => {
  it.each(kinds.map((kind) => [`${kind.key.name} to ${kind.value.name}`, kind] as const))(
    "of maps from %s are used, or refused with a code, and never hang",
    (_name, kind) => {
      const random = new Random(2026);
      const sound = soundImage(kind);
      let refused = 0;
      for (let i = 0; i < MUTANTS; i++) {
        const memory = create({ maximumPages: 60 });
        writeImage(memory, mutate(random, sound));
        const { key, value, layoutVersion = 2 } = kind;
        let map: StableBTreeMap<unknown, unknown> | undefined;
        const isRefused = refuses(() => {
          map = StableBTreeMap.load(memory, { key, value, layoutVersion });
        });
        refused += isRefused ? 1 : useAll(map as StableBTreeMap<unknown, unknown>, kind);
      }
      expect(refused).toBeGreaterThan(MUTANTS / 4);
    },
  );
});
