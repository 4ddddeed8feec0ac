import { joinBytes } from "../io/bytes.js";
import { type Part, PartReader, sizedPart } from "./parts.js";
import {
  hasOneSize,
  isKey,
  type Storable,
  type StorableKey,
  sumBound,
  type ValueOf,
} from "./storable.js";

/** The values of a {@link struct} with these fields. */
export type StructOf<F> = { -readonly [N in keyof F]: ValueOf<F[N]> };

/**
 * A struct with named fields, as an object. The layout is ours: Rust needs an `impl Storable`, which
 * docs/format/own-layouts.md shows.
 *
 * Fields lie back to back in the order they are named in. One whose size varies stands behind its length,
 * big-endian, in 1 byte for sizes up to 255, 2 up to 65,535 and 4 above or without a bound. An `option`
 * always varies. Names are not stored; what is to change later needs a `versioned` around it.
 *
 * It can be a key when every field can. Order is Rust's derived `Ord`: by the first field, then by the
 * next. It is that of the bytes when each field has a fixed size and is ordered by its bytes; maps with
 * other structs as keys run in JavaScript.
 * @throws TypeError for no fields, and for a name such as "1", which JavaScript moves to the front.
 * @throws RangeError when its bound is above 2^32 - 1 bytes.
 */
export function struct<F extends Record<string, StorableKey<unknown>>>(
  fields: F,
): StorableKey<StructOf<F>>;
export function struct<F extends Record<string, Storable<unknown>>>(
  fields: F,
): Storable<StructOf<F>>;
export function struct(fields: Record<string, Storable<unknown>>): Storable<StructValue> {
  const entries = Object.entries(fields);
  const name = `{ ${entries.map(([field, codec]) => `${field}: ${codec.name}`).join(", ")} }`;
  checkNames(Object.keys(fields));
  const parts = entries.map(([field, codec]) => [field, sizedPart(codec)] as const);
  const codec: Storable<StructValue> = {
    name,
    bound: boundOf(
      name,
      parts.map(([, part]) => part),
    ),
    toBytes(value) {
      checkFields(name, fields, value);
      return joinBytes(parts.map(([field, part]) => part.write(value[field])));
    },
    fromBytes(bytes) {
      const reader = new PartReader(name, bytes);
      const values = parts.map(([field, part]) => [field, part.read(reader)]);
      reader.end();
      return Object.fromEntries(values);
    },
  };
  const keys = entries.flatMap(([field, codec]) => (isKey(codec) ? [[field, codec] as const] : []));
  return keys.length === entries.length ? { ...codec, ...orderOf(keys) } : codec;
}

type StructValue = Record<string, unknown>;

function boundOf(name: string, parts: readonly Part<unknown>[]) {
  const maxSize = parts.reduce((sum, part) => sum + part.maxSize, 0);
  return sumBound(
    name,
    maxSize,
    parts.every(({ oneSize }) => oneSize),
  );
}

function orderOf(keys: readonly (readonly [field: string, codec: StorableKey<unknown>])[]) {
  return {
    byteOrdered: keys.every(([, codec]) => codec.byteOrdered && hasOneSize(codec)),
    compare(a: StructValue, b: StructValue): number {
      for (const [field, codec] of keys) {
        const order = codec.compare(a[field], b[field]);
        if (order !== 0) return order;
      }
      return 0;
    },
  };
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw new TypeError("a struct needs a field");
  const moved = names.find((name) => /^\d+$/.test(name));
  if (moved === undefined) return;
  throw new TypeError(
    `JavaScript moves a field called ${moved} to the front; give it another name`,
  );
}

/** What a struct does not store would be lost without a word. */
function checkFields(name: string, fields: object, value: unknown): void {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`${name} takes an object, got ${value === null ? "null" : typeof value}`);
  const missing = Object.keys(fields).find((field) => !(field in value));
  if (missing !== undefined) throw new TypeError(`${name} takes an object with ${missing}`);
  const unknown = Object.keys(value).find((field) => !Object.hasOwn(fields, field));
  if (unknown !== undefined) throw new TypeError(`${name} has no field ${unknown}`);
}
