import { MOST_QUERIES, type Phase, RANGE } from "../case.js";
import { type AnyKey, bytesValue, numberOf, type Workload } from "../streams.js";
import type { Session, Work } from "./session.js";

/** Values as other stores take them: numbers, or bytes that are theirs to keep. */
export type StoredValue = number | Uint8Array;

/** What is asked of another sorted store. Its keys are numbers, bytes or text. */
export interface Store {
  clear(): void;
  set(key: AnyKey, value: StoredValue): void;
  get(key: AnyKey): StoredValue | undefined;
  /** True when there was something to delete. */
  delete(key: AnyKey): boolean;
  entries(): Iterable<readonly [AnyKey, StoredValue]>;
  /** From `start` up to, but not including, `end`. */
  range?(start: AnyKey, end: AnyKey): Iterable<readonly [AnyKey, StoredValue]>;
  /** Runs a phase in what the store has for many operations at once. */
  transaction?<T>(work: () => T): T;
  /** Values live in the JavaScript heap, so their bytes can be told from its size. */
  readonly isInHeap?: boolean;
  close?(): void;
}

/** Runs the phases on a store. */
export class StoreSession implements Session {
  readonly #work: Workload;
  readonly #store: Store;
  readonly #value: (index: number) => StoredValue;

  constructor(work: Workload, store: Store) {
    this.#work = work;
    this.#store = store;
    const bytes = bytesValue(work.case.values);
    this.#value = work.case.values === "u64" ? (index) => index : (index) => bytes(index).slice();
  }

  reset(): void {
    this.#store.clear();
  }

  /** Fills the store from the beginning: only then does the heap tell what entries take. */
  bytes(): number {
    if (!this.#store.isInHeap) return Number.NaN;
    this.#store.clear();
    const before = heapBytes();
    this.#insert();
    return heapBytes() - before;
  }

  close(): void {
    this.#store.close?.();
  }

  run(phase: Phase): Work | undefined {
    if (this.#work.case.maps > 1) return undefined;
    const work = this.#phase(phase);
    if (work === undefined) return undefined;
    return this.#store.transaction === undefined ? work() : this.#store.transaction(work);
  }

  #phase(phase: Phase): (() => Work) | undefined {
    switch (phase) {
      case "insert":
        return () => this.#insert();
      case "get":
        return () => this.#get();
      case "get-absent":
        return () => this.#getAbsent();
      case "iterate":
        return () => this.#iterate();
      case "range":
        return this.#store.range && (() => this.#range());
      case "remove":
        return () => this.#remove();
      case "insert-ascending":
        return this.#work.case.keys === "u64" ? () => this.#insertAscending() : undefined;
      default:
        return undefined;
    }
  }

  #insert(): Work {
    const { keys } = this.#work;
    const store = this.#store;
    for (let i = 0; i < keys.length; i++) store.set(keys[i] as AnyKey, this.#value(i));
    return { operations: keys.length, checksum: keys.length };
  }

  #insertAscending(): Work {
    const { length } = this.#work.keys;
    for (let i = 0; i < length; i++) this.#store.set(i, i);
    return { operations: length, checksum: length };
  }

  #get(): Work {
    const { queries } = this.#work;
    const store = this.#store;
    const operations = Math.min(queries.length, MOST_QUERIES);
    let checksum = 0;
    for (let i = 0; i < operations; i++) checksum += asNumber(store.get(queries[i] as AnyKey));
    return { operations, checksum };
  }

  #getAbsent(): Work {
    const { absent } = this.#work;
    let checksum = 0;
    for (let i = 0; i < absent.length; i++) {
      if (this.#store.get(absent[i] as AnyKey) === undefined) checksum++;
    }
    return { operations: absent.length, checksum };
  }

  #iterate(): Work {
    let checksum = 0;
    let previous: AnyKey | undefined;
    for (const [key, value] of this.#store.entries()) {
      if (key === previous) throw new Error("a key came twice");
      previous = key;
      checksum += asNumber(value);
    }
    return { operations: this.#work.keys.length, checksum };
  }

  #range(): Work {
    const { starts, ends } = this.#work;
    const store = this.#store as Required<Store>;
    let checksum = 0;
    for (let i = 0; i < starts.length; i++) {
      for (const [, value] of store.range(starts[i] as AnyKey, ends[i] as AnyKey))
        checksum += asNumber(value);
    }
    return { operations: starts.length * RANGE, checksum };
  }

  #remove(): Work {
    const { queries } = this.#work;
    let checksum = 0;
    for (let i = 0; i < queries.length; i++)
      checksum += Number(this.#store.delete(queries[i] as AnyKey));
    return { operations: queries.length, checksum };
  }
}

function asNumber(value: StoredValue | undefined): number {
  return typeof value === "number" ? value : value === undefined ? Number.NaN : numberOf(value);
}

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
