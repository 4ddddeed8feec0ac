import { fromWord, toWord } from "./answer.js";
import type { Difference } from "./checks.js";
import { oldUser, orderedCodec, valueCodec, writersChoice } from "./codecs.js";
import type { Oracle } from "./oracle.js";
import { Random } from "./random.js";
import { partsOf } from "./type-parts.js";
import { randomOf } from "./values.js";

/** Values sent to the Rust program at a time. */
const BATCH = 500;
/** Most bytes of a random text or blob. */
const MAX_SIZE = 60;
/** Sizes at which a length takes another byte: rarely, a text or blob has one of them. */
const EDGE_SIZES = [255, 256, 65535, 65536] as const;

/**
 * Encodes values here and in Rust, and orders each beside the one before it: the bytes and the order
 * must be the same.
 * @returns the first difference.
 */
export async function checkCodec(
  oracle: Oracle,
  type: string,
  { values, seed }: { readonly values: number; readonly seed: number },
): Promise<Difference | undefined> {
  const random = new Random(seed);
  let last = randomOf(random, type, MAX_SIZE);
  for (let done = 0; done < values; done += BATCH) {
    const batch = [last];
    while (batch.length <= BATCH) batch.push(neighbour(random, type, batch.at(-1)));
    last = batch.at(-1);
    const difference =
      (await compareBytes(oracle, type, batch)) ?? (await compareOrder(oracle, type, batch));
    if (difference !== undefined) return `${type}: ${difference}`;
  }
  return undefined;
}

/** Old versions of the type `user`: Rust and this library upgrade them alike. */
export async function checkUpgrades(
  oracle: Oracle,
  { values, seed }: { readonly values: number; readonly seed: number },
): Promise<Difference | undefined> {
  const random = new Random(seed);
  const user = valueCodec("user");
  const stored = Array.from({ length: values }, () =>
    oldUser.toBytes({ name: randomOf(random, "string", MAX_SIZE) as string }),
  );
  const answers = await oracle.ask(stored.map((bytes) => `recode user ${toWord(bytes)}`));
  const at = stored.findIndex(
    (bytes, i) => answers[i] !== `some ${toWord(user.toBytes(user.fromBytes(bytes)))}`,
  );
  return at === -1
    ? undefined
    : `an old user ${toWord(stored[at] as Uint8Array)} is ${answers[at]} in Rust`;
}

async function compareBytes(
  oracle: Oracle,
  type: string,
  values: readonly unknown[],
): Promise<Difference | undefined> {
  const codec = valueCodec(type);
  const encoded = values.map((value) => toWord(codec.toBytes(value)));
  const json = values.map((value) => JSON.stringify(toJson(type, value)));
  const rust = await oracle.ask(json.map((text) => `encode ${type} ${text}`));
  const recoded = writersChoice.has(type)
    ? await oracle.ask(encoded.map((word) => `recode ${type} ${word}`))
    : encoded.map((word) => `some ${word}`);
  for (const [i, answer] of rust.entries()) {
    if (answer !== recoded[i]) return `${json[i]} is ${encoded[i]}, and ${answer} in Rust`;
    const read = codec.fromBytes(fromWord(answer.slice("some ".length)));
    const back = JSON.stringify(toJson(type, read));
    if (back !== json[i]) return `${json[i]} comes back as ${back}`;
  }
  return undefined;
}

async function compareOrder(
  oracle: Oracle,
  type: string,
  values: readonly unknown[],
): Promise<Difference | undefined> {
  const codec = orderedCodec(type);
  if (codec === undefined) return undefined;
  const encoded = values.map((value) => codec.toBytes(value));
  const lines = encoded
    .slice(1)
    .map((bytes, i) => `compare ${type} ${toWord(encoded[i] as Uint8Array)} ${toWord(bytes)}`);
  const answers = await oracle.ask(lines);
  for (const [i, answer] of answers.entries()) {
    const order = Math.sign(codec.compare(values[i], values[i + 1]));
    if (answer !== `number ${order}`) return `${lines[i]} is ${order}, and ${answer} in Rust`;
    const byBytes = Buffer.compare(encoded[i] as Uint8Array, encoded[i + 1] as Uint8Array);
    if (codec.byteOrdered && byBytes !== order) return `${lines[i]} is ${byBytes} by its bytes`;
  }
  return undefined;
}

/** A value that often has much in common with `value`, so that the order has to look further. */
function neighbour(random: Random, type: string, value: unknown): unknown {
  const parts = partsOf(type);
  switch (parts?.kind) {
    case "option":
      if (value === null || random.chance(20))
        return random.chance(30) ? null : randomOf(random, parts.of, MAX_SIZE);
      return neighbour(random, parts.of, value);
    case "reverse":
      return neighbour(random, parts.of, value);
    case "tuple":
      return parts.members.map((member, i) =>
        neighbour(random, member, (value as readonly unknown[])[i]),
      );
    case "struct":
      return Object.fromEntries(
        parts.fields.map(([field, member]) => [
          field,
          neighbour(random, member, (value as Record<string, unknown>)[field]),
        ]),
      );
    default:
      return random.chance(60) ? value : neighbouringLeaf(random, type, value);
  }
}

function neighbouringLeaf(random: Random, type: string, value: unknown): unknown {
  const isUnbounded = type === "string" || type === "blob";
  if (isUnbounded && random.between(1, 150) === 1) {
    const size = random.pick(EDGE_SIZES);
    return type === "blob" ? new Uint8Array(size).fill(random.between(0, 255)) : "a".repeat(size);
  }
  if (typeof value === "string" && random.chance(70)) {
    const characters = [...value].slice(0, random.between(0, 20));
    return characters.join("") + random.pick(["", "\0", "\u0001", "a", "\uffff", "😀"]);
  }
  const isVarying = value instanceof Uint8Array && !type.startsWith("bytes");
  if (isVarying && random.chance(70)) return value.slice(0, random.between(0, value.length));
  return randomOf(random, type, MAX_SIZE);
}

/** A value as the JSON that the Rust program takes. */
function toJson(type: string, value: unknown): unknown {
  const parts = partsOf(type);
  switch (parts?.kind) {
    case "option":
      return value === null ? null : toJson(parts.of, value);
    case "reverse":
      return toJson(parts.of, value);
    case "tuple":
      return parts.members.map((member, i) => toJson(member, (value as unknown[])[i]));
    case "struct":
      return Object.fromEntries(
        parts.fields.map(([field, member]) => [
          field,
          toJson(member, (value as Record<string, unknown>)[field]),
        ]),
      );
    default:
      return leafJson(type, value);
  }
}

function leafJson(type: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number") return value;
  const number = type === "f32" ? Math.fround(value) : value;
  if (Object.is(number, -0)) return "-0";
  return String(number).replace("Infinity", "inf");
}
