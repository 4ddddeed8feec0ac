/** Encoded bytes of a key and its value. */
export interface EncodedEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** One end of a range of encoded keys. */
export interface EncodedBound {
  readonly key: Uint8Array;
  readonly inclusive: boolean;
}

/** A range of encoded keys; an end that is missing is open. */
export interface EncodedRange {
  readonly lower?: EncodedBound | undefined;
  readonly upper?: EncodedBound | undefined;
}

/**
 * Steps through the entries of a range. It survives changes of the map: after one it goes on behind
 * the last key it gave.
 */
export interface MapCursor {
  /** Moves to the next entry; false at the end. */
  next(): boolean;
  /** Encoded key of the current entry. */
  readonly key: Uint8Array;
  /** Encoded value of the current entry, read when asked for. */
  readonly value: Uint8Array;
}

/**
 * Decodes what an operation takes out. It runs before the operation is made, so that bytes which do
 * not decode are not lost: the operation then fails and changes nothing.
 */
export type Decode<Bytes, Value> = (bytes: Bytes) => Value;

/**
 * A B-tree on encoded bytes: the seam between `StableBTreeMap` and what does the work. Bounds of
 * keys and values are checked above it.
 */
export interface MapEngine {
  /** Number of entries. */
  readonly length: number;
  get(key: Uint8Array): Uint8Array | undefined;
  has(key: Uint8Array): boolean;
  /** Returns the decoded value that was replaced. */
  insert<V>(key: Uint8Array, value: Uint8Array, decode: Decode<Uint8Array, V>): V | undefined;
  /** Returns the decoded value that was removed. */
  remove<V>(key: Uint8Array, decode: Decode<Uint8Array, V>): V | undefined;
  first(): EncodedEntry | undefined;
  last(): EncodedEntry | undefined;
  popFirst<E>(decode: Decode<EncodedEntry, E>): E | undefined;
  popLast<E>(decode: Decode<EncodedEntry, E>): E | undefined;
  clear(): void;
  cursor(range: EncodedRange, reverse: boolean): MapCursor;
}
