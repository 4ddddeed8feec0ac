import type { AnyKey, Workload } from "../streams.js";
import { loadRival } from "./rivals.js";
import type { Store, StoredValue } from "./store-session.js";

interface BTree {
  set(key: AnyKey, value: StoredValue): boolean;
  get(key: AnyKey): StoredValue | undefined;
  delete(key: AnyKey): boolean;
  clear(): void;
  entries(lowest?: AnyKey): IterableIterator<[AnyKey, StoredValue]>;
}

type Compare = (a: never, b: never) => number;

const COMPARE: Readonly<Record<Workload["case"]["keys"], Compare>> = {
  u64: (a: number, b: number) => a - b,
  principal: Buffer.compare as Compare,
  text: (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0),
};

/** A B-tree in the JavaScript heap: fast, and gone with the process. */
export function openSortedBtree({ case: { keys } }: Workload): Store {
  const { default: Tree } = loadRival("sorted-btree") as {
    default: new (entries: undefined, compare: Compare) => BTree;
  };
  let tree = new Tree(undefined, COMPARE[keys]);
  const compare = COMPARE[keys] as (a: AnyKey, b: AnyKey) => number;
  return {
    isInHeap: true,
    clear() {
      tree = new Tree(undefined, COMPARE[keys]);
    },
    set: (key, value) => tree.set(key, value),
    get: (key) => tree.get(key),
    delete: (key) => tree.delete(key),
    entries: () => tree.entries(),
    *range(start, end) {
      for (const entry of tree.entries(start)) {
        if (compare(entry[0], end) >= 0) return;
        yield entry;
      }
    },
  };
}
