/**
 * The engine's door. Sizes are in pages, offsets and lengths in bytes; a negative result is a status
 * of layout/status.ts. No 64-bit integer crosses: images in linear memory stay below 4 GiB.
 */
import { ABI_VERSION } from "../layout/abi";
import { MAX_MEMORIES } from "../layout/manager";
import { OUTPUT_SIZE } from "../layout/regions";
import { E_OUT_OF_BOUNDS, LEAST_STATUS, OK } from "../layout/status";
import * as batch from "./btree/batch";
import * as bulk from "./btree/bulk";
import * as cursor from "./btree/cursor";
import * as insertion from "./btree/insertion";
import * as invariants from "./btree/invariants";
import * as lookup from "./btree/lookup";
import * as map from "./btree/map";
import * as opening from "./btree/opening";
import * as output from "./btree/output";
import * as reading from "./btree/reading";
import * as removal from "./btree/removal";
import { nodeAt } from "./btree/node";
import * as counters from "./counters";
import * as image from "./image";
import * as manager from "./manager";

export function abi(): i32 {
  return ABI_VERSION;
}

export function imageSize(): u32 {
  return image.size();
}

export function imageGrow(pages: u32): i32 {
  map.forget();
  return image.grow(pages);
}

export function imageSetLimit(pages: u32): void {
  image.setLimit(pages);
}

/** Pointer to `length` bytes above the image for the next call on a map, 0 when there is no room. */
export function imageTransfer(length: u32): usize {
  image.settle();
  return image.transfer(length);
}

export function managerCreate(bucketSizeInPages: u32): i32 {
  map.forget();
  return manager.create(bucketSizeInPages);
}

export function managerOpen(): i32 {
  map.forget();
  return manager.open();
}

export function managerSize(id: u32): u32 {
  return id < <u32>MAX_MEMORIES ? manager.sizeOf(id) : 0;
}

export function managerGrow(id: u32, pages: u32): i32 {
  map.forget();
  return manager.grow(id, pages);
}

export function managerTranslate(id: u32, offset: u32, length: u32): usize {
  return manager.translate(id, offset, length);
}

export function managerRead(id: u32, offset: u32, target: usize, length: u32): i32 {
  return manager.read(id, offset, target, length);
}

export function managerWrite(id: u32, offset: u32, source: usize, length: u32): i32 {
  return manager.write(id, offset, source, length);
}

/** Writes an empty map over the start of memory `home` (255 = the image itself) and opens it; a status. */
export function mapCreate(home: u32, version: u32, first: u32, second: u32): i32 {
  return ended(opening.create(home, version, first, second));
}

/** Opens the map in memory `home` with the options at `MAP_OPTIONS`; a status. */
export function mapOpen(home: u32): i32 {
  return ended(opening.open(home));
}

export function mapClose(home: u32): void {
  map.unregister(home);
}

/** Number of entries, or a status. */
export function mapLength(home: u32): f64 {
  const status = begin(home);
  return status == OK ? <f64>map.length() : status;
}

/** Pointer to the value of a key, 0 when it has none, or a status. */
export function mapGet(home: u32, key: usize, size: u32): i32 {
  const status = begin(home);
  return ended(status == OK ? lookup.get(key, size) : status);
}

/** 1 when a key has a value, 0 when not, or a status. */
export function mapHas(home: u32, key: usize, size: u32): i32 {
  const status = begin(home);
  return ended(status == OK ? lookup.has(key, size) : status);
}

/** Finds the first or last entry: 1, 0 when there is none, or a status. */
export function mapEnd(home: u32, last: bool): i32 {
  const status = begin(home);
  return ended(status == OK ? lookup.end(last) : status);
}

/** Copies a piece of what was too large to be shown at once to `OUTPUT`; a status. */
export function mapPiece(home: u32, ofKey: bool, start: u32, length: u32): i32 {
  const status = begin(home);
  return ended(status == OK ? output.readPiece(nodeAt(0), ofKey, start, length) : status);
}

/**
 * Fills the first `bytes` bytes of `OUTPUT` with entries of a range: 1 when there may be more, 0 at the
 * end of the range, or a status. `flags` are FLAG_...; a key that they do not announce is not read.
 */
