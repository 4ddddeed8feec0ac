import { MemoryInUseError } from "../errors.js";
import type { Memory } from "./memory.js";

/** A memory that is a window of pages on another says so under this name. */
export const windowOf: unique symbol = Symbol("windowOf");

/** Pages `start` (inclusive) to `end` (exclusive) of a memory. */
export interface MemoryWindow {
  readonly memory: Memory;
  readonly start: number;
  readonly end: number;
}

interface Claim extends MemoryWindow {
  readonly holder: string;
}

const claims = new WeakMap<Memory, Claim[]>();

/** The memory that really holds the pages of `memory`, and which of its pages they are. */
function pagesOf(memory: Memory): MemoryWindow {
  const window = (memory as { readonly [windowOf]?: MemoryWindow })[windowOf];
  if (window === undefined) return { memory, start: 0, end: Infinity };
  const below = pagesOf(window.memory);
  return {
    memory: below.memory,
    start: below.start + window.start,
    end: Math.min(below.start + window.end, below.end),
  };
}

function overlapping({ memory, start, end }: MemoryWindow): Claim | undefined {
  return claims.get(memory)?.find((claim) => claim.start < end && start < claim.end);
}

/** Takes `memory` for one structure, until the returned function is called. */
function claim(memory: Memory, holder: string): () => void {
  const pages = pagesOf(memory);
  const other = overlapping(pages);
  if (other !== undefined) throw new MemoryInUseError(other.holder);
  const own = { ...pages, holder };
  claims.set(pages.memory, [...(claims.get(pages.memory) ?? []), own]);
  return () => {
    const others = claims.get(pages.memory)?.filter((claim) => claim !== own) ?? [];
    claims.set(pages.memory, others);
  };
}

/** The structure that holds pages of `memory`, or undefined. */
export function holderOf(memory: Memory): string | undefined {
  return overlapping(pagesOf(memory))?.holder;
}

/**
 * Claims `memory` for what `open` returns; gives it back when `open` throws. Two structures on the
 * same pages overwrite each other, so a second claim is refused, through a window as well.
 * @throws MemoryInUseError (`STABLE_MEMORY_IN_USE`) naming the structure that has it.
 */
export function claimWhile<T>(memory: Memory, holder: string, open: (release: () => void) => T): T {
  const release = claim(memory, holder);
  try {
    return open(release);
  } catch (error) {
    release();
    throw error;
  }
}
