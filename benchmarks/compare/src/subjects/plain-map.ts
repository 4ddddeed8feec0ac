import type { AnyKey, Workload } from "../streams.js";
import type { Store, StoredValue } from "./store-session.js";

/**
 * JavaScript's own Map: in no order, with no ranges, and gone with the process. Bytes are no keys for it,
 * so they go in and out as text.
 */
export function openPlainMap({ case: { keys } }: Workload): Store {
  const map = new Map<AnyKey, StoredValue>();
  const isBytes = keys === "principal";
  const of = (key: AnyKey) => (isBytes ? Buffer.from(key as Uint8Array).toString("latin1") : key);
  return {
    isInHeap: true,
    clear: () => map.clear(),
    set: (key, value) => map.set(of(key), value),
    get: (key) => map.get(of(key)),
    delete: (key) => map.delete(of(key)),
    entries: () => map.entries(),
  };
}
