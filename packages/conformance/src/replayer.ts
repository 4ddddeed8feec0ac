import { type Memory, MemoryManager, StableStructuresError } from "stable-structures";
import { MapPlayer } from "./map-player.js";
import type { Player } from "./player.js";
import { RawPlayer } from "./raw-player.js";
import { SetPlayer } from "./set-player.js";
import { StreamPlayer } from "./stream-player.js";

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

  #openManager(options: ReadonlyMap<string, string>): string {
    this.#manager = MemoryManager.init(this.#base, {
      bucketSizeInPages: Number(options.get("bucket")),
    });
    return "ok";
  }

  #openStructure(name: string, [kind = "", ...words]: readonly string[]): string {
    const options = optionsOf(words);
    const memory = this.#memory(options.get("memory") ?? "");
    this.#players.set(
      name,
      openPlayer(kind, memory, options, (other) => this.#players.get(other)),
    );
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

function openPlayer(
  kind: string,
  memory: Memory,
  options: ReadonlyMap<string, string>,
  find: (name: string) => Player | undefined,
): Player {
  if (kind === "raw") return new RawPlayer(memory);
  if (kind === "btreemap") return new MapPlayer(memory, options, 2);
  if (kind === "btreemap_v1") return new MapPlayer(memory, options, 1);
  if (kind === "btreeset") return new SetPlayer(memory, options, find);
  throw new UnsupportedScriptError(`structures of kind ${kind} cannot be played yet`);
}

function optionsOf(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(words.map((word) => word.split("=", 2) as [string, string]));
}
