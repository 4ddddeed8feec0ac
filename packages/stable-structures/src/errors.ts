import { StableStructuresError } from "@stable-structures/core";
import { formatPages } from "./units.js";

export {
  EngineMismatchError,
  type ErrorCode,
  StableStructuresError,
} from "@stable-structures/core";

/** `STABLE_OUT_OF_BOUNDS`: an access outside a memory. Nothing was read or written. */
export class OutOfBoundsError extends StableStructuresError {
  override readonly name = "OutOfBoundsError";

  constructor(
    readonly offset: number,
    readonly length: number,
    readonly sizeInBytes: number,
  ) {
    super(
      "STABLE_OUT_OF_BOUNDS",
      `${length} bytes at offset ${offset} do not lie within the memory's ${sizeInBytes} bytes; grow it first`,
    );
  }
}

/** `STABLE_GROW_FAILED`: a memory refused to grow. Contents are as before. */
export class GrowFailedError extends StableStructuresError {
  override readonly name = "GrowFailedError";

  constructor(
    readonly sizeInPages: number,
    readonly pages: number,
    options?: ErrorOptions,
  ) {
    super(
      "STABLE_GROW_FAILED",
      `the memory has ${formatPages(sizeInPages)} and cannot grow by ${pages} more; ` +
        "its contents are unchanged: use a memory with a higher limit",
      options,
    );
  }
}

/** `STABLE_TOO_MANY_BUCKETS`: a growth would need more than the 32,768 buckets a manager can have. */
export class TooManyBucketsError extends StableStructuresError {
  override readonly name = "TooManyBucketsError";

  constructor(
    readonly bucketSizeInPages: number,
    readonly allocatedBuckets: number,
    readonly addedBuckets: number,
  ) {
    super(
      "STABLE_TOO_MANY_BUCKETS",
      `${allocatedBuckets.toLocaleString("en-US")} buckets are allocated and ${addedBuckets.toLocaleString("en-US")} more would pass the limit of 32,768; ` +
        `buckets of ${formatPages(bucketSizeInPages)} cap this manager for good: copy its memories into one with larger buckets`,
    );
  }
}

/** `STABLE_BAD_MAGIC`: the bytes that name the structure are others. */
export class BadMagicError extends StableStructuresError {
  override readonly name = "BadMagicError";

  constructor(
    readonly expected: string,
    readonly actual: Uint8Array,
  ) {
    super(
      "STABLE_BAD_MAGIC",
      `expected "${expected}" at the start of the memory, found the bytes [${[...actual].join(", ")}]`,
    );
  }
}

/** `STABLE_UNSUPPORTED_VERSION`: the structure is there, in a layout version this library lacks. */
export class UnsupportedVersionError extends StableStructuresError {
  override readonly name = "UnsupportedVersionError";

  constructor(
    readonly structure: string,
    readonly version: number,
    readonly supported: readonly number[],
  ) {
    super(
      "STABLE_UNSUPPORTED_VERSION",
      `${structure} has layout version ${version}; this library reads ${supported.join(" and ")}`,
    );
  }
}

/** `STABLE_BUCKET_SIZE_MISMATCH`: the image's bucket size is not the one asked for. */
export class BucketSizeMismatchError extends StableStructuresError {
  override readonly name = "BucketSizeMismatchError";

  constructor(
    readonly requested: number,
    readonly actual: number,
  ) {
    super(
      "STABLE_BUCKET_SIZE_MISMATCH",
      `the image has buckets of ${formatPages(actual)} and ${requested} were asked for; ` +
        "a bucket size is fixed when a manager is created: ask for the image's, or use MemoryManager.load",
    );
  }
}

/** `STABLE_NODE_PAGE_SIZE_MISMATCH`: the map's node pages are not of the size asked for. */
export class NodePageSizeMismatchError extends StableStructuresError {
  override readonly name = "NodePageSizeMismatchError";

  constructor(
    readonly requested: number,
    readonly actual: number,
  ) {
    super(
      "STABLE_NODE_PAGE_SIZE_MISMATCH",
      `the map has node pages of ${actual} bytes and ${requested} were asked for; ` +
        "their size is fixed when a map is created: ask for the map's or for none, or copy its entries into a new map",
    );
  }
}

/** `STABLE_BOUND_MISMATCH`: the codecs given cannot be those that the structure was written with. */
export class BoundMismatchError extends StableStructuresError {
  override readonly name = "BoundMismatchError";

  constructor(message: string, options?: ErrorOptions) {
    super("STABLE_BOUND_MISMATCH", message, options);
  }
}

