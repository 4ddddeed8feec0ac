import { toWord } from "./answer.js";
import { Random } from "./random.js";

const WRITERS = ["writer", "buffered_writer"] as const;
const READERS = ["reader", "buffered_reader"] as const;
const STABLE = [
  "stable_io",
  "stable_writer",
  "stable_reader",
  "buffered_stable_writer",
  "buffered_stable_reader",
] as const;

const CAPACITIES = [0, 1, 7, 64, 1000, 8192, 70_000] as const;
const LENGTHS = [0, 1, 3, 6, 7, 8, 63, 64, 65, 999, 1000, 1001, 5000, 66_000] as const;

/** A script of streams. */
export interface StreamScript {
  /**
   * Most pages the base memory may have. Under a manager there is no limit: there the crate panics on
   * a refused growth, and leaves the manager damaged.
   */
  readonly limit: number | undefined;
  readonly lines: string[];
}

/**
 * A random script of readers and writers that come and go over one memory: the base itself, or two
 * memories of a manager. Lengths lie around the capacities of the buffers; some memories are small, so
 * that writes are refused and buffers keep what they could not write.
 */
export function generateStreams(seed: number, operations: number): StreamScript {
  const random = new Random(seed);
  const managed = random.chance(40);
  const limit = managed ? undefined : random.pick([1, 2, 3, 40]);
  const lines = managed ? ["manager bucket=1"] : [`grow_base ${random.between(0, 1)}`];
  const open = new Map<string, string>();
  let made = 0;
  for (let i = 0; i < operations; i++) {
    if (open.size === 0 || (open.size < 4 && random.chance(3))) {
      const kind = random.pick(
        managed ? [...WRITERS, ...READERS] : [...WRITERS, ...READERS, ...STABLE, ...STABLE],
      );
      const name = `s${made++}`;
      open.set(name, kind);
      lines.push(`stream ${name} ${kind} ${placeOf(random, kind, managed)}`);
    } else {
      const [name, kind] = random.pick([...open]) as [string, string];
      const operation = operationOf(random, kind);
      if (operation === "drop") open.delete(name);
      lines.push(`${name} ${operation}`);
    }
  }
  lines.push(...[...open.keys()].map((name) => `${name} drop`));
  return { limit, lines };
}

function placeOf(random: Random, kind: string, managed: boolean): string {
  const memory = managed ? random.between(0, 1) : "base";
  const offset = random.chance(70) ? 0 : random.between(0, 70_000);
  const capacity = kind.startsWith("buffered") ? ` capacity=${random.pick(CAPACITIES)}` : "";
  return `memory=${memory} offset=${offset}${capacity}`;
}

function operationOf(random: Random, kind: string): string {
  const writes = kind.endsWith("writer") || kind === "stable_io";
  const reads = kind.endsWith("reader") || kind === "stable_io";
  const stable = kind.includes("stable");
  const choice = random.weighted({
    write: writes ? 50 : 0,
    write_all: writes ? 20 : 0,
    flush: writes ? 10 : 0,
    read: reads ? 50 : 0,
    read_exact: reads ? 20 : 0,
    seek: stable ? 12 : 0,
    offset: stable ? 10 : 0,
    grow: kind === "stable_io" || kind === "stable_writer" ? 2 : 0,
    drop: 4,
  });
  switch (choice) {
    case "write":
    case "write_all":
      return `${choice} ${toWord(random.bytes(random.pick(LENGTHS)))}`;
    case "read":
    case "read_exact":
      return `${choice} ${random.pick(LENGTHS)}`;
    case "seek":
      return `seek ${random.pick(["start", "current", "end"])} ${random.between(0, random.pick([10, 3000, 140_000]))}`;
    case "grow":
      return `grow ${random.between(0, 2)}`;
    default:
      return choice;
  }
}
