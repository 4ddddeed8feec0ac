// Plays the scripts of maps on the bare exports of the engine: bytes in, bytes out, statuses.
import {
  E_ASK,
  E_LARGE,
  IMAGE_BASE,
  LEAST_STATUS,
  MAP_OPTIONS,
  MAP_VERSION_1,
  MAP_VERSION_2,
  NODE_PAGE_SIZE_MARKER,
  OK,
  OPTION_FIRST_MEMBER,
  OPTION_FIXED_KEYS,
  OPTION_FIXED_VALUES,
  OPTION_MAX_KEY_SIZE,
  OPTION_MAX_VALUE_SIZE,
  OPTION_NODE_VERSION,
  OPTION_ORDER,
  OPTION_SECOND_MEMBER,
  ORDER_BYTES,
  ORDER_LENGTH_FIRST,
  ORDER_PAIR,
  OUTPUT,
  OUTPUT_SIZE,
  PAGE_SIZE,
  RESULT,
  RESULT_KEY_SIZE,
  RESULT_VALUE_SIZE,
  SCRATCH,
  SCRATCH_SIZE,
  UNBOUNDED,
} from "../../layout/index.js";
import type { Core } from "../../src/index.js";

interface Type {
  readonly max: number;
  readonly fixed?: boolean;
  readonly order?: number;
  /** Sizes, bytes of the length, and orders of the members of a pair. */
  readonly members?: readonly [readonly number[], readonly number[]];
}

const fixed = (max: number): Type => ({ max, fixed: true });
const pair = (max: number, first: number[], second: number[]): Type => ({
  max,
  order: ORDER_PAIR,
  members: [first, second],
});

/** What the engine has to know of the types of the script language. */
const TYPES: Readonly<Record<string, Type>> = {
  u8: fixed(1),
  u16: fixed(2),
  u32: fixed(4),
  u64: fixed(8),
  u128: fixed(16),
  f32: fixed(4),
  f64: fixed(8),
  bool: fixed(1),
  unit: { max: 0 },
  blob: { max: UNBOUNDED },
  string: { max: UNBOUNDED },
  bytes32: fixed(32),
  blob4: { max: 4 },
  blob64: { max: 64 },
  principal: { max: 29, order: ORDER_LENGTH_FIRST },
  tuple_u64_u64: fixed(16),
  tuple_blob64_u16: pair(67, [64, 1, ORDER_BYTES], [2, 0, ORDER_BYTES]),
  tuple_principal_u64: pair(38, [29, 1, ORDER_LENGTH_FIRST], [8, 0, ORDER_BYTES]),
  tuple_u8_blob4: pair(6, [1, 0, ORDER_BYTES], [4, 1, ORDER_BYTES]),
};

const typeOf = (name = ""): Type => {
  const type = TYPES[name];
  if (type === undefined) throw new Error(`unknown type ${name}`);
  return type;
};

/** The crate's node page size; of version 1 the bounds instead. */
function headerFields(version: number, key: Type, value: Type): [number, number] {
  if (version === MAP_VERSION_1) return [key.max, value.max];
  const bounded = key.max !== UNBOUNDED && value.max !== UNBOUNDED;
  const largest = 7 + 11 * (8 + key.max + value.max) + 12 * 8;
  return [bounded ? Math.floor((largest * 3) / 4) : 1024, NODE_PAGE_SIZE_MARKER];
}

/** A map of the engine, with bytes for keys and values. */
class EngineMap {
  readonly #core: Core;
  readonly #home: number;
  readonly #key: Type;
  readonly #value: Type;
  #version: number;

  constructor(core: Core, home: number, key: string, value: string, version: number) {
    this.#core = core;
    this.#home = home;
    this.#key = typeOf(key);
    this.#value = typeOf(value);
    this.#version = version;
    this.#setOptions();
    const fields = headerFields(version, this.#key, this.#value);
    this.#expect(this.#core.mapCreate(home, version, ...fields));
  }

  get length(): number {
    return this.#core.exports.mapLength(this.#home);
  }

  reload(): void {
    this.#core.exports.mapClose(this.#home);
    this.#setOptions();
    this.#expect(this.#core.exports.mapOpen(this.#home));
  }

  /** From now on new nodes are of version 2. */
  migrate(): void {
    this.#version = MAP_VERSION_2;
    this.reload();
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const pointer = this.#core.exports.mapGet(this.#home, this.#put(key), key.length);
    return pointer === E_LARGE ? this.#pieces(false) : this.#valueAt(pointer);
  }

  insert(key: Uint8Array, value: Uint8Array): Uint8Array | undefined {
    const insert = (force: boolean) => {
      const at = this.#put(key, value);
      const args = [this.#home, at, key.length, at + key.length, value.length] as const;
      return this.#core.mapInsert(...args, force);
    };
    return this.#ask(insert, () => this.get(key));
  }

  remove(key: Uint8Array): Uint8Array | undefined {
    const remove = (force: boolean) =>
      this.#core.mapRemove(this.#home, this.#put(key), key.length, force);
    return this.#ask(remove, () => this.get(key));
  }

  pop(last: boolean): boolean {
    const pointer = this.#core.mapPop(this.#home, last, false);
    if (pointer !== E_ASK) return this.#checked(pointer) !== 0;
    return this.#checked(this.#core.mapPop(this.#home, last, true)) !== 0;
  }

  clear(): void {
    this.#expect(this.#core.exports.mapClear(this.#home));
  }

  /** What is too large to be put aside is read first and then taken. */
  #ask(
    take: (force: boolean) => number,
    read: () => Uint8Array | undefined,
  ): Uint8Array | undefined {
    const pointer = take(false);
    if (pointer !== E_ASK) return this.#valueAt(pointer);
    const value = read();
    this.#checked(take(true));
    return value;
  }

  #put(...parts: Uint8Array[]): number {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const start = size <= SCRATCH_SIZE ? SCRATCH : this.#core.imageTransfer(size);
    if (start === 0) throw new Error("no room for a transfer");
    let at = start;
    for (const part of parts) {
      this.#core.bytes.set(part, at);
      at += part.length;
    }
    return start;
  }

