/** Reads in linear memory, of which each waits for the one before. */
export class Chain {
  readonly #words: Int32Array;
  /** Zero, but no compiler knows, as it would of a length: so every read depends on the one before it. */
  readonly #zero = Number(performance.now() < 0);
  #word = 0;

  constructor(linearMemory: Uint8Array) {
    this.#words = new Int32Array(linearMemory.buffer, 0, linearMemory.length >> 2);
  }

  /** Reads at the pointers numbered `from` up to `to`. Returns 0, once the last read has come. */
  follow(pointers: Uint32Array, from: number, to: number): number {
    const words = this.#words;
    const zero = this.#zero;
    let word = this.#word;
    for (let i = from; i < to; i++)
      word = words[((pointers[i] as number) + (word & zero)) >> 2] as number;
    this.#word = word;
    return word & zero;
  }
}
