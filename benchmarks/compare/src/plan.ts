import { type Case, FLOORS, type KeyType, type Phase, type ValueType } from "./case.js";

/** What to measure of a case: rounds of phases, each from empty maps. */
export interface Part {
  /** How the rows of this part begin. */
  readonly name: string;
  readonly case: Case;
  readonly sequences: readonly (readonly Phase[])[];
  readonly subjects: readonly string[];
}

export type Scale = "small" | "full";

const OURS = ["wasm", "wasm-number", "js", "rust"] as const;
const INSTALLED: readonly string[] = ["sorted-btree", "lmdb", "better-sqlite3", "classic-level"];
const RIVALS = ["Map", ...INSTALLED];

/** Whether a subject is one that the benchmark has to install. */
export const mustBeInstalled = (subject: string): boolean => INSTALLED.includes(subject);

/** Types that maps are measured with, and how a part with them is named. */
interface Types {
  readonly name: string;
  readonly keys: KeyType;
  readonly values: ValueType;
}

/** Numbers, and what a canister typically has: a record for each user, a document for each name. */
export const MAPS = [
  { name: "u64 → u64", keys: "u64", values: "u64" },
  { name: "principal → 128 bytes", keys: "principal", values: "blob128" },
  { name: "text → 500 bytes", keys: "text", values: "blob500" },
] as const satisfies readonly Types[];

const [NUMBERS, ...RECORDS] = MAPS;

const GROW = ["insert", "get", "get-absent", "iterate", "range", "get-many"] as const;

/** What every map can do, whatever its keys are. */
export const PHASES = [[...GROW, "remove"], ["insert-many"]] as const satisfies readonly Phase[][];

/** The same, and what it would take at best. */
const WITH_FLOORS = [...GROW, ...FLOORS, "remove"] as const satisfies readonly Phase[];

/** Everything that is measured at a scale. */
export function partsOf(scale: Scale): Part[] {
  const size = (full: number) => (scale === "full" ? full : Math.max(5000, full / 20));
  const numbers = (entries: number, bucketSizeInPages: number, maps: 1 | 2): Case => ({
    keys: "u64",
    values: "u64",
    entries,
    bucketSizeInPages,
    maps,
  });
  const placed: readonly (readonly [bucket: number, maps: 1 | 2])[] = [
    [1, 1],
    [128, 2],
    [1, 2],
  ];
  return [
    {
      name: NUMBERS.name,
      case: numbers(size(1_000_000), 128, 1),
      sequences: [WITH_FLOORS, ["insert-ascending"], ["insert-many"], ["bulk-load"]],
      subjects: [...OURS, ...RIVALS],
    },
    ...RECORDS.map(({ name, keys, values }) => ({
      name,
      case: { ...numbers(size(200_000), 128, 1), keys, values },
      sequences: [WITH_FLOORS, ["insert-many"]] as const,
      subjects: ["wasm", "js", "rust", ...RIVALS],
    })),
    ...placed.map(([bucket, maps]) => ({
      name: `bucket ${bucket}, ${maps === 1 ? "one map" : "two maps in turn"}`,
      case: numbers(size(1_000_000), bucket, maps),
      sequences: [["insert", "get", "iterate", "remove"]] as const,
      subjects: ["wasm-number", ...(bucket === 1 ? ["wasm-number-128"] : []), "rust"],
    })),
    {
      name: "u64 → u64, large",
      case: numbers(size(10_000_000), 128, 1),
      sequences: [["insert", "get", "get-many", "floor"]],
      subjects: ["wasm", "wasm-number", "rust"],
    },
  ];
}
