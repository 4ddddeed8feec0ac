import { Principal } from "@icp-sdk/core/principal";
import { compareBytes } from "./io/bytes.js";
import { decodeWith, type StorableKey } from "./storable/storable.js";
import { json } from "./storable/text.js";

const NAME = "Azle's stableJson";

/**
 * The codec that Azle's `StableBTreeMap` uses unless told otherwise (`stableJson`): JSON text in which
 * what JSON lacks is an object with one marked key. Needs the package `@icp-sdk/core`.
 *
 * Round trips `undefined`, `bigint`, `NaN`, the infinities, -0, `Principal`, `Map`, `Set` and typed
 * arrays. Keys are ordered by the bytes of their text, and property order counts: 10 sorts before 9.
 */
export function stableJson<T>(): StorableKey<T> {
  const text = json<unknown>();
  const toBytes = (value: T) => text.toBytes(mark(value));
  return {
    ...text,
    name: NAME,
    compare: (a, b) => compareBytes(toBytes(a), toBytes(b)),
    toBytes,
    fromBytes: (bytes) => decodeWith(NAME, () => unmark(text.fromBytes(bytes)) as T),
  };
}

const TYPED_ARRAYS = {
  __int8array__: Int8Array,
  __int16array__: Int16Array,
  __int32array__: Int32Array,
  __bigint64array__: BigInt64Array,
  __uint8array__: Uint8Array,
  __uint16array__: Uint16Array,
  __uint32array__: Uint32Array,
  __biguint64array__: BigUint64Array,
  __float32array__: Float32Array,
  __float64array__: Float64Array,
} as const;

const NUMBERS: Readonly<Record<string, number>> = {
  __nan__: Number.NaN,
  __infinity__: Infinity,
  __negative_infinity__: -Infinity,
  __negative_zero__: -0,
};

/** Replaces what JSON cannot say, all the way down. */
function mark(value: unknown): unknown {
  if (value === undefined) return { __undefined__: "__undefined__" };
  if (typeof value === "bigint") return { __bigint__: value.toString() };
  if (typeof value === "number") return markNumber(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Principal) return { __principal__: value.toText() };
  if (value instanceof Map) return { __map__: [...value].map((entry) => entry.map(mark)) };
  if (value instanceof Set) return { __set__: [...value].map(mark) };
  for (const [key, type] of Object.entries(TYPED_ARRAYS)) {
    if (value instanceof type) return { [key]: Array.from(value as Iterable<unknown>, mark) };
  }
  if (Array.isArray(value)) return value.map(mark);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mark(item)]));
}

function markNumber(value: number): unknown {
  const special = Object.entries(NUMBERS).find(([, number]) => Object.is(number, value));
  return special === undefined ? value : { [special[0]]: special[0] };
}

/** Brings back what {@link mark} replaced. */
function unmark(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unmark);
  const entries = Object.entries(value);
  const [key = "", content] = entries[0] ?? [];
  if (entries.length === 1 && key.startsWith("__")) {
    const special = unmarkSpecial(key, content);
    if (special !== NOT_SPECIAL) return special;
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, unmark(item)]));
}

const NOT_SPECIAL = Symbol("not special");

function unmarkSpecial(key: string, content: unknown): unknown {
  if (key === "__undefined__") return undefined;
  if (Object.hasOwn(NUMBERS, key)) return NUMBERS[key];
  if (typeof content === "string") {
    if (key === "__bigint__") return BigInt(content);
    return key === "__principal__" ? Principal.fromText(content) : NOT_SPECIAL;
  }
  if (!Array.isArray(content)) return NOT_SPECIAL;
  const items = content.map(unmark);
  if (key === "__map__") return new Map(items as [unknown, unknown][]);
  if (key === "__set__") return new Set(items);
  const type = Object.hasOwn(TYPED_ARRAYS, key)
    ? TYPED_ARRAYS[key as keyof typeof TYPED_ARRAYS]
    : undefined;
  return type === undefined
    ? NOT_SPECIAL
    : new (type as new (items: never[]) => unknown)(items as never[]);
}
