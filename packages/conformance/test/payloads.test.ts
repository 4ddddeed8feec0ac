import { join } from "node:path";
import { IDL } from "@icp-sdk/core/candid";
import { Principal } from "@icp-sdk/core/principal";
import { classify, readImage, UpgradeSerializer, VectorMemory } from "stable-structures";
import { describe, expect, it } from "vitest";
import {
  candidTypes,
  formatOf,
  isExactlyRewritable,
  memoryOf,
  type Payload,
  payloadFolder,
  payloads,
  readMaybeGzip,
} from "../src/index.js";

const expectedOf = ({ value, value_file }: Payload): unknown =>
  value_file === undefined
    ? value
    : JSON.parse(Buffer.from(readMaybeGzip(join(payloadFolder, value_file))).toString());

/** A decoded value in the notation of the fixtures. */
function tagged(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { $bigint: value.toString() };
  }
  if (typeof value === "number") return taggedNumber(value);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("hex") };
  if (value instanceof BigUint64Array) return Array.from(value, tagged);
  if (value instanceof Map) return taggedMap(value);
  if (value instanceof Principal) return { $principal: value.toText() };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tagged(item)]));
}

function taggedNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $float: "-0" };
  if (Number.isFinite(value)) return value;
  return { $float: Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf" };
}

const taggedMap = (map: Map<unknown, unknown>) =>
  map.size === 0 ? {} : { $map: [...map].map((entry) => entry.map(tagged)) };

/**
 * Candid in JavaScript has an array for an `opt` and an object for a variant without content, where
 * the fixtures have the content, null, or a name.
 */
function candidTagged(type: IDL.Type, value: unknown): unknown {
  if (type instanceof IDL.RecClass) return candidTagged(type.getType() as IDL.Type, value);
  if (type instanceof IDL.OptClass) {
    const [content] = value as unknown[];
    const inner = (type as unknown as { _type: IDL.Type })._type;
    return content === undefined ? null : candidTagged(inner, content);
  }
  if (type instanceof IDL.TupleClass) {
    const types = (type as unknown as { _components: IDL.Type[] })._components;
    return (value as unknown[]).map((item, i) => candidTagged(types[i] as IDL.Type, item));
  }
  if (type instanceof IDL.VecClass && Array.isArray(value)) {
    const inner = (type as unknown as { _type: IDL.Type })._type;
    return value.map((item) => candidTagged(inner, item));
  }
  if (!(type instanceof IDL.RecordClass || type instanceof IDL.VariantClass)) return tagged(value);
  const types = new Map((type as unknown as { _fields: [string, IDL.Type][] })._fields);
  const fields = Object.entries(value as object).map(
    ([name, item]) => [name, candidTagged(types.get(name) as IDL.Type, item)] as const,
  );
  const [first] = fields;
  if (type instanceof IDL.VariantClass && first?.[1] === null) return first[0];
  return Object.fromEntries(fields);
}

/** The users of the state are a map in Rust and a vector of pairs in Candid. */
function withUsersAsMap(value: unknown): unknown {
  const state = value as { users?: [unknown, unknown][] };
  if (!Array.isArray(state?.users)) return value;
  return { ...state, users: state.users.length === 0 ? {} : { $map: state.users } };
}

const taggedState = (payload: Payload, state: unknown): unknown =>
  payload.format === "candid"
    ? (state as unknown[]).map((value, i) =>
        withUsersAsMap(candidTagged(candidTypes[payload.name]?.[i] as IDL.Type, value)),
      )
    : tagged(state);

/** Extensions are the program's own; these fixtures have one that nobody else knows. */
const readable = payloads.filter(({ name }) => !name.endsWith("-extensions"));

/** The fixtures' own JSON was printed with an error in the last digit of some floats. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(15));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]));
}

describe("what Rust wrote", () => {
  it.each(readable.map((payload) => [payload.file, payload] as const))(
    "%s reads the same",
    (_, payload) => {
      const serializer = new UpgradeSerializer(formatOf(payload), { layout: payload.layout });
      const memory = memoryOf(payload);
      const before = readImage(memory);
      expect(rounded(taggedState(payload, serializer.restore(memory)))).toEqual(
        rounded(expectedOf(payload)),
      );
      expect(Buffer.compare(readImage(memory), before)).toBe(0);
    },
  );

  it.each(readable.filter(isExactlyRewritable).map((payload) => [payload.file, payload] as const))(
    "%s reads the same after we write it again",
    (_, payload) => {
      const serializer = new UpgradeSerializer(formatOf(payload), { layout: payload.layout });
      const state = serializer.restore(memoryOf(payload));
      const memory = new VectorMemory();
      serializer.save(memory, state);
      expect(rounded(taggedState(payload, serializer.restore(memory)))).toEqual(
        rounded(expectedOf(payload)),
      );
    },
  );

  it.each(payloads.map((payload) => [payload.file, payload] as const))(
    "%s is classified",
    (_, payload) => {
      const found = classify(memoryOf(payload));
      const name = payload.format === "msgpack" ? "messagepack" : payload.format;
      if (payload.layout === "length-prefixed") {
        expect(found).toMatchObject({
          kind: "length-prefixed",
          payloadBytes: payload.payload_length,
        });
      } else {
        expect(found.kind).toBe(name);
      }
    },
  );
});
