import { DecodeError } from "../errors.js";
import { joinBytes } from "../io/bytes.js";
import { encodePart } from "./parts.js";
import { decodeWith, hasOneSize, maxSizeOf, type Storable, sumBound } from "./storable.js";

const MAX_VERSION = 255;

/** A codec made by {@link versioned}. */
export interface Versioned<T> extends Storable<T> {
  /** The version that it writes, 1 for the first. */
  readonly version: number;
}

/**
 * Values whose type changes over the years: one byte with the version, then the bytes of `codec`. The
 * first version is `versioned(codec)`; each later one names the one before it, and how a value of that
 * becomes one of its own:
 *
 * `versioned(userCodec, oldUsers, (old) => ({ ...old, email: "" }))`
 *
 * Old values are upgraded when they are read, version by version, and stay as they are until they are
 * written again. The bound allows all versions, so a new one may need more room: values of a map may
 * grow. Not a key, for a key that is read must be the one that was written.
 * The layout is ours; the Rust `impl Storable` that reads it is in docs/format/own-layouts.md.
 *
 * Reading a version that is not known is `STABLE_DECODE_FAILED`, and so is an upgrade that throws.
 * @throws RangeError for more than 255 versions.
 */
export function versioned<T>(codec: Storable<T>): Versioned<T>;
export function versioned<T, Old>(
  codec: Storable<T>,
  previous: Versioned<Old>,
  upgrade: (old: Old) => T,
): Versioned<T>;
export function versioned<T, Old>(
  codec: Storable<T>,
  previous?: Versioned<Old>,
  upgrade?: (old: Old) => T,
): Versioned<T> {
  const version = (previous?.version ?? 0) + 1;
  const name = `${codec.name}, version ${version}`;
  checkPrevious(previous, upgrade);
  if (version > MAX_VERSION) throw new RangeError(`${name}: a byte counts to ${MAX_VERSION}`);
  return {
    name,
    version,
    bound: boundOf(name, codec, previous),
    toBytes: (value) => joinBytes([Uint8Array.of(version), encodePart(codec, value)]),
    fromBytes(bytes) {
      const [found = 0] = bytes;
      if (found === version) return codec.fromBytes(bytes.subarray(1));
      if (found === 0 || found > version || previous === undefined || upgrade === undefined) {
        throw new DecodeError(
          name,
          `they say version ${found}, and 1 to ${version} are known here`,
        );
      }
      const old = previous.fromBytes(bytes);
      return decodeWith(name, () => upgrade(old));
    },
  };
}

/** Room for every version: what was written once must stay readable. */
function boundOf(name: string, codec: Storable<unknown>, previous?: Storable<unknown>) {
  const size = (maxSizeOf(codec) ?? Infinity) + 1;
  if (previous === undefined) return sumBound(name, size, hasOneSize(codec));
  const oldSize = maxSizeOf(previous) ?? Infinity;
  const isFixed = hasOneSize(codec) && hasOneSize(previous) && size === oldSize;
  return sumBound(name, Math.max(size, oldSize), isFixed);
}

/** Programs in plain JavaScript get told here what TypeScript tells the others. */
function checkPrevious(previous: Partial<Versioned<unknown>> | undefined, upgrade: unknown): void {
  if (previous === undefined && upgrade === undefined) return;
  if (typeof previous?.version === "number" && typeof upgrade === "function") return;
  throw new TypeError(
    "versioned takes a codec, the versioned codec before it, and a function that upgrades its values",
  );
}
