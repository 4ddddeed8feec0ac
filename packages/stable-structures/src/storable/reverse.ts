import type { StorableKey } from "./storable.js";

/**
 * Rust's `Reverse<T>`: the values and bytes of `codec`, in the opposite order, the largest first. Maps with
 * such keys run in JavaScript; in a `composite` they can run in WebAssembly.
 */
export function reverse<T>(codec: StorableKey<T>): StorableKey<T> {
  return {
    name: `Reverse<${codec.name}>`,
    bound: codec.bound,
    toBytes: (value) => codec.toBytes(value),
    fromBytes: (bytes) => codec.fromBytes(bytes),
    compare: (a, b) => codec.compare(b, a),
    byteOrdered: false,
    encodedOrder: { reversed: codec },
  };
}
