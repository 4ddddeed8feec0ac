import type { Workload } from "../streams.js";
import { openLevel } from "./level.js";
import { openLmdb } from "./lmdb.js";
import { openOurs } from "./ours.js";
import { openPlainMap } from "./plain-map.js";
import type { Session } from "./session.js";
import { openSortedBtree } from "./sorted-btree.js";
import { openSqlite } from "./sqlite.js";
import { type Store, StoreSession } from "./store-session.js";

type Open = (work: Workload, counting: boolean) => Session | Promise<Session>;

const stored =
  (open: (work: Workload) => Store): Open =>
  (work) =>
    new StoreSession(work, open(work));

const SUBJECTS: Readonly<Record<string, Open>> = {
  wasm: (work, counting) => openOurs(work, { engine: "wasm", integers: "bigint", counting }),
  "wasm-number": (work, counting) =>
    openOurs(work, { engine: "wasm", integers: "number", counting }),
  "wasm-number-128": (work, counting) =>
    openOurs(work, { engine: "wasm", integers: "number", counting, bucketSizeInPages: 128 }),
  js: (work, counting) => openOurs(work, { engine: "js", integers: "bigint", counting }),
  "sorted-btree": stored(openSortedBtree),
  Map: stored(openPlainMap),
  lmdb: stored(openLmdb),
  "better-sqlite3": stored(openSqlite),
  "classic-level": openLevel,
};

/** Opens a subject by its name. @throws when it cannot be loaded. */
export async function openSubject(
  name: string,
  work: Workload,
  counting: boolean,
): Promise<Session> {
  const open = SUBJECTS[name];
  if (open === undefined) throw new Error(`there is no subject ${name}`);
  return open(work, counting);
}
