import { DecodeError } from "../errors.js";
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

/** JSON text, as serde_json writes it. */
export function jsonFormat<T>(): PayloadFormat<T> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return {
    name: "json",
    shapeAt: jsonShape,
    encode(state) {
      if (state === null || typeof state !== "object") {
        throw new TypeError(
          "a JSON state is an object or an array: other text has no end of its own",
        );
      }
      return encoder.encode(JSON.stringify(state));
    },
    decode: (bytes) => decodeWith("JSON", () => JSON.parse(decoder.decode(bytes)) as T),
  };
}

/** Runs a library's decoder and gives its errors a code. */
export function decodeWith<T>(format: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new DecodeError(format, (cause as Error).message, { cause });
  }
}

/**
 * Turns maps whose keys are all text into plain objects, all the way down: that is what structs are.
 * Maps with other keys stay `Map`.
 */
export function structsToObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structsToObjects);
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(
    ([key, item]) => [structsToObjects(key), structsToObjects(item)] as const,
  );
  return entries.every(([key]) => typeof key === "string")
    ? Object.fromEntries(entries as [string, unknown][])
    : new Map(entries);
}
