/**
 * Rehearsals: an operation played on the sizes of its nodes alone, without writing a byte, to count
 * exactly what it will need. The code that plays is the code that acts; only what would touch the image
 * asks here first.
 */
export let running: bool = false;

/** Chunks taken less chunks given back so far, and the most that was ever taken. */
let balance: i32 = 0;
export let mostChunks: u32 = 0;

/** Bytes of the largest entry that had to be put aside. */
export let largestStash: u64 = 0;

export function begin(): void {
  running = true;
  balance = 0;
  mostChunks = 0;
  largestStash = 0;
}

export function end(): void {
  running = false;
}

export function takeChunk(): void {
  balance += 1;
  if (balance > <i32>mostChunks) mostChunks = balance;
}

export function giveChunk(): void {
  balance -= 1;
}

export function putAside(bytes: u64): void {
  largestStash = max(largestStash, bytes);
}
