import { toWord } from "./answer.js";
import { generateScript, type ScriptOptions } from "./generate.js";
import { Random } from "./random.js";

/** Scripts of the project's own, for types and shapes that the first vectors lack, by name. */
export function ownScripts(): ReadonlyMap<string, readonly string[]> {
  const scripts = new Map<string, readonly string[]>();
  MAPS.forEach(([types, operations], i) => {
    const name = `btreemap-${types.replace("/", "-").replace(":", "-")}-generated`;
    scripts.set(name, oneMap(7000 + i, types, operations));
  });
  scripts.set("btreemap-v1-migrated-blob64-blob64-overflow", overflowingV1());
  scripts.set("btreemap-u64-blob-node-page-128", otherNodePages(7400, 128));
  scripts.set("btreemap-u64-blob-node-page-256", otherNodePages(7401, 256));
  scripts.set("manager-three-maps-bucket1", threeMaps(7100, 1));
  scripts.set("manager-three-maps-bucket3", threeMaps(7101, 3));
  for (const bucketSize of [1, 3]) {
    const name = `manager-raw-generated-bucket${bucketSize}`;
    scripts.set(
      name,
      script(7200 + bucketSize, { operations: 60, mapTypes: [], maps: 0, raws: 3, bucketSize }),
    );
  }
  for (const [name, lines] of elementScripts()) scripts.set(name, lines);
  return scripts;
}

/** Vectors, heaps, cells and logs of types whose elements vary in length, and many in one manager. */
function* elementScripts(): Generator<[name: string, lines: string[]]> {
  for (const [i, bucketSize] of [1, 3].entries()) {
    const options = { operations: 4000, mapTypes: ["u64:blob"], maps: 1, raws: 1, bucketSize };
    yield [`manager-many-kinds-bucket${bucketSize}`, script(7400 + i, { ...options, others: 12 })];
  }
  yield ["vec-principal-short-last", shortLast()];
}

/** A short last element, replaced by a longer one for which the memory must grow. */
function shortLast(): string[] {
  // 2,182 slots of 30 bytes leave 12 bytes of the page: room for the start of the next slot.
  const full = Array.from({ length: 2182 }, (_, i) => `push ${toWord(new Random(i).bytes(29))}`);
  return [
    "manager bucket=1",
    "structure v vec memory=3 value=principal",
    "structure h minheap memory=7 value=principal",
    ...full.flatMap((line) => [`v ${line}`, `h ${line}`]),
    "v push 01",
    `v set 2182 ${toWord(new Random(1).bytes(29))}`,
    // Shorter principals are less: its longer parents move down, into the last slot.
    "h push 01",
    "v pop",
    "h pop",
    "h push -",
  ];
}

const MAPS: readonly (readonly [types: string, operations: number])[] = [
  ["u16:u64", 1500],
  ["u16:unit", 1500],
  ["bool:blob", 200],
  ["unit:blob", 100],
  ["string:bool", 1000],
  ["u64:unit", 1500],
  ["u64:f32", 1000],
  ["u64:f64", 1000],
  ["u32:u16", 1000],
  ["tuple_blob64_u16:u64", 1000],
  ["tuple_principal_u64:unit", 1000],
  ["u64:tuple_blob64_u16", 1000],
  ["v1/bytes32:u64", 1000],
];

/** Reads leave no trace in an image, so golden scripts go without. */
const READ =
  / (get|contains|len|first|last|peek|entries|range|keys_range|values_range|values|read|size)( |$)/;

function script(seed: number, options: ScriptOptions): string[] {
  return generateScript(seed, { others: 0, ...options }).filter((line) => !READ.test(line));
}

function oneMap(seed: number, types: string, operations: number): string[] {
  return script(seed, { operations, mapTypes: [types], maps: 1, raws: 0, bucketSize: 1 });
}

/** Three maps of different types that take buckets in turn. */
function threeMaps(seed: number, bucketSize: number): string[] {
  return script(seed, {
    operations: 3000,
    mapTypes: ["u64:blob", "string:u64", "principal:blob"],
    maps: 3,
    raws: 0,
    bucketSize,
  });
}

/**
 * A map whose node page size is not the crate's choice. The crate cannot create one and opens any, so the
 * script first writes an empty one, as `StableBTreeMap.create` with `nodePageSize` makes it.
 */
function otherNodePages(seed: number, nodePageSize: number): string[] {
  const random = new Random(seed);
  const key = () => toWord(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, random.between(0, 255)));
  const insert = () => `m insert ${key()} ${toWord(random.bytes(random.between(0, 300)))}`;
  const phase = (count: number, inserts: number) =>
    Array.from({ length: count }, () => (random.chance(inserts) ? insert() : `m remove ${key()}`));
  return [
    "manager bucket=1",
    "structure r raw memory=2",
    "r grow 1",
    `r write 0 ${toWord(emptyMapBytes(nodePageSize))}`,
    "structure m btreemap memory=2 key=u64 value=blob",
    ...phase(500, 75),
    "reload",
    ...phase(300, 25),
    "m clear",
    ...phase(300, 75),
  ];
}

/** The bytes of an empty map of layout version 2, by `docs/format/btree-map.md`. */
function emptyMapBytes(nodePageSize: number): Uint8Array {
  const bytes = new Uint8Array(116);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x54, 0x52, 2]); // "BTR"
  view.setUint32(4, nodePageSize, true);
  view.setUint32(8, 0xffff_ffff, true);
  bytes.set([0x42, 0x54, 0x41, 1], 52); // "BTA"
  view.setUint32(60, nodePageSize, true);
  view.setUint32(76, 100, true);
  bytes.set([0x43, 0x48, 0x4b, 1], 100); // "CHK"
  return bytes;
}

/**
 * Full slots in a map of layout version 1: after it is migrated its new nodes are 8 bytes longer than
 * the node page that the old bounds give, so they overflow.
 */
function overflowingV1(): string[] {
  const random = new Random(7300);
  const key = (index: number) => toWord(new Random(index).bytes(64));
  const insert = () => `m insert ${key(random.between(1, 400))} ${toWord(random.bytes(64))}`;
  const remove = () => `m remove ${key(random.between(1, 400))}`;
  const phase = (count: number, inserts: number) =>
    Array.from({ length: count }, () => (random.chance(inserts) ? insert() : remove()));
  return [
    "manager bucket=1",
    "structure m btreemap_v1 memory=5 key=blob64 value=blob64",
    ...phase(250, 90),
    "m migrate",
    ...phase(700, 70),
    "reload",
    ...phase(400, 25),
    ...phase(400, 80),
  ];
}
