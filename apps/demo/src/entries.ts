// Pages of entries of a map, read through the library's ranges: nothing is collected beforehand.
import { json, type RangeOptions, type StableBTreeMap } from "stable-structures";

type BytesMap = StableBTreeMap<Uint8Array, Uint8Array>;
type BytesRange = RangeOptions<Uint8Array>;

export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** How the keys of a map are written, as far as its first one tells. */
export type KeyForm = "json-string" | "json" | "bytes";

const QUOTE = 0x22;
const encoder = new TextEncoder();
const codec = json<unknown>();

/** The value that `bytes` say as JSON text, or undefined when they are no JSON text. */
export function decodeJson(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: codec.fromBytes(bytes) };
  } catch {
    return undefined;
  }
}

export function keyFormOf(firstKey: Uint8Array | undefined): KeyForm {
  if (firstKey === undefined || !decodeJson(firstKey)) return "bytes";
  return firstKey[0] === QUOTE ? "json-string" : "json";
}

/**
 * The first bytes of the keys that start with `typed`: a string's opening quote and characters, the
 * characters of other JSON text, or bytes from hexadecimal digits.
 * @throws TypeError when `typed` should be hexadecimal and is not.
 */
export function prefixOf(typed: string, form: KeyForm): Uint8Array {
  if (typed === "") return new Uint8Array();
  if (form === "json-string") return encoder.encode(JSON.stringify(typed).slice(0, -1));
  if (form === "json") return encoder.encode(typed);
  const digits = typed.replace(/^0x|\s/gi, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) {
    throw new TypeError("These keys are bytes: type pairs of hexadecimal digits, such as 00ff.");
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The range of all keys that start with `prefix`. */
export function rangeOfPrefix(prefix: Uint8Array): BytesRange {
  if (prefix.length === 0) return {};
  // The first key behind them: the prefix, counted up at its last byte that can be.
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last === -1) return { gte: prefix };
  const end = prefix.slice(0, last + 1);
  end[last] = (end[last] ?? 0) + 1;
  return { gte: prefix, lt: end };
}

/** Turns the pages of a range of a map, each read from the key where the one before ended. */
export class EntryPager {
  readonly #map: BytesMap;
  readonly #range: BytesRange;
  readonly pageSize: number;
  /** Entries in the range. */
  readonly total: number;
  /** The page shown, from 0. */
  page = 0;
  entries: readonly Entry[] = [];

  constructor(map: BytesMap, prefix: Uint8Array = new Uint8Array(), pageSize = 25) {
    this.#map = map;
    this.#range = rangeOfPrefix(prefix);
    this.pageSize = pageSize;
    this.total = prefix.length === 0 ? map.length : count(map.keysRange(this.#range));
    this.first();
  }

  /** Number of pages; an empty range has one. */
  get pages(): number {
    return Math.max(1, Math.ceil(this.total / this.pageSize));
  }

  first(): void {
    this.#show(0, this.#range);
  }

  next(): void {
    const last = this.entries.at(-1);
    if (!last || this.page + 1 >= this.pages) return;
    const { gte: _, ...end } = this.#range;
    this.#show(this.page + 1, { ...end, gt: last.key });
  }

  previous(): void {
    const first = this.entries[0];
    if (!first || this.page === 0) return;
    this.#show(this.page - 1, { ...this.#range, lt: first.key, reverse: true });
  }

  last(): void {
    this.#show(this.pages - 1, { ...this.#range, reverse: true });
  }

  #show(page: number, range: BytesRange): void {
    const length = Math.min(this.pageSize, this.total - page * this.pageSize);
    const entries = take(this.#map.range(range), length);
    this.entries = range.reverse ? entries.reverse() : entries;
    this.page = page;
  }
}

function count(keys: Iterable<unknown>): number {
  let number = 0;
  for (const _ of keys) number++;
  return number;
}

function take(entries: IterableIterator<[Uint8Array, Uint8Array]>, length: number): Entry[] {
  const taken: Entry[] = [];
  while (taken.length < length) {
    const { done, value } = entries.next();
    if (done) break;
    taken.push({ key: value[0], value: value[1] });
  }
  return taken;
}
