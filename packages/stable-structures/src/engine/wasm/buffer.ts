import { viewOf } from "../../io/bytes.js";
import type { ByteArea } from "../../storable/direct.js";

/** Bytes of a buffer for a few entries, and of one for many. */
export const SMALL_BUFFER = 4096;
export const LARGE_BUFFER = 65_536;

/** New bytes. */
export function areaOf(size: number): ByteArea {
  const bytes = new Uint8Array(size);
  return { bytes, view: viewOf(bytes) };
}

/** A value that is kept keeps the whole buffer it is a view of: none of these is larger. */
export const FINAL_BUFFER = 32_768;
let shared: ByteArea = /* @__PURE__ */ areaOf(0);
let used = 0;

/** Bytes that are given away: `start` is where they begin in `area`, which never changes. */
export interface FinalBytes {
  readonly area: ByteArea;
  readonly start: number;
}

/**
 * A copy of `bytes` that values may be views of. Short ones share a buffer.
 *
 * PERF: a new buffer takes as long as 20 views of it (Node 20, 2026-11).
 */
export function finalCopyOf(bytes: Uint8Array): FinalBytes {
  const { length } = bytes;
  if (length > FINAL_BUFFER / 2) {
    const copy = bytes.slice();
    return { area: finalArea(copy), start: 0 };
  }
  if (used + length > shared.bytes.length) {
    shared = finalArea(new Uint8Array(FINAL_BUFFER));
    used = 0;
  }
  const start = used;
  shared.bytes.set(bytes, start);
  used = (start + length + 7) & ~7;
  return { area: shared, start };
}

function finalArea(bytes: Uint8Array<ArrayBuffer>): ByteArea {
  return { bytes, view: viewOf(bytes), final: bytes.buffer };
}

/**
 * Gives buffers out, and keeps one that came back.
 *
 * PERF: a new buffer costs as much as reading 50 entries from it (Node 20, 2026-11).
 */
export class BufferPool {
  #spare: ByteArea | undefined;

  /** A buffer of at least `size` bytes, which may hold anything. */
  take(size: number): ByteArea {
    const spare = this.#spare;
    if (spare === undefined || spare.bytes.length < size)
      return areaOf(size <= SMALL_BUFFER ? SMALL_BUFFER : Math.max(size, LARGE_BUFFER));
    this.#spare = undefined;
    return spare;
  }

  /** Takes a buffer back that is no longer used. Huge ones are not kept. */
  giveBack(buffer: ByteArea): void {
    const { length } = buffer.bytes;
    if (length > LARGE_BUFFER || length <= (this.#spare?.bytes.length ?? 0)) return;
    this.#spare = buffer;
  }
}
