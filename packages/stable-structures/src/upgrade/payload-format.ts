import { parse, stringify } from "lossless-json";
import { decodeWith } from "../storable/storable.js";
import type { ByteSource } from "./byte-source.js";
import type { PayloadFormatName } from "./classify.js";
import { jsonShape, type Shape } from "./payload-shape.js";

/** How a whole state becomes the bytes of an upgrade payload, and back. */
export interface PayloadFormat<T> {
  readonly name: PayloadFormatName;
  encode(state: T): Uint8Array;
  /**
   * @throws DecodeError (`STABLE_DECODE_FAILED`) when `bytes` are no payload of this format. Where
   * {@link shapeAt} is missing, other bytes may follow the payload.
   */
  decode(bytes: Uint8Array): T;
  /** How far the payload at `start` reaches; undefined when there is none. */
  shapeAt?(source: ByteSource, start: number): Shape | undefined;
}

/**
 * JSON text, as serde_json writes it. Integers beyond 2^53 are read and written as `bigint`, never
 * rounded. The state is an object or an array: other text has no end of its own.
 */
export function jsonFormat<T>(): PayloadFormat<T> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return {
    name: "json",
    shapeAt: jsonShape,
    encode(state) {
      const text = stringify(state);
      if (!/^[[{]/.test(text ?? "")) throw new TypeError("a JSON state is an object or an array");
      return new TextEncoder().encode(text);
    },
    decode: (bytes) =>
      decodeWith("JSON", () => parse(decoder.decode(bytes), undefined, { parseNumber }) as T),
  };
}

function parseNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/**
 * What decoders give, as a program expects it: structs, which are maps whose keys are all text, as
 * plain objects, maps with other keys as `Map`, and integers as `bigint` only beyond 2^53.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return isSafe(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plainValue);
  // A copy: a decoder may hand out views that keep the whole payload alive.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([key, item]) => [plainValue(key), plainValue(item)] as const);
  return entries.every(([key]) => typeof key === "string")
    ? Object.fromEntries(entries as [string, unknown][])
    : new Map(entries);
}

const isSafe = (value: bigint) => Number.isSafeInteger(Number(value));
