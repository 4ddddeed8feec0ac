import { CatalogMismatchError, DecodeError } from "../errors.js";
import type { Contents } from "../memory/contents.js";

/** Ids up to this one may have names; 253 is the catalog's, and 254 is where Azle keeps its files. */
export const MAX_NAMED_ID = 252;

/** What a catalog says about a name. */
export interface CatalogEntry {
  readonly name: string;
  /** Number of the memory: 0 to 252. */
  readonly id: number;
  /** The number that the program gave to what it keeps there; 1 unless it gave another. */
  readonly version: number;
  /** Kind of the structure, such as `btree-map`, once one was opened there. */
  readonly structure?: string;
  /** What its codecs write, such as `["text", "u64 (8 bytes)"]`, once it was opened. */
  readonly codecs?: readonly string[];
}

/** JSON of all but the name. */
export function formatEntry({ name, ...rest }: CatalogEntry): string {
  return JSON.stringify(rest);
}

/** Holds what is opened to what its entry says. */
export function checkContents(entry: CatalogEntry, { structure, codecs }: Contents): void {
  const { name } = entry;
  if (entry.structure !== undefined && entry.structure !== structure)
    throw new CatalogMismatchError(name, "structure", entry.structure, structure);
  if (entry.codecs !== undefined && entry.codecs.join() !== codecs.join())
    throw new CatalogMismatchError(name, "codecs", entry.codecs.join(", "), codecs.join(", "));
}

/** @throws DecodeError (`STABLE_DECODE_FAILED`) when the JSON is not that of an entry. */
export function parseEntry(name: string, json: string): CatalogEntry {
  const entry = parseObject(json);
  const { id, version, structure, codecs } = entry;
  if (!isWhole(id, 0, MAX_NAMED_ID) || !isWhole(version, 0, Number.MAX_SAFE_INTEGER))
    throw damaged(name, "an id from 0 to 252 and a version");
  if (structure !== undefined && typeof structure !== "string")
    throw damaged(name, "the kind of a structure");
  if (codecs !== undefined && !isListOfText(codecs)) throw damaged(name, "a list of codecs");
  return {
    name,
    id,
    version,
    ...(structure === undefined ? {} : { structure }),
    ...(codecs === undefined ? {} : { codecs }),
  };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new DecodeError("catalog entry", (cause as Error).message, { cause });
  }
  throw new DecodeError("catalog entry", "it is no object");
}

function damaged(name: string, expected: string): DecodeError {
  return new DecodeError("catalog entry", `"${name}" lacks ${expected}`);
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
