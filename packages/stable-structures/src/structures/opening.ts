import { ForeignBytesError } from "../errors.js";
import {
  describeKind,
  isBlank,
  type StructureKind,
  structureKindOf,
} from "../io/structure-kind.js";
import { type Contents, recordOf } from "../memory/contents.js";
import { type Memory, zero } from "../memory/memory.js";
import { type DescribedCodec, describeCodec, type Storable } from "../storable/storable.js";

/** What to do with a memory that holds something where a structure is created. */
export interface OverwriteOptions {
  /** Create even where the memory holds something, which is lost. Other bytes stay, as in Rust. */
  overwrite?: boolean;
  /** With `overwrite`: also write zeroes over the whole memory first. */
  zero?: boolean;
}

/**
 * Makes sure that creating `wanted` in `memory` loses nothing, or was asked for.
 * @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) naming what would be lost.
 */
export function prepareToCreate(
  memory: Memory,
  wanted: string,
  { overwrite = false, zero: zeroes = false }: OverwriteOptions,
): void {
  const kind = structureKindOf(memory);
  if (!isBlank(kind) && !overwrite)
    throw new ForeignBytesError("create", wanted, describeKind(kind));
  if (overwrite && zeroes) zero(memory);
}

/** @throws ForeignBytesError (`STABLE_FOREIGN_BYTES`) unless `memory` announces `kind`, naming what it does. */
export function expectKind(memory: Memory, wanted: string, kind: StructureKind): void {
  const found = structureKindOf(memory);
  if (found !== kind) throw new ForeignBytesError("open", wanted, describeKind(found));
}

/** What a structure is, for the record of a memory that has a name. */
export function contentsOf(kind: StructureKind, ...codecs: readonly DescribedCodec[]): Contents {
  return { structure: kind, codecs: codecs.map(describeCodec) };
}

/** Makes a structure with `create`, and puts it on record where its memory has a name. */
export function createOnRecord<T>(memory: Memory, contents: Contents, create: () => T): T {
  const created = create();
  recordOf(memory)?.keep(contents);
  return created;
}

/**
 * Opens a structure with `load`. Where its memory has a name it must be what is on record, and goes there
 * when nothing is.
 * @throws CatalogMismatchError (`STABLE_CATALOG_MISMATCH`)
 */
export function loadOnRecord<T>(memory: Memory, contents: Contents, load: () => T): T {
  const record = recordOf(memory);
  record?.check(contents);
  const loaded = load();
  record?.keep(contents);
  return loaded;
}

/** Programs in plain JavaScript get told here what TypeScript tells the others. */
export function checkCodec(name: string, codec: Partial<Storable<unknown>> | undefined): void {
  if (typeof codec?.fromBytes !== "function" || typeof codec.toBytes !== "function")
    throw new TypeError(`options.${name} must be a codec, such as u64 or text`);
}
