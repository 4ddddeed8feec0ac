// Runs the programs of this package as people do, rightly and wrongly, and holds them to their exit codes.
// `npm run coverage` looks on.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
// Scripts that find a difference are kept where they are found.
const cwd = path("../.reports/programs");
const vector = "../../../../vectors/golden/btreemap-u64-u64-mixed";

const few = "--scripts 4 --ops 500 --codec-values 50 --streams 10 --seed 1";
const runs = [
  { program: "conformance", args: few },
  { program: "conformance", args: `${few} --oracle ../../test/support/liar.mjs`, exit: 1 },
  { program: "conformance", args: `${few} --oracle /bin/true`, exit: 1 },
  { program: "conformance", args: "--scripts 0", without: "cargo" },
  { program: "conformance", args: "--scripts 0 --oracle /bin/true", without: "cargo", exit: 1 },
  { program: "conformance", args: "--scripts some", exit: 1 },
  { program: "fuzz", args: "--mutants 3000 --report fuzz.json" },
  { program: "vectors", args: "--check" },
  { program: "vectors", args: "" },
  { program: "vectors", args: "--check", without: "cargo", exit: 1 },
  { program: "replay", args: `${vector}.ops.gz --answers --limit 100 --out replayed.image.gz` },
  { program: "replay", args: `${vector}.ops.gz --memory sparse --out replayed.image` },
  { program: "replay", args: `${vector}.ops.gz --engine wasm --memory wasm --limit 1`, exit: 1 },
  { program: "replay", args: `${vector}.ops.gz --memory file --from ${vector}.image.gz` },
  { program: "replay", args: `${vector}.ops.gz --engine wasm --memory file`, exit: 1 },
  { program: "replay", args: "missing.ops", exit: 1 },
];

/** Structures of every kind, in memories of one manager. */
const STRUCTURES = {
  raw: "memory=0",
  btreemap: "memory=1 key=u64 value=string",
  btreemap_v1: "memory=2 key=blob4 value=u64",
  btreeset: "memory=3 key=u64",
  vec: "memory=4 value=u64",
  minheap: "memory=5 value=u64",
  cell: "memory=6 value=u64 default=0000000000000001",
  log: "memory=7 data=8 value=string",
};
const opened = [
  "manager bucket=1",
  ...Object.entries(STRUCTURES).map(([kind, options]) => `structure ${kind} ${kind} ${options}`),
];
const CANNOT_SEEK = ["buffered_writer", "buffered_reader"];
const STREAMS = [
  ...CANNOT_SEEK,
  "writer",
  "reader",
  "stable_io",
  "stable_writer",
  "stable_reader",
  "buffered_stable_writer",
  "buffered_stable_reader",
];
/** Every kind of stream is asked for all of them, also for those that it has not. */
const STREAM_OPERATIONS = [
  "write",
  "write 0102",
  "write_all -",
  "write_all 03",
  "flush",
  "read 1",
  "read_exact 1",
  "offset",
  "grow 1",
];
const used = [
  ...opened,
  "raw grow 1",
  "raw write 3 0102",
  "raw writer 65530 000102030405060708",
  "raw read 3 2",
  "raw size",
  "btreemap insert 0000000000000001 61",
  "btreemap walk_resume",
  "btreemap walk_next 1",
  "btreemap walk >0000000000000000 <=0000000000000009 rev",
  "btreemap walk_resume",
  "btreeset insert 0000000000000001",
  "vec push 0100000000000000",
  "vec set 0 0200000000000000",
  "vec set 7 0200000000000000",
  "minheap push 0000000000000001",
  "cell set 0000000000000002",
  "log append 6162",
  "reload",
  "btreemap walk_next 2",
  ...["vec", "minheap", "log"].map((name) => `${name} values`),
  "cell get",
  "log get 0",
  "log get 9",
  "stream io stable_io memory=base offset=0",
  "io read 3",
  "io read_exact 9999999",
  "io seek start 70000",
  "io write 0102",
  "io offset",
  "io fly",
  "io drop",
  "grow_base 1",
  "structure unplaced raw",
  "stream unplaced_writer writer",
  ...STREAMS.flatMap((kind) => [
    `stream ${kind} ${kind} memory=base${kind.startsWith("buffered") ? " capacity=8" : ""}`,
    ...STREAM_OPERATIONS.map((operation) => `${kind} ${operation}`),
    ...(CANNOT_SEEK.includes(kind) ? [] : [`${kind} seek`, `${kind} seek start 1`]),
    `${kind} drop`,
  ]),
];
/** Operations without their operands, which stand for no bytes and for 0. */
const bare = [
  ...opened,
  ...["vec push", "vec set", "vec get", "minheap push", "cell set", "log append", "log get"],
  ...["btreemap insert", "btreemap get", "btreeset insert", "raw write", "raw writer", "raw read"],
];
/** Each ends with a line that cannot be played. */
const mistakes = {
  ...Object.fromEntries(Object.keys(STRUCTURES).map((kind) => [kind, [...opened, `${kind} fly`]])),
  ...Object.fromEntries(
    Object.keys(STRUCTURES)
      .filter((kind) => kind !== "raw")
      .map((kind) => [`bare_${kind}`, ["manager bucket=1", `structure s ${kind} memory=0`]]),
  ),
  queue: ["manager bucket=1", "structure q queue memory=0"],
  unmanaged: ["structure r raw memory=0"],
  unhex: [...opened, "btreeset insert 0x"],
  tube: ["grow_base 1", "stream s tube memory=base"],
  alone: [...opened, "btreeset union nobody"],
  disordered: ["manager bucket=1", "structure h minheap memory=0 value=user"],
  unkeyed: ["manager bucket=1", "structure m btreemap memory=0 key=user value=user"],
  untyped: ["manager bucket=1", "structure v vec memory=0 value=nothing"],
};

rmSync(cwd, { recursive: true, force: true });
mkdirSync(cwd, { recursive: true });
const write = (name, lines) => writeFileSync(`${cwd}/${name}.ops`, `${lines.join("\n")}\n`);
write("used", used);
write("bare", bare);
runs.push({ program: "replay", args: "used.ops --answers" });
runs.push({ program: "replay", args: "bare.ops --answers" });
for (const [name, lines] of Object.entries(mistakes)) {
  write(name, lines);
  runs.push({ program: "replay", args: `${name}.ops`, exit: 1 });
}
for (const { program, args, exit = 0, without } of runs) {
  console.log(`${program} ${args}${without ? `, without ${without}` : ""}`);
  const main = path(`../dist/${program}-main.js`);
  const env = without ? { ...process.env, PATH: "" } : process.env;
  const run = spawnSync(process.execPath, [main, ...args.split(" ").filter(Boolean)], {
    cwd,
    env,
    encoding: "utf8",
  });
  if (run.status === exit) continue;
  console.error(`${run.stdout}${run.stderr}\nended with ${run.status} instead of ${exit}`);
  process.exitCode = 1;
}
