/**
 * Stable codes of everything a program may want to react to. Codes change only in a major release;
 * messages may change in any. `docs/errors.md` has a heading for each.
 */
export type ErrorCode =
  | "STABLE_BAD_MAGIC"
  | "STABLE_BOUND_MISMATCH"
  | "STABLE_BROKEN"
  | "STABLE_BUCKET_SIZE_MISMATCH"
  | "STABLE_CATALOG_MISMATCH"
  | "STABLE_CORRUPTED"
  | "STABLE_DECODE_FAILED"
  | "STABLE_ENGINE_MISMATCH"
  | "STABLE_FOREIGN_BYTES"
  | "STABLE_GROW_FAILED"
  | "STABLE_MEMORY_IN_USE"
  | "STABLE_NODE_PAGE_SIZE_MISMATCH"
  | "STABLE_NOT_ASCENDING"
  | "STABLE_OUT_OF_BOUNDS"
  | "STABLE_READ_ONLY"
  | "STABLE_STALE_HANDLE"
  | "STABLE_TOO_MANY_BUCKETS"
  | "STABLE_UNSUPPORTED_VERSION"
  | "STABLE_VALUE_TOO_LARGE";

/**
 * An error that a program may want to catch. Tell them apart by `code`. Mistakes of the calling
 * program, such as a wrong argument type, are `TypeError` or `RangeError` and carry no code.
 */
export class StableStructuresError extends Error {
  override readonly name: string = "StableStructuresError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** `STABLE_ENGINE_MISMATCH`: the WebAssembly module is not the one this loader was written for. */
export class EngineMismatchError extends StableStructuresError {
  override readonly name = "EngineMismatchError";

  constructor(
    readonly expected: number,
    readonly actual: number | undefined,
    options?: ErrorOptions,
  ) {
    const found = actual === undefined ? "has none: it is another module" : `is ${actual}`;
    super(
      "STABLE_ENGINE_MISMATCH",
      `the engine's ABI number should be ${expected} and ${found}; ` +
        "load the core.wasm of the installed version of @stable-structures/core",
      options,
    );
  }
}
