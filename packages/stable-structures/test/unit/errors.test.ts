import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as api from "../../src/index.js";
import { type ErrorCode, StableStructuresError } from "../../src/index.js";

// One error for each code. The type makes a new code fail to compile until it stands here.
const ERRORS: Readonly<Record<ErrorCode, StableStructuresError>> = {
  STABLE_BAD_MAGIC: new api.BadMagicError("MGR", Uint8Array.of(1, 2, 3)),
  STABLE_BOUND_MISMATCH: new api.BoundMismatchError("reason"),
  STABLE_BROKEN: new api.BrokenError("a StableBTreeMap"),
  STABLE_BUCKET_SIZE_MISMATCH: new api.BucketSizeMismatchError(1, 128),
  STABLE_CATALOG_MISMATCH: new api.CatalogMismatchError("users", "id", "3", "4"),
  STABLE_CORRUPTED: new api.CorruptedError(4, "at most 32,768 buckets"),
  STABLE_DECODE_FAILED: new api.DecodeError("bool", "the byte 7"),
  STABLE_ENGINE_MISMATCH: new api.EngineMismatchError(1, 2),
  STABLE_FOREIGN_BYTES: new api.ForeignBytesError("open", "a MemoryManager", "a Cell"),
  STABLE_GROW_FAILED: new api.GrowFailedError(1, 128),
  STABLE_MEMORY_IN_USE: new api.MemoryInUseError("a StableBTreeMap"),
  STABLE_NODE_PAGE_SIZE_MISMATCH: new api.NodePageSizeMismatchError(256, 1024),
  STABLE_NOT_ASCENDING: new api.NotAscendingError(3),
  STABLE_OUT_OF_BOUNDS: new api.OutOfBoundsError(65535, 2, 65536),
  STABLE_READ_ONLY: new api.ReadOnlyError("the file a.bin"),
  STABLE_STALE_HANDLE: new api.StaleHandleError("this StableBTreeMap"),
  STABLE_TOO_MANY_BUCKETS: new api.TooManyBucketsError(1, 32768, 1),
  STABLE_UNSUPPORTED_VERSION: new api.UnsupportedVersionError("the map", 3, [1, 2]),
  STABLE_VALUE_TOO_LARGE: new api.ValueTooLargeError(5, 4, "reason"),
};

const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");

/** The text below each heading of `docs/errors.md`, by heading. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf("\n");
      return [section.slice(0, end), section.slice(end)] as const;
    }),
);

/** The class and the fields that a section names in its first line. */
function documented(code: string) {
  const [, name, fields = ""] = /^\n\n`(\w+)`: (.*)/.exec(sections.get(code) ?? "") ?? [];
  const names = fields.startsWith("no fields")
    ? []
    : fields.split(";")[0]?.match(/(?<=`)\w+(?=`)/g);
  return { name, fields: (names ?? []).filter((word) => word !== "cause").sort() };
}

describe("docs/errors.md", () => {
  it("has a heading for every code, and no other", () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it.each(Object.entries(ERRORS))(
    "%s names its class and fields, and has an example",
    (code, error) => {
      const fields = Object.keys(error).filter((name) => name !== "name" && name !== "code");
      expect(documented(code)).toEqual({ name: error.name, fields: fields.sort() });
      expect(sections.get(code)).toMatch(/^\*Do:\* /m);
      expect(sections.get(code)).toMatch(/^```ts$/m);
    },
  );
});

describe("the errors", () => {
  it.each(Object.entries(ERRORS))("%s is the code of its class", (code, error) => {
    expect(error.code).toBe(code);
    expect(error).toBeInstanceOf(StableStructuresError);
    expect(error.constructor.name).toBe(error.name);
    expect(error.message).not.toBe("");
  });

  it("have one exported class for each code", () => {
    const classes = Object.entries(api).filter(
      ([, value]) =>
        typeof value === "function" && value.prototype instanceof StableStructuresError,
    );
    expect(classes.map(([name]) => name).sort()).toEqual(
      Object.values(ERRORS)
        .map(({ name }) => name)
        .sort(),
    );
  });
});