export function mapWalk(
  home: u32,
  flags: u32,
  start: usize,
  startSize: u32,
  end: usize,
  endSize: u32,
  bytes: u32,
): i32 {
  if (bytes > <u32>OUTPUT_SIZE) return E_OUT_OF_BOUNDS;
  const status = begin(home);
  return ended(
    status == OK ? cursor.walk(flags, start, startSize, end, endSize, bytes) : status,
  );
}

/** Inserts an entry: 0 when its key is new, else a pointer to the value it had, or a status. */
export function mapInsert(
  home: u32,
  key: usize,
  keySize: u32,
  value: usize,
  valueSize: u32,
  force: bool,
): i32 {
  const status = begin(home);
  return changed(
    status == OK ? insertion.insert(key, keySize, value, valueSize, force) : status,
  );
}

/** Removes a key: 0 when it is not there, else a pointer to its value, or a status. */
export function mapRemove(home: u32, key: usize, size: u32, force: bool): i32 {
  const status = begin(home);
  return changed(status == OK ? removal.remove(key, size, force) : status);
}

/** Removes the first or last entry: 0 when there is none, else a pointer to its key, or a status. */
export function mapPop(home: u32, last: bool, force: bool): i32 {
  const status = begin(home);
  return changed(status == OK ? removal.pop(last, force) : status);
}

/**
 * Puts the values of `count` keys into `OUTPUT`, each behind its size, `MISSING` for a key that has none;
 * a status. They lie at `keys`, each behind its size unless all have the same.
 */
export function mapGetMany(home: u32, keys: usize, count: u32): i32 {
  const status = begin(home);
  return ended(status == OK ? batch.getMany(keys, count) : status);
}

/** Inserts `count` entries, which lie at `entries` as a walk gives them; a status. */
export function mapInsertMany(home: u32, entries: usize, count: u32): i32 {
  const status = begin(home);
  return changed(status == OK ? batch.insertMany(entries, count) : status);
}

/** Removes up to `most` entries of a range: 1 when there may be more, 0 at its end, or a status. */
export function mapRemoveRange(
  home: u32,
  flags: u32,
  start: usize,
  startSize: u32,
  end: usize,
  endSize: u32,
  most: u32,
): i32 {
  const status = begin(home);
  return changed(
    status == OK ? batch.removeRange(flags, start, startSize, end, endSize, most) : status,
  );
}

/** Appends `count` entries behind all others, packing the nodes; a status. `mapFinish` must follow. */
export function mapAppend(home: u32, entries: usize, count: u32): i32 {
  const status = begin(home);
  return ended(status == OK ? batch.appendMany(entries, count) : status);
}

/** Fills up what `mapAppend` left too small; a status. */
export function mapFinish(home: u32): i32 {
  const status = begin(home);
  return changed(status == OK ? bulk.finish() : status);
}

/** Removes all entries; a status. */
export function mapClear(home: u32): i32 {
  const status = begin(home);
  if (status == OK) opening.clear();
  return changed(status);
}

// @ts-ignore: decorator
@inline
function begin(home: u32): i32 {
  reading.forget();
  return map.use(home);
}

// @ts-ignore: decorator
@inline
function ended(result: i32): i32 {
  if (isStatus(result)) image.drop();
  else image.settle();
  return result;
}

/** True for a status other than OK; what is below the least of them is a pointer. */
// @ts-ignore: decorator
@inline
function isStatus(result: i32): bool {
  return result < 0 && result > LEAST_STATUS;
}

/** Ends an operation that may have changed the map. */
// @ts-ignore: decorator
@inline
function changed(steps: i32): i32 {
  const result = reading.outcome(steps);
  if (!ASC_NO_ASSERT && !isStatus(result)) invariants.check();
  return ended(result);
}

/** Nodes opened or searched so far. */
export function countedNodes(): f64 {
  return <f64>counters.nodes;
}

/** Bytes of nodes moved or written so far. */
export function countedBytes(): f64 {
  return <f64>counters.bytes;
}

/** Takes the place of `env.abort`: a failed assertion of a debug build traps. */
export function onAbort(message: usize, file: usize, line: u32, column: u32): void {
  unreachable();
}
