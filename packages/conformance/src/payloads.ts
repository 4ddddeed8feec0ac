import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IDL } from "@icp-sdk/core/candid";
import {
  jsonFormat,
  type PayloadFormat,
  type PayloadLayout,
  VectorMemory,
} from "stable-structures";
import { candid } from "stable-structures/candid";
import { cbor } from "stable-structures/cbor";
import { messagePack } from "stable-structures/msgpack";
import { readMaybeGzip } from "./images.js";

/** Folder of the payloads. */
export const payloadFolder = fileURLToPath(new URL("../../../vectors/payloads", import.meta.url));

/** One payload that a Rust program wrote; `vectors/payloads/README.md` says how. */
export interface Payload {
  readonly name: string;
  readonly file: string;
  readonly format: "cbor" | "msgpack" | "candid" | "json";
  readonly layout: PayloadLayout;
  readonly payload_length: number;
  /** Name of the Rust type. */
  readonly type: string;
  readonly value?: unknown;
  readonly value_file?: string;
}

/** Every payload of the fixtures. */
export const payloads: readonly Payload[] = JSON.parse(
  readFileSync(join(payloadFolder, "payloads.json"), "utf8"),
);

const Mode = IDL.Variant({
  Idle: IDL.Null,
  Limited: IDL.Nat32,
  Range: IDL.Tuple(IDL.Nat8, IDL.Nat8),
  Window: IDL.Record({ start: IDL.Nat64, end: IDL.Nat64 }),
});
const State = IDL.Record({
  id: IDL.Nat64,
  balance: IDL.Int64,
  supply: IDL.Nat,
  rate: IDL.Float64,
  active: IDL.Bool,
  name: IDL.Text,
  avatar: IDL.Vec(IDL.Nat8),
  nickname: IDL.Opt(IDL.Text),
  entries: IDL.Vec(IDL.Tuple(IDL.Nat32, IDL.Text)),
  users: IDL.Vec(IDL.Tuple(IDL.Nat64, IDL.Text)),
  mode: Mode,
});
const Profile = IDL.Rec();
Profile.fill(
  IDL.Record({
    owner: IDL.Principal,
    "display name": IDL.Text,
    tags: IDL.Vec(IDL.Text),
    parent: IDL.Opt(Profile),
    status: IDL.Variant({ Ok: IDL.Nat8, Err: IDL.Text }),
  }),
);
/** Argument types of the Candid payloads, by name. */
export const candidTypes: Readonly<Record<string, IDL.Type[]>> = {
  "candid-state": [State],
  "candid-stale": [State],
  "candid-modes": [IDL.Vec(Mode)],
  "candid-nothing": [],
  "candid-large": [IDL.Vec(IDL.Nat64), IDL.Vec(IDL.Nat8)],
  "candid-values": [
    IDL.Nat,
    IDL.Int,
    IDL.Text,
    IDL.Vec(IDL.Nat8),
    IDL.Principal,
    IDL.Opt(IDL.Nat64),
    IDL.Opt(IDL.Nat64),
    Profile,
  ],
  "candid-numbers": [
    IDL.Nat8,
    IDL.Nat16,
    IDL.Nat32,
    IDL.Nat64,
    IDL.Int8,
    IDL.Int16,
    IDL.Int32,
    IDL.Int64,
    IDL.Float32,
    IDL.Float64,
    IDL.Bool,
    IDL.Null,
  ],
};

/** The format that reads and writes a payload. */
export const formatOf = ({ format, name }: Payload): PayloadFormat<unknown> => {
  if (format === "candid") return candid(candidTypes[name] as IDL.Type[]) as PayloadFormat<unknown>;
  return { cbor: cbor<unknown>(), msgpack: messagePack<unknown>(), json: jsonFormat<unknown>() }[
    format
  ];
};

/** The memory that Rust left. */
export const memoryOf = ({ file }: Payload) =>
  VectorMemory.from(readMaybeGzip(join(payloadFolder, file)));

/**
 * Whether writing the value again from JavaScript says the same: JSON and MessagePack have no -0 as
 * written from a number, nor a float that looks like an integer.
 */
export const isExactlyRewritable = ({ format, name }: Payload): boolean =>
  format === "cbor" || format === "candid" || !/-(floats|not-finite|stale)$/.test(name);
