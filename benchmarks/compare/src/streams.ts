import { principal } from "stable-structures";
import {
  type Case,
  type KeyType,
  MOST_QUERIES,
  MOST_RANGES,
  RANGE,
  type ValueType,
} from "./case.js";

// The keys and values of a case: the same as in `vectors/reference/src/bin/bench/streams.rs`.

/** A bijection of 32-bit numbers that scatters them (the finalizer of MurmurHash3). */
function hash32(number: number): number {
  let h = Math.imul(number, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The numbers below `count` in an order that looks random. */
function shuffled(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = hash32(i + seed) % (i + 1);
    const number = order[i] as number;
    order[i] = order[other] as number;
    order[other] = number;
  }
  return order;
}

/** Key number `index` of a random order, below 2^53; no two are equal. */
function randomNumber(index: number): number {
  return (hash32(index * 2 + 1) >>> 11) * 2 ** 32 + hash32(index * 2);
}

function randomPrincipal(index: number): Uint8Array {
  const bytes = new Uint8Array(29).fill(2);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 7; word++) view.setUint32(word * 4, hash32(index * 8 + word));
  return bytes;
}

function randomText(index: number): string {
  return `user-${randomNumber(index).toString(16).padStart(13, "0")}`;
}

/** Keys as a program would have them: numbers, bytes or text. Big integers are made when needed. */
export type AnyKey = number | Uint8Array | string;

/** A list that can be read by number. */
export interface List<T> {
  readonly length: number;
  readonly [index: number]: T;
}

const KEYS = { u64: randomNumber, principal: randomPrincipal, text: randomText } as const;

/**
 * Keys of these numbers. Each is made anew, so that they lie in memory in the order in which they are
 * used, as in Rust.
 */
function keysOf(type: KeyType, numbers: ArrayLike<number>): List<AnyKey> {
  const make: (index: number) => AnyKey = KEYS[type];
  if (type === "u64") return Float64Array.from(numbers, randomNumber);
  return Array.from(numbers, make);
}

function numbersFrom(start: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => start + i);
}

/** Bytes of value number `index`; always the same array. */
export function bytesValue(type: ValueType): (index: number) => Uint8Array {
  const bytes = new Uint8Array(type === "blob128" ? 128 : 500);
  const view = new DataView(bytes.buffer);
  return (index) => {
    bytes.fill(index);
    view.setUint32(0, index);
    return bytes;
  };
}

/** The number of a value. */
export function numberOf(value: Uint8Array): number {
  return (
    (value[0] as number) * 2 ** 24 +
    (((value[1] as number) << 16) | ((value[2] as number) << 8) | (value[3] as number))
  );
}

/** Everything that the phases of a case are fed with. */
export interface Workload {
  readonly case: Case;
  /** Keys in the order in which they are inserted. */
  readonly keys: List<AnyKey>;
  /** The same keys in the order in which they are looked up and removed. */
  readonly queries: List<AnyKey>;
  /** Keys that are not there. */
  readonly absent: List<AnyKey>;
  /** First and last keys of ranges; the last ones do not belong to them. */
  readonly starts: List<AnyKey>;
  readonly ends: List<AnyKey>;
}

/** Makes the workload of a case. `compare` orders its keys. */
export function workloadOf(chosen: Case): Workload {
  const { keys: type, entries } = chosen;
  const keys = keysOf(type, numbersFrom(0, entries));
  const sorted = sortedKeys(type, keys);
  const last = entries - RANGE - 1;
  const first = shuffled(last, 2).slice(0, Math.min(Math.floor(entries / RANGE), MOST_RANGES));
  return {
    case: chosen,
    keys,
    queries: keysOf(type, shuffled(entries, 1)),
    absent: keysOf(type, numbersFrom(entries, Math.min(entries, MOST_QUERIES))),
    starts: Array.from(first, (at) => sorted[at] as AnyKey),
    ends: Array.from(first, (at) => sorted[at + RANGE] as AnyKey),
  };
}

function sortedKeys(type: KeyType, keys: List<AnyKey>): List<AnyKey> {
  if (type === "u64") return Float64Array.from(keys as Float64Array).sort();
  if (type === "text") return Array.from(keys as List<string>).sort();
  return Array.from(keys as List<Uint8Array>).sort((a, b) => principal.compare(a, b));
}
