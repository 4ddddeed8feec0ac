import { type Phase, RANGE } from "../case.js";
import { type AnyKey, bytesValue, type List, numberOf, type Workload } from "../streams.js";
import { loadRival, temporaryFolder } from "./rivals.js";
import type { Session, Work } from "./session.js";

interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  clear(): Promise<void>;
  batch(operations: readonly object[]): Promise<void>;
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  iterator(range?: object): AsyncIterable<[Uint8Array, Uint8Array]>;
}

const BATCH = 1000;
/** Each lookup waits for a thread, so fewer are enough. */
const MOST_LOOKUPS = 100_000;

/** LevelDB on disk: every answer is a promise. Writes go in batches of 1,000. */
export async function openLevel(work: Workload): Promise<Session> {
  const { ClassicLevel } = loadRival("classic-level") as {
    ClassicLevel: new (path: string, options: object) => Level;
  };
  const folder = temporaryFolder();
  const database = new ClassicLevel(folder.path, { keyEncoding: "view", valueEncoding: "view" });
  await database.open();
  return new LevelSession(work, database, folder.remove);
}

class LevelSession implements Session {
  readonly #work: Workload;
  readonly #database: Level;
  readonly #remove: () => void;

  constructor(work: Workload, database: Level, remove: () => void) {
    this.#work = work;
    this.#database = database;
    this.#remove = remove;
  }

  reset(): Promise<void> {
    return this.#database.clear();
  }

  async close(): Promise<void> {
    await this.#database.close();
    this.#remove();
  }

  async run(phase: Phase): Promise<Work | undefined> {
    const { keys, queries, absent, case: chosen } = this.#work;
    if (chosen.maps > 1) return undefined;
    switch (phase) {
      case "insert":
        return this.#write(keys, "put");
      case "get":
        return this.#get(queries, Math.min(queries.length, MOST_LOOKUPS));
      case "get-absent":
        return this.#get(absent, Math.min(absent.length, MOST_LOOKUPS));
      case "iterate":
        return this.#iterate();
      case "range":
        return this.#range();
      case "remove":
        return this.#write(queries, "del");
      default:
        return undefined;
    }
  }

  async #write(keys: List<AnyKey>, type: "put" | "del"): Promise<Work> {
    const valueAt = valueBytes(this.#work);
    for (let start = 0; start < keys.length; start += BATCH) {
      const end = Math.min(start + BATCH, keys.length);
      const batch = Array.from({ length: end - start }, (_, i) => ({
        type,
        key: keyBytes(keys[start + i] as AnyKey),
        ...(type === "put" ? { value: valueAt(start + i) } : {}),
      }));
      await this.#database.batch(batch);
    }
    return { operations: keys.length, checksum: keys.length };
  }

  async #get(keys: List<AnyKey>, operations: number): Promise<Work> {
    let checksum = 0;
    for (let i = 0; i < operations; i++) {
      const value = await this.#database.get(keyBytes(keys[i] as AnyKey));
      checksum += value === undefined ? 1 : numberOf(value);
    }
    return { operations, checksum };
  }

  async #iterate(): Promise<Work> {
    let checksum = 0;
    for await (const [, value] of this.#database.iterator()) checksum += numberOf(value);
    return { operations: this.#work.keys.length, checksum };
  }

  async #range(): Promise<Work> {
    const { starts, ends } = this.#work;
    let checksum = 0;
    for (let i = 0; i < starts.length; i++) {
      const range = { gte: keyBytes(starts[i] as AnyKey), lt: keyBytes(ends[i] as AnyKey) };
      for await (const [, value] of this.#database.iterator(range)) checksum += numberOf(value);
    }
    return { operations: starts.length * RANGE, checksum };
  }
}

function keyBytes(key: AnyKey): Uint8Array {
  if (typeof key === "string") return Buffer.from(key);
  if (typeof key !== "number") return key;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(key));
  return bytes;
}

/** A number goes in as four bytes, big-endian. */
function valueBytes({ case: { values } }: Workload): (index: number) => Uint8Array {
  if (values !== "u64") {
    const valueAt = bytesValue(values);
    return (index) => valueAt(index).slice();
  }
  return (index) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, index);
    return bytes;
  };
}
