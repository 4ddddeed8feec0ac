import type { Core, CoreExports } from "@stable-structures/core";
import {
  E_BROKEN,
  E_CORRUPTED,
  E_GROW_FAILED,
  E_TOO_MANY_BUCKETS,
  LEAST_STATUS,
  OUTPUT,
  OUTPUT_SIZE,
  RESULT,
  RESULT_BYTES,
  RESULT_KEY_SIZE,
  RESULT_PAGES,
  RESULT_VALUE_SIZE,
  SCRATCH,
  SCRATCH_SIZE,
} from "@stable-structures/core/layout";
import { BrokenError, type StableStructuresError, StaleHandleError } from "../../errors.js";
import type { EngineHome } from "../../memory/memory.js";
import { pagesFor } from "../../units.js";
import { BufferPool } from "./buffer.js";
import { damageIn } from "./damage.js";

/** True for a status other than OK, where a call may also return a pointer: those are below all. */
export function isStatus(result: number): boolean {
  return result < 0 && result > LEAST_STATUS;
}

/** The calls on one map of an engine: what goes in, what comes out, and what went wrong. */
export class MapCalls {
  readonly core: Core;
  readonly exports: CoreExports;
  readonly home: number;
  readonly #refusal: EngineHome["refusal"];
  /** Buffers for batches of entries. */
  readonly buffers = new BufferPool();
  /** What has to happen before the next operation: it refuses, or makes up for what was put off. */
  #before: (() => void) | undefined;
  /** Does what was put off. */
  #held: (() => void) | undefined;
  /** Goes up with every call that may have changed the map, or is held back; cursors look at it. */
  changes = 0;

  constructor({ core, home, refusal }: EngineHome) {
    this.core = core;
    this.exports = core.exports;
    this.home = home;
    this.#refusal = refusal;
  }

  /** A field of what the last call says beside its return value. */
  result(offset: number): number {
    return this.core.view.getUint32(RESULT + offset, true);
  }

  /** What the last call put out. The next one may write over it. */
  output(): Uint8Array {
    return this.core.bytes.subarray(OUTPUT, OUTPUT + this.result(RESULT_BYTES));
  }

  /** Puts bytes one behind the other where the engine can read them; a pointer to the first. */
  place(...parts: readonly Uint8Array[]): number {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const start = size <= SCRATCH_SIZE ? SCRATCH : this.core.imageTransfer(size);
    if (start === 0) throw this.#refusal(pagesFor(size), E_GROW_FAILED);
    let at = start;
    for (const part of parts) {
      this.core.bytes.set(part, at);
      at += part.length;
    }
    return start;
  }

  /** The key or value that was too large to be shown, read in pieces. */
  pieces(ofKey: boolean): Uint8Array {
    const bytes = new Uint8Array(this.result(ofKey ? RESULT_KEY_SIZE : RESULT_VALUE_SIZE));
    for (let done = 0; done < bytes.length; done += OUTPUT_SIZE) {
      const length = Math.min(OUTPUT_SIZE, bytes.length - done);
      this.check(this.exports.mapPiece(this.home, ofKey, done, length));
      bytes.set(this.core.bytes.subarray(OUTPUT, OUTPUT + length), done);
    }
    return bytes;
  }

  /** Passes what a call returned on, unless it is a status. */
  check(result: number): number {
    if (isStatus(result)) throw this.failure(result);
    return result;
  }

  /** The error for a status. */
  failure(status: number): StableStructuresError {
    if (status === E_CORRUPTED) return damageIn(this.core.bytes);
    if (status === E_GROW_FAILED || status === E_TOO_MANY_BUCKETS)
      return this.#refusal(this.result(RESULT_PAGES), status);
    if (status !== E_BROKEN) return new StaleHandleError("this map of the engine");
    const broken = new BrokenError("a StableBTreeMap or StableBTreeSet");
    this.#refuse(() => broken);
    return broken;
  }

  /**
   * To be called before an operation: makes up for what was held back.
   * @throws BrokenError (`STABLE_BROKEN`), StaleHandleError (`STABLE_STALE_HANDLE`) after {@link close}.
   */
  begin(): void {
    if (this.#before !== undefined) this.#before();
  }

  /** To be called before a call that may change the map: cursors will notice. @throws as {@link begin} */
  changing(): this {
    this.begin();
    this.changes++;
    return this;
  }

  /**
   * Holds a batch back until the next {@link begin}, where `flush` is called. An iterable that gives the
   * batch may use the map: whatever it does finds done what it gave before. After a flush that failed
   * every operation refuses with that error, until {@link letGo}.
   */
  hold(flush: () => void): void {
    this.begin();
    this.changes++;
    this.#held = flush;
    this.#before = () => {
      this.#before = undefined;
      try {
        flush();
      } catch (error) {
        this.#before ??= () => {
          throw error;
        };
        throw error;
      }
    };
  }

  /** Ends holding back for `flush`, which is called no more. */
  letGo(flush: () => void): void {
    if (this.#held !== flush) return;
    this.#held = undefined;
    this.#before = undefined;
  }

  close(): void {
    try {
      if (this.#held !== undefined) this.begin();
    } finally {
      this.changes++;
      this.exports.mapClose(this.home);
      this.#refuse(() => new StaleHandleError("the map or set of this iterator"));
    }
  }

  #refuse(error: () => StableStructuresError): void {
    this.#held = undefined;
    this.#before = () => {
      throw error();
    };
  }
}
