import { type Memory, MemoryManager, StableStructuresError } from "stable-structures";
import { CellPlayer } from "./cell-player.js";
import { HeapPlayer } from "./heap-player.js";
import { LogPlayer } from "./log-player.js";
import { MapPlayer } from "./map-player.js";
import type { Options, Player } from "./player.js";
import { RawPlayer } from "./raw-player.js";
import { SetPlayer } from "./set-player.js";
import { StreamPlayer } from "./stream-player.js";
import { VecPlayer } from "./vec-player.js";

/** What a structure may need besides its memory. */
interface Surroundings {
  /** The memory that another option names. */
  readonly memoryOf: (option: string) => Memory;
  /** The structure of this name. */
  readonly find: (name: string) => Player | undefined;
}

type OpenPlayer = (memory: Memory, options: Options, surroundings: Surroundings) => Player;

/** The kinds of the script language. */
const PLAYERS: Readonly<Record<string, OpenPlayer>> = {
  raw: (memory) => new RawPlayer(memory),
  btreemap: (memory, options) => new MapPlayer(memory, options, 2),
  btreemap_v1: (memory, options) => new MapPlayer(memory, options, 1),
  vec: (memory, options) => new VecPlayer(memory, options),
  minheap: (memory, options) => new HeapPlayer(memory, options),
  cell: (memory, options) => new CellPlayer(memory, options),
  btreeset: (memory, options, { find }) => new SetPlayer(memory, options, find),
  log: (memory, options, { memoryOf }) => new LogPlayer(memory, memoryOf("data"), options),
};

/** A structure of the script language that cannot be played here. */
export class UnsupportedScriptError extends Error {
  override readonly name = "UnsupportedScriptError";
}

/**
 * Plays a script, line by line, through the public API over a base memory. The language and the
 * answers are those of `vectors/reference/README.md`.
 */
export class Replayer {
  readonly #base: Memory;
  readonly #players = new Map<string, Player>();
  readonly #streams = new Map<string, StreamPlayer>();
  #manager: MemoryManager | undefined;

  constructor(base: Memory) {
    this.#base = base;
  }

  /**
   * Plays one line; undefined for a comment or an empty line, else the answer. An error of this
   * library becomes a `panic` answer, as a panic of the crate does.
   */
  play(line: string): string | undefined {
    const words = line.trim().split(" ");
    if (words[0] === "" || words[0]?.startsWith("#")) return undefined;
    try {
      return this.#run(words);
    } catch (error) {
      if (error instanceof StableStructuresError) return `panic ${error.code} ${error.message}`;
      throw new Error(`line "${line.slice(0, 80)}": ${(error as Error).message}`, { cause: error });
    }
  }

  /** Plays all lines; the answers of the operations. */
  playAll(lines: Iterable<string>): string[] {
    const answers: string[] = [];
    for (const line of lines) {
      const answer = this.play(line);
      if (answer !== undefined) answers.push(answer);
    }
    return answers;
  }

  /** Closes every structure and the manager. */
  close(): void {
    for (const player of this.#players.values()) player.close();
    this.#players.clear();
    this.#manager?.close();
    this.#manager = undefined;
  }

  #run(words: readonly string[]): string {
    const [first = "", second = "", ...rest] = words;
    if (first === "manager") return this.#openManager(optionsOf([second]));
    if (first === "structure") return this.#openStructure(second, rest);
    if (first === "reload") return this.#reload();
    if (first === "stream") return this.#openStream(second, rest);
    if (first === "grow_base") return `number ${this.#base.grow(Number(second))}`;
    const stream = this.#streams.get(first);
    if (stream !== undefined) return this.#playStream(first, stream, second, rest);
    const player = this.#players.get(first);
    if (player === undefined) throw new Error(`no structure is called ${first}`);
    return player.play(second, rest);
  }

  #openManager(options: Options): string {
    this.#manager = MemoryManager.init(this.#base, {
      bucketSizeInPages: Number(options.get("bucket")),
    });
    return "ok";
  }

  #openStructure(name: string, [kind = "", ...words]: readonly string[]): string {
    const open = PLAYERS[kind];
    if (open === undefined)
      throw new UnsupportedScriptError(`structures of kind ${kind} cannot be played yet`);
    const options = optionsOf(words);
    const memoryOf = (option: string) => this.#memory(options.get(option) ?? "");
    const find = (other: string) => this.#players.get(other);
    this.#players.set(name, open(memoryOf("memory"), options, { memoryOf, find }));
    return "ok";
  }

  #openStream(name: string, [kind = "", ...words]: readonly string[]): string {
    const options = optionsOf(words);
    const memory = this.#memory(options.get("memory") ?? "");
    this.#streams.set(name, new StreamPlayer(kind, memory, options));
    return "ok";
  }

  #playStream(
    name: string,
    stream: StreamPlayer,
    operation: string,
    words: readonly string[],
  ): string {
    const answer = stream.play(operation, words);
    if (operation === "drop") this.#streams.delete(name);
    return answer;
  }

  #memory(id: string): Memory {
    if (id === "base") return this.#base;
    if (this.#manager === undefined)
      throw new Error("a structure in a numbered memory needs a manager line before it");
    return this.#manager.get(Number(id));
  }

  #reload(): string {
    for (const player of this.#players.values()) player.reload();
    return "ok";
  }
}

function optionsOf(words: readonly string[]): Options {
  return new Map(words.map((word) => word.split("=", 2) as [string, string]));
}
