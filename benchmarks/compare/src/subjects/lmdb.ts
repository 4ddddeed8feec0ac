import type { AnyKey, Workload } from "../streams.js";
import { loadRival, temporaryFolder } from "./rivals.js";
import type { Store, StoredValue } from "./store-session.js";

interface Database {
  putSync(key: AnyKey, value: StoredValue): void;
  get(key: AnyKey): StoredValue | undefined;
  removeSync(key: AnyKey): boolean;
  clearSync(): void;
  getRange(range?: { start: AnyKey; end: AnyKey }): Iterable<{ key: AnyKey; value: StoredValue }>;
  transactionSync<T>(work: () => T): T;
  close(): void;
}

/** A memory-mapped B+tree on disk. Phases run in one transaction, and nothing is flushed. */
export function openLmdb({ case: { keys, values } }: Workload): Store {
  const { open } = loadRival("lmdb") as { open: (options: object) => Database };
  const folder = temporaryFolder();
  const database = open({
    path: folder.path,
    noSync: true,
    mapSize: 8 * 2 ** 30,
    ...(values === "u64" ? {} : { encoding: "binary" }),
    ...(keys === "principal" ? { keyEncoding: "binary" } : {}),
  });
  const pairs = function* (entries: Iterable<{ key: AnyKey; value: StoredValue }>) {
    for (const { key, value } of entries) yield [key, value] as const;
  };
  return {
    clear: () => database.clearSync(),
    set: (key, value) => database.putSync(key, value),
    get: (key) => database.get(key),
    delete: (key) => database.removeSync(key),
    entries: () => pairs(database.getRange()),
    range: (start, end) => pairs(database.getRange({ start, end })),
    transaction: (work) => database.transactionSync(work),
    close() {
      database.close();
      folder.remove();
    },
  };
}
