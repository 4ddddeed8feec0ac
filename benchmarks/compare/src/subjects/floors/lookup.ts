import type { StorableKey, WasmMemory } from "stable-structures";
import { MOST_QUERIES } from "../../case.js";
import type { List } from "../../streams.js";
import type { Work } from "../session.js";
import { Chain } from "./chain.js";
import { Ways } from "./ways.js";

/**
 * What memory alone costs: for each lookup one read in every node on its way, at the key where the search
 * ends there, then of the overflow pages that lead to the value, and of the value, each only when the one
 * before has arrived. Nothing is compared, and nothing is crossed.
 */
export function measureLookups<K>(
  { core }: WasmMemory,
  codec: StorableKey<K>,
  queries: List<K>,
): Work {
  const operations = Math.min(queries.length, MOST_QUERIES);
  const reads = readsOf(new Ways(core.bytes, codec), queries, operations);
  const chain = new Chain(core.bytes);
  const start = performance.now();
  const checksum = chain.follow(reads, 0, reads.length);
  return { operations, checksum, nanoseconds: (performance.now() - start) * 1e6 };
}

/** Pointers to what is read on the ways to the values of the first keys, one way behind the other. */
function readsOf<K>(ways: Ways<K>, queries: List<K>, count: number): Uint32Array {
  const pointers: number[] = [];
  for (let i = 0; i < count; i++) {
    const { reads, node, index, keyEnd } = ways.to(queries[i] as K);
    const value = node.valueOffset(index, keyEnd);
    pointers.push(...reads, ...node.pages(value + 1).slice(1), node.pointerTo(value));
  }
  return Uint32Array.from(pointers);
}
