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
