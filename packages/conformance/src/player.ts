/** The `NAME=VALUE` words of a declaration. */
export type Options = ReadonlyMap<string, string>;

/** Plays the operations of one structure of a script. */
export interface Player {
  /** Runs one operation and gives the answer line that the Rust program gives. */
  play(operation: string, words: readonly string[]): string;
  /** Drops the structure and opens it again. */
  reload(): void;
  /** Gives the memory back. */
  close(): void;
}
