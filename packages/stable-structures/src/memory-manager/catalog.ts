import { JsMap } from "../engine/js/js-map.js";
import { CatalogMismatchError, ForeignBytesError } from "../errors.js";
import { describeKind, isBlank, structureKindOf } from "../io/structure-kind.js";
import { claimWhile } from "../memory/claims.js";
import type { ContentsRecord } from "../memory/contents.js";
import type { Memory } from "../memory/memory.js";
import { text } from "../storable/text.js";
import {
  type CatalogEntry,
  checkContents,
  formatEntry,
  MAX_NAMED_ID,
  parseEntry,
} from "./catalog-entry.js";

/** The memory that holds the names of a manager's memories. */
export const CATALOG_ID = 253;

const HOLDER = "the catalog of names";
/** The catalog says about itself under the empty name, so that no other map is taken for one. */
const OWN_NAME = "";
const OWN_ENTRY = JSON.stringify({ catalog: 1 });
const CODECS = { key: text, value: text };

/** What a program says of a name that it asks for. */
export interface NamedMemoryOptions {
  /**
   * The memory's number, 0 to 252: gives it the name, unless it has it. `"next"` takes the highest that
   * has no name and no pages and was not asked for. Without it the name must be there.
   */
  id?: number | "next";
  /** The number you give to what is kept there; 1 unless given. Another one on record is an error. */
  version?: number;
}

/**
 * The names of a manager's memories: Rust's `StableBTreeMap<String, String>` in memory 253, from a name
 * to JSON of the rest. It is made when the first name is, and opened anew by each call.
 */
export class Catalog {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** All entries, by name. A manager without a catalog has none. */
  entries(): CatalogEntry[] {
    if (isBlank(structureKindOf(this.#memory))) return [];
    return this.#with(entriesIn);
  }

  /** The entry of `name`, or undefined. */
  find(name: string): CatalogEntry | undefined {
    return this.entries().find((entry) => entry.name === name);
  }

  /**
   * The entry of `name`, made when there is an id for it. `isFree` tells which ids may be chosen.
   * @throws CatalogMismatchError (`STABLE_CATALOG_MISMATCH`)
   */
  declare(
    name: string,
    { id, version }: NamedMemoryOptions,
    isFree: (id: number) => boolean,
  ): CatalogEntry {
    const entries = this.entries();
    const entry = entries.find((other) => other.name === name);
    if (entry === undefined) {
      const added = { name, version: version ?? 1, id: chooseId(name, id, entries, isFree) };
      this.#set(added);
      return added;
    }
    if (typeof id === "number" && id !== entry.id)
      throw new CatalogMismatchError(name, "id", `${entry.id}`, `${id}`);
    if (version !== undefined && version !== entry.version)
      throw new CatalogMismatchError(name, "version", `${entry.version}`, `${version}`);
    return entry;
  }

  /** Takes the name of `entry` out. */
  delete({ name }: CatalogEntry): void {
    this.#with((map) => map.remove(name));
  }

  /** The record of what the memory called `name` holds. */
  recordOf(name: string): ContentsRecord {
    return {
      check: (contents) => {
        const entry = this.find(name);
        if (entry !== undefined) checkContents(entry, contents);
      },
      keep: (contents) => {
        const entry = this.find(name);
        if (entry === undefined) return;
        const next = { ...entry, ...contents };
        if (formatEntry(next) !== formatEntry(entry)) this.#set(next);
      },
    };
  }

  #set(entry: CatalogEntry): void {
    this.#with((map) => map.insert(entry.name, formatEntry(entry)));
  }

  #with<T>(use: (map: JsMap<string, string>) => T): T {
    return claimWhile(this.#memory, HOLDER, (release) => {
      const result = use(this.#open());
      release();
      return result;
    });
  }

  #open(): JsMap<string, string> {
    const kind = structureKindOf(this.#memory);
    const isNew = isBlank(kind);
    if (!isNew && kind !== "btree-map")
      throw new ForeignBytesError("open", HOLDER, describeKind(kind));
    const map = isNew ? JsMap.create(this.#memory, CODECS) : JsMap.load(this.#memory, CODECS);
    // An empty map is a catalog that was cut off while it was made.
    if (map.length === 0) map.insert(OWN_NAME, OWN_ENTRY);
    if (!isCatalog(map))
      throw new ForeignBytesError("open", HOLDER, "a map that is no catalog of this version");
    return map;
  }
}

/**
 * The entries of the catalog in a memory that nobody uses, such as one of an image. None where there is
 * none. Writes nothing. @throws what the damage of a map makes its readers throw.
 */
export function readCatalog(memory: Memory): CatalogEntry[] {
  if (structureKindOf(memory) !== "btree-map") return [];
  const map = JsMap.load(memory, CODECS);
  return isCatalog(map) ? entriesIn(map) : [];
}

function isCatalog(map: JsMap<string, string>): boolean {
  return map.get(OWN_NAME) === OWN_ENTRY;
}

function entriesIn(map: JsMap<string, string>): CatalogEntry[] {
  const entries: CatalogEntry[] = [];
  const cursor = map.cursor({}, { reverse: false, values: true });
  while (cursor.next()) {
    if (cursor.key() !== OWN_NAME) entries.push(parseEntry(cursor.key(), cursor.value()));
  }
  cursor.close();
  return entries;
}

/** @throws CatalogMismatchError (`STABLE_CATALOG_MISMATCH`) when there is none, or it has another name. */
function chooseId(
  name: string,
  id: number | "next" | undefined,
  entries: readonly CatalogEntry[],
  isFree: (id: number) => boolean,
): number {
  if (id === "next") return highestFree(entries, isFree);
  if (id === undefined) {
    const names = entries.map((entry) => `"${entry.name}"`).join(", ");
    throw new CatalogMismatchError(name, "name", names || "no names", `"${name}"`);
  }
  const other = entries.find((entry) => entry.id === id);
  if (other === undefined) return id;
  throw new CatalogMismatchError(name, "name", `"${other.name}" for id ${id}`, `"${name}"`);
}

/** From the top, because programs number their memories from 0. */
function highestFree(entries: readonly CatalogEntry[], isFree: (id: number) => boolean): number {
  for (let id = MAX_NAMED_ID; id >= 0; id--) {
    if (isFree(id) && !entries.some((entry) => entry.id === id)) return id;
  }
  throw new RangeError("all ids from 0 to 252 are in use; give the id of a memory instead");
}
