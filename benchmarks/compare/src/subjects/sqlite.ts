import { join } from "node:path";
import type { AnyKey, Workload } from "../streams.js";
import { loadRival, temporaryFolder } from "./rivals.js";
import type { Store, StoredValue } from "./store-session.js";

interface Statement {
  run(...values: unknown[]): { changes: number };
  get(...values: unknown[]): { v: StoredValue } | undefined;
  iterate(...values: unknown[]): Iterable<{ k: AnyKey; v: StoredValue }>;
}

interface Database {
  pragma(text: string): void;
  exec(text: string): void;
  prepare(text: string): Statement;
  transaction<T>(work: () => T): () => T;
  close(): void;
}

const COLUMNS = {
  u64: "k INTEGER PRIMARY KEY, v INTEGER",
  principal: "k BLOB PRIMARY KEY, v BLOB",
  text: "k TEXT PRIMARY KEY, v BLOB",
} as const;

/** SQLite on disk. Phases run in one transaction, and nothing is flushed. */
export function openSqlite({ case: { keys } }: Workload): Store {
  const Sqlite = loadRival("better-sqlite3") as new (path: string) => Database;
  const folder = temporaryFolder();
  const database = new Sqlite(join(folder.path, "bench.sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = OFF");
  database.exec(`CREATE TABLE map (${COLUMNS[keys]})${keys === "u64" ? "" : " WITHOUT ROWID"}`);
  const insert = database.prepare("INSERT OR REPLACE INTO map VALUES (?, ?)");
  const select = database.prepare("SELECT v FROM map WHERE k = ?");
  const remove = database.prepare("DELETE FROM map WHERE k = ?");
  const all = database.prepare("SELECT k, v FROM map ORDER BY k");
  const some = database.prepare("SELECT k, v FROM map WHERE k >= ? AND k < ? ORDER BY k");
  const pairs = function* (rows: Iterable<{ k: AnyKey; v: StoredValue }>) {
    for (const { k, v } of rows) yield [k, v] as const;
  };
  return {
    clear: () => database.exec("DELETE FROM map"),
    set: (key, value) => insert.run(key, value),
    get: (key) => select.get(key)?.v,
    delete: (key) => remove.run(key).changes > 0,
    entries: () => pairs(all.iterate()),
    range: (start, end) => pairs(some.iterate(start, end)),
    transaction: (work) => database.transaction(work)(),
    close() {
      database.close();
      folder.remove();
    },
  };
}
