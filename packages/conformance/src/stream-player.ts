import {
  BufferedReader,
  BufferedStableReader,
  BufferedStableWriter,
  BufferedWriter,
  type ByteReader,
  type ByteWriter,
  type Memory,
  Reader,
  readExact,
  type Seekable,
  type SeekOrigin,
  StableIO,
  StableReader,
  StableStructuresError,
  StableWriter,
  Writer,
} from "stable-structures";
import { fromWord, optional } from "./answer.js";

/** Any of the streams; which methods it has depends on its kind, as in Rust. */
type Stream = Partial<ByteReader & ByteWriter & Seekable & Disposable> & {
  readonly offset?: number;
  grow?(pages: number): number;
};

const KINDS: Readonly<
  Record<string, (memory: Memory, offset: number, capacity: number) => Stream>
> = {
  writer: (memory, offset) => new Writer(memory, offset),
  reader: (memory, offset) => new Reader(memory, offset),
  buffered_writer: (memory, offset, capacity) =>
    new BufferedWriter(new Writer(memory, offset), capacity),
  buffered_reader: (memory, offset, capacity) =>
    new BufferedReader(new Reader(memory, offset), capacity),
  stable_io: (memory, offset) => new StableIO(memory, offset),
  stable_writer: (memory, offset) => new StableWriter(memory, offset),
  stable_reader: (memory, offset) => new StableReader(memory, offset),
  buffered_stable_writer: (memory, offset, capacity) =>
    new BufferedStableWriter(memory, capacity, offset),
  buffered_stable_reader: (memory, offset, capacity) =>
    new BufferedStableReader(memory, capacity, offset),
};

/** Plays the operations of a `stream` of the script language. */
export class StreamPlayer {
  readonly #stream: Stream;

  constructor(kind: string, memory: Memory, options: ReadonlyMap<string, string>) {
    const create = KINDS[kind];
    if (create === undefined) throw new Error(`there is no stream of kind ${kind}`);
    this.#stream = create(
      memory,
      Number(options.get("offset") ?? 0),
      Number(options.get("capacity") ?? 0),
    );
  }

  /** Runs one operation. What the library refuses, or the kind has not, answers `error`. */
  play(operation: string, words: readonly string[]): string {
    try {
      return this.#run(operation, words) ?? `error no operation ${operation}`;
    } catch (error) {
      if (error instanceof StableStructuresError) return `error ${error.code}`;
      if (error instanceof RangeError) return `error ${error.message}`;
      throw error;
    }
  }

  #run(operation: string, [first = "", second = ""]: readonly string[]): string | undefined {
    const stream = this.#stream;
    switch (operation) {
      case "write":
        return number(stream.write?.(fromWord(first)));
      case "write_all":
        return stream.write && this.#writeAll(fromWord(first));
      case "flush":
        return stream.flush && done(stream.flush());
      case "read":
        return stream.read && this.#read(Number(first));
      case "read_exact":
        return stream.read && this.#readExact(Number(first));
      case "seek":
        return number(stream.seek?.(Number(second), first as SeekOrigin));
      case "offset":
        return "inner" in stream && stream.offset === undefined ? undefined : number(stream.offset);
      case "grow":
        return stream.grow && done(stream.grow(Number(first)));
      case "drop":
        return done(stream[Symbol.dispose]?.());
      default:
        return undefined;
    }
  }

  #writeAll(bytes: Uint8Array): string {
    if (bytes.length > 0) this.#stream.write?.(bytes);
    return "ok";
  }

  #read(length: number): string {
    const target = new Uint8Array(length);
    return optional(target.subarray(0, this.#stream.read?.(target)));
  }

  #readExact(length: number): string {
    const target = new Uint8Array(length);
    readExact(this.#stream as ByteReader, target);
    return optional(target);
  }
}

const number = (value: number | undefined) => (value === undefined ? undefined : `number ${value}`);

const done = (_: unknown) => "ok";
