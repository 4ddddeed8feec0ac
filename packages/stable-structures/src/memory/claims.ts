import { MemoryInUseError } from "../errors.js";
import type { Memory } from "./memory.js";

const holders = new WeakMap<Memory, string>();

/**
 * Takes `memory` for one structure, until the returned function is called. Two structures on one
 * memory overwrite each other, so the second claim is refused.
 * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`) naming the structure that has it.
 */
function claim(memory: Memory, holder: string): () => void {
  const other = holders.get(memory);
  if (other !== undefined) throw new MemoryInUseError(other);
  holders.set(memory, holder);
  return () => holders.delete(memory);
}

/** The structure that holds `memory`, or undefined. */
export function holderOf(memory: Memory): string | undefined {
  return holders.get(memory);
}

/** Claims `memory` for what `open` returns; gives it back when `open` throws. */
export function claimWhile<T>(memory: Memory, holder: string, open: (release: () => void) => T): T {
  const release = claim(memory, holder);
  try {
    return open(release);
  } catch (error) {
    release();
    throw error;
  }
}
