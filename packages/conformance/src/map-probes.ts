import {
  blob,
  boundedBlob,
  type Memory,
  principal,
  StableBTreeMap,
  type Storable,
  type StorableKey,
  text,
  u32,
  u64,
} from "stable-structures";
import { Probe, WatchedMemory } from "./watched-memory.js";

/** Reads and writes that one operation of the JavaScript engine may make in an image of a few pages. */
const MOST_CALLS = 50_000;
/** Entries that are read from each end, and operations of each kind that write. */
const ENTRIES = 30;

type Codecs = readonly [StorableKey<never>, Storable<never>];

/** Codecs that the maps of the vectors have; where they do not fit, opening says so. */
const CODECS = [
  [u64, u64],
  [u64, blob],
  [blob, blob],
  [text, blob],
  [principal, u64],
  [boundedBlob(64), u32],
] as unknown as readonly Codecs[];

/**
 * Opens the map in a damaged memory with several codecs, on the engine that this memory gives it, reads,
 * writes and reads again. True when one of them opened it.
 */
export function probeMap(memory: Memory): boolean {
  let opened = false;
  for (const [key, value] of CODECS) {
    const probe = new Probe([]);
    const map = probe.attempt(() => StableBTreeMap.load(memory, { key, value }));
    if (map === undefined) continue;
    opened = true;
    useMap(probe, map);
    map.close();
  }
  return opened;
}

/** The same in JavaScript, where each operation may call the memory only so often. */
export function probeMapInJavaScript(memory: Memory): boolean {
  const watched = new WatchedMemory(memory, MOST_CALLS);
  let opened = false;
  for (const [key, value] of CODECS) {
    const probe = new Probe([watched]);
    const map = probe.attempt(() => StableBTreeMap.load(watched, { key, value }));
    if (map === undefined) continue;
    opened = true;
    useMap(probe, map);
    map.close();
  }
  return opened;
}

function useMap(probe: Probe, map: StableBTreeMap<never, never>): void {
  const entries = readSome(probe, map);
  probe.attempt(() => [map.firstKeyValue(), map.lastKeyValue(), map.length]);
  probe.attempt(() => map.getMany(entries.map(([key]) => key)));
  for (const [key, value] of entries) {
    probe.attempt(() => map.get(key));
    probe.attempt(() => map.insert(key, value));
  }
  for (const [key] of entries.slice(0, ENTRIES / 2)) probe.attempt(() => map.remove(key));
  probe.attempt(() => map.insertMany(entries));
  probe.attempt(() => map.popFirst());
  probe.attempt(() => map.popLast());
  probe.attempt(() => map.deleteRange({ limit: ENTRIES }));
  readSome(probe, map);
  probe.attempt(() => map.clear());
  probe.attempt(() => map.insertMany(entries));
}

/** Entries from both ends, as far as they can be read. */
function readSome(probe: Probe, map: StableBTreeMap<never, never>): [never, never][] {
  const entries: [never, never][] = [];
  for (const reverse of [false, true]) {
    const iterator = probe.attempt(() => map.entries({ reverse }));
    for (let i = 0; i < ENTRIES; i++) {
      const result = probe.attempt(() => iterator?.next());
      if (result === undefined || result.done) break;
      entries.push(result.value);
    }
  }
  return entries;
}