/** `STABLE_VALUE_TOO_LARGE`: a key or value does not fit its codec's bound. Nothing was written. */
export class ValueTooLargeError extends StableStructuresError {
  override readonly name = "ValueTooLargeError";

  constructor(
    readonly actual: number | bigint,
    readonly maximum: number | bigint,
    message: string,
  ) {
    super("STABLE_VALUE_TOO_LARGE", message);
  }
}

/** `STABLE_DECODE_FAILED`: stored bytes are none that this codec writes. */
export class DecodeError extends StableStructuresError {
  override readonly name = "DecodeError";

  constructor(
    readonly codec: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(
      "STABLE_DECODE_FAILED",
      `stored bytes are no ${codec}: ${reason}; was it written by another codec?`,
      options,
    );
  }
}

/** `STABLE_CORRUPTED`: the image contradicts itself at `address` (of the memory it was read from). */
export class CorruptedError extends StableStructuresError {
  override readonly name = "CorruptedError";

  constructor(
    readonly address: number,
    readonly expected: string,
  ) {
    super("STABLE_CORRUPTED", `damaged bytes at address ${address}: expected ${expected}`);
  }
}

/** `STABLE_NOT_ASCENDING`: an entry of a bulk load does not come behind the one before it. */
export class NotAscendingError extends StableStructuresError {
  override readonly name = "NotAscendingError";

  /** `index` is the number of the entry, from 0. */
  constructor(readonly index = 0) {
    super(
      "STABLE_NOT_ASCENDING",
      `entry ${index} of the bulk load does not come behind the one before it, and nothing was kept; ` +
        "sort the entries by the codec's compare, or use insertMany",
    );
  }
}

/**
 * `STABLE_CATALOG_MISMATCH`: the catalog says something else about a name than what was asked for.
 * Nothing was written.
 */
export class CatalogMismatchError extends StableStructuresError {
  override readonly name = "CatalogMismatchError";

  constructor(
    /** The name that was asked for. */
    readonly memoryName: string,
    /** What differs. */
    readonly property: "name" | "id" | "version" | "structure" | "codecs",
    readonly found: string,
    readonly asked: string,
  ) {
    super(
      "STABLE_CATALOG_MISMATCH",
      `"${memoryName}": the catalog has the ${property} ${found}, and ${asked} was asked for; ` +
        "ask for what is there, or forget(name) first if its bytes were migrated",
    );
  }
}

/** `STABLE_MEMORY_IN_USE`: another structure holds this memory. */
export class MemoryInUseError extends StableStructuresError {
  override readonly name = "MemoryInUseError";

  constructor(readonly holder: string) {
    super(
      "STABLE_MEMORY_IN_USE",
      `this memory is in use by ${holder}; close() that one first, or use another memory`,
    );
  }
}

/**
 * `STABLE_FOREIGN_BYTES`: the memory holds something else than what was to be opened, or something
 * that creating would overwrite. `found` names it. Nothing was written.
 */
export class ForeignBytesError extends StableStructuresError {
  override readonly name = "ForeignBytesError";

  constructor(
    readonly action: "create" | "open",
    readonly wanted: string,
    readonly found: string,
  ) {
    const next =
      action === "open"
        ? "check which memory, and which id, this should be"
        : "use another memory, or create with overwrite: true and lose what is there";
    super(
      "STABLE_FOREIGN_BYTES",
      `cannot ${action} ${wanted} here: the memory holds ${found}; ${next}`,
    );
  }
}

/** `STABLE_STALE_HANDLE`: the object belongs to something that was closed. */
export class StaleHandleError extends StableStructuresError {
  override readonly name = "StaleHandleError";

  constructor(what: string) {
    super("STABLE_STALE_HANDLE", `${what} was closed; open it again`);
  }
}

/** `STABLE_READ_ONLY`: a write or a growth of a memory that was opened for reading. */
export class ReadOnlyError extends StableStructuresError {
  override readonly name = "ReadOnlyError";

  constructor(what: string) {
    super("STABLE_READ_ONLY", `${what} was opened read-only`);
  }
}

/**
 * `STABLE_BROKEN`: the memory failed in the middle of a commit, so what it holds may be half of an
 * operation. The structure refuses everything until it is opened again.
 */
export class BrokenError extends StableStructuresError {
  override readonly name = "BrokenError";

  constructor(what: string, options?: ErrorOptions) {
    super(
      "STABLE_BROKEN",
      `a write failed in the middle of an operation of ${what}; close it, restore or check the memory, and open it again`,
      options,
    );
  }
}