  #valueAt(pointer: number): Uint8Array | undefined {
    const at = this.#checked(pointer);
    return at === 0 ? undefined : this.#core.bytes.slice(at, at + this.#result(RESULT_VALUE_SIZE));
  }

  #pieces(ofKey: boolean): Uint8Array {
    const bytes = new Uint8Array(this.#result(ofKey ? RESULT_KEY_SIZE : RESULT_VALUE_SIZE));
    for (let done = 0; done < bytes.length; done += OUTPUT_SIZE) {
      const length = Math.min(OUTPUT_SIZE, bytes.length - done);
      this.#expect(this.#core.exports.mapPiece(this.#home, ofKey, done, length));
      bytes.set(this.#core.bytes.subarray(OUTPUT, OUTPUT + length), done);
    }
    return bytes;
  }

  #setOptions(): void {
    const view = new DataView(this.#core.memory.buffer, MAP_OPTIONS);
    const set = (offset: number, value: number) => view.setUint32(offset, value, true);
    set(OPTION_MAX_KEY_SIZE, this.#key.max);
    set(OPTION_FIXED_KEYS, Number(this.#key.fixed ?? false));
    set(OPTION_MAX_VALUE_SIZE, this.#value.max);
    set(OPTION_FIXED_VALUES, Number(this.#value.fixed ?? false));
    set(OPTION_ORDER, this.#key.order ?? ORDER_BYTES);
    const [first = [], second = []] = this.#key.members ?? [];
    first.forEach((field, i) => {
      set(OPTION_FIRST_MEMBER + i * 4, field);
    });
    second.forEach((field, i) => {
      set(OPTION_SECOND_MEMBER + i * 4, field);
    });
    set(OPTION_NODE_VERSION, this.#version);
  }

  #result(offset: number): number {
    return new DataView(this.#core.memory.buffer, RESULT).getUint32(offset, true);
  }

  #checked(result: number): number {
    if (result < 0 && result > LEAST_STATUS) throw new StatusError(result);
    return result >>> 0;
  }

  #expect(status: number): void {
    if (status !== OK) throw new StatusError(status);
  }
}

/** A status that a script does not expect. */
class StatusError extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

const bytesOf = (word = "-") =>
  word === "-" ? new Uint8Array(0) : new Uint8Array(Buffer.from(word, "hex"));

/** Plays one script on an empty image. */
export function play(core: Core, lines: readonly string[]): void {
  const maps = new Map<string, EngineMap>();
  for (const line of lines) {
    const [first = "", second = "", ...words] = line.split(" ");
    if (first === "" || first.startsWith("#")) continue;
    const options = new Map(words.map((word) => word.split("=") as [string, string]));
    if (first === "manager") core.managerCreate(Number(second.split("=")[1]));
    else if (first === "structure") maps.set(second, declare(core, words[0] ?? "", options));
    else if (first === "reload") for (const map of maps.values()) map.reload();
    else operate(maps.get(first) as EngineMap, second, words);
  }
}

function declare(core: Core, kind: string, options: ReadonlyMap<string, string>): EngineMap {
  const memory = options.get("memory");
  const home = memory === "base" ? 255 : Number(memory);
  const version = kind === "btreemap_v1" ? MAP_VERSION_1 : MAP_VERSION_2;
  return new EngineMap(core, home, options.get("key") ?? "", options.get("value") ?? "", version);
}

function operate(map: EngineMap, operation: string, words: readonly string[]): void {
  if (operation === "insert") map.insert(bytesOf(words[0]), bytesOf(words[1]));
  else if (operation === "remove") map.remove(bytesOf(words[0]));
  else if (operation === "pop_first") map.pop(false);
  else if (operation === "pop_last") map.pop(true);
  else if (operation === "clear") map.clear();
  else if (operation === "migrate") map.migrate();
  else throw new Error(`unknown operation ${operation}`);
}

/** The whole image. */
export function imageOf(core: Core): Uint8Array {
  return core.bytes.slice(IMAGE_BASE, IMAGE_BASE + core.exports.imageSize() * PAGE_SIZE);
}
