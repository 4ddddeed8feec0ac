import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  blob,
  type Memory,
  MemoryManager,
  RestrictedMemory,
  readImage,
  SparseMemory,
  StableBTreeMap,
  u64,
} from "../../src/index.js";

/** The stable memory of a real canister; `fixtures/README.md` says what it holds. */
export function azleImage(): SparseMemory {
  const packed = new URL("../../../../fixtures/azle-users.image.gz", import.meta.url);
  return SparseMemory.from(gunzipSync(readFileSync(packed)));
}

/** Bytes from hexadecimal digits; blanks are for reading. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(" ", ""), "hex"));
}

/** A memory of one page that starts with these bytes. */
export function pageWith(digits: string): SparseMemory {
  return SparseMemory.from(hex(digits));
}

/**
 * A manager with buckets of 2 pages: memory 0 a map of 100 entries, 1 raw bytes in 3 pages, 7 a
 * manager with buckets of 1 page whose memory 5 holds a map, too. Everything stays open.
 */
export function nestedImage(memory: Memory = new SparseMemory()): Memory {
  const outer = MemoryManager.create(memory, { bucketSizeInPages: 2 });
  const map = StableBTreeMap.create(outer.get(0), { key: u64, value: blob });
  for (let i = 0n; i < 100n; i++) map.insert(i, new Uint8Array(10).fill(Number(i)));
  outer.get(1).grow(3);
  outer.get(1).write(0, Uint8Array.of(1, 2, 3));
  const inner = MemoryManager.create(outer.get(7), { bucketSizeInPages: 1 });
  StableBTreeMap.create(inner.get(5), { key: u64, value: u64 }).insert(77n, 78n);
  return memory;
}

/** The same image with bytes changed, and nothing open. */
export function withBytes(memory: Memory, ...changes: [offset: number, digits: string][]) {
  const copy = SparseMemory.from(readImage(memory));
  for (const [offset, digits] of changes) copy.write(offset, hex(digits));
  return copy;
}

/** The same image behind pages of the canister's own, as Internet Identity keeps them. */
export function behind(pages: number, image: Memory): SparseMemory {
  const memory = SparseMemory.from(new TextEncoder().encode("IIC"));
  const window = new RestrictedMemory(memory, pages, pages + image.size());
  window.grow(image.size());
  window.write(0, readImage(image));
  return memory;
}

/** The image of a golden vector, unpacked; changes of it are the caller's own. */
export function goldenImage(name: string): Uint8Array {
  return unpacked(`../../../../vectors/golden/${name}.image.gz`);
}

/** Names of all golden vectors. */
export function goldenNames(): string[] {
  const suffix = ".image.gz";
  return readdirSync(new URL("../../../../vectors/golden", import.meta.url))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
}

/** An image that another release of the crate wrote; `fixtures/README.md` says what is true of it. */
export function damagedImage(name: string): Uint8Array {
  return unpacked(`../../../../fixtures/damaged/${name}.image.gz`);
}

function unpacked(path: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(new URL(path, import.meta.url))));
}
