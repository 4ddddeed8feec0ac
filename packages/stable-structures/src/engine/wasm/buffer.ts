import { viewOf } from "../../io/bytes.js";
import { areaOf, type ByteArea } from "../../storable/direct.js";

/** Bytes of a buffer for a few entries, and of one for many. */
export const SMALL_BUFFER = 4096;
export const LARGE_BUFFER = 65_536;

/**
 * Bytes that never change any more, from which values may be views.
 *
 * PERF: classes, here and below, because V8 may come to believe that the objects of a literal live long,
 * when it marks at the wrong moment. It makes them among the old ones then, and everything they hold stays
 * until the next full collection: 33 MB for a walk over 200,000 entries, which brings that about, and
 * takes three times as long (Node 20, 2026-11).
 */
class FinalArea implements ByteArea {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly buffer: ArrayBuffer;
  readonly isFinal = true;

  /** `bytes` are all of their buffer. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.buffer = bytes.buffer;
  }
}

/** Bytes that are given away: `start` is where they begin in `area`. */
export class FinalBytes {
  readonly area: ByteArea;
  readonly start: number;

  constructor(area: ByteArea, start: number) {
    this.area = area;
    this.start = start;
  }
}

let shared: ByteArea = /* @__PURE__ */ areaOf(0);
let used = 0;

/**
 * A copy of `bytes` that values may be views of. Small batches share a buffer; no larger one than a large
 * batch has, since a value that is kept keeps all of the buffer it is a view of.
 *
 * PERF: a new buffer takes as long as 20 views of it: when 8 KiB were enough for one of its own, a range of
 * 100 entries of 160 bytes took an eighth longer. One that is made as a copy is not filled with zeros
 * before, which takes a quarter of the time of making it (Node 20, 2026-11).
 */
export function finalCopyOf(bytes: Uint8Array): FinalBytes {
  const { length } = bytes;
  if (length >= LARGE_BUFFER / 2) return new FinalBytes(new FinalArea(new Uint8Array(bytes)), 0);
  if (used + length > shared.bytes.length) {
    shared = new FinalArea(new Uint8Array(LARGE_BUFFER));
    used = 0;
  }
  const start = used;
  shared.bytes.set(bytes, start);
  used = (start + length + 7) & ~7;
  return new FinalBytes(shared, start);
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
