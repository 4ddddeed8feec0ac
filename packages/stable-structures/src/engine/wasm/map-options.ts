import {
  CHECK_ASK,
  CHECK_NONE,
  CHECK_NUMBER,
  CHECK_TEXT,
  MAP_OPTIONS,
  NODE_VERSION_2,
  OPTION_FIRST_MEMBER,
  OPTION_FIXED_KEYS,
  OPTION_FIXED_VALUES,
  OPTION_KEY_CHECK,
  OPTION_MAX_KEY_SIZE,
  OPTION_MAX_VALUE_SIZE,
  OPTION_NODE_VERSION,
  OPTION_ORDER,
  OPTION_SECOND_MEMBER,
  OPTION_VALUE_CHECK,
  ORDER_BYTES,
  ORDER_LENGTH_FIRST,
  ORDER_PAIR,
  UNBOUNDED,
} from "@stable-structures/core/layout";
import { directOf } from "../../storable/direct.js";
import {
  isFixedSize,
  maxSizeOf,
  type PairMember,
  type Storable,
  type StorableKey,
} from "../../storable/storable.js";
import type { MapCodecs } from "../map-engine.js";

/** Longest keys that the engine compares otherwise than by their bytes. */
const MAX_ORDERED_SIZE = 4096;

/** True when the engine knows the order of the keys; the JavaScript engine knows every order. */
export function knowsOrder(key: StorableKey<unknown>): boolean {
  const { byteOrdered, encodedOrder } = key;
  if (byteOrdered) return true;
  const isKnown =
    encodedOrder === "length-first" || (encodedOrder !== undefined && "pair" in encodedOrder);
  return isKnown && (maxSizeOf(key) ?? Infinity) <= MAX_ORDERED_SIZE;
}

/** Tells the engine about the map that it is to open. */
export function writeMapOptions(
  view: DataView,
  { key, value }: MapCodecs,
  nodeVersion: number = NODE_VERSION_2,
): void {
  const set = (offset: number, number: number) =>
    view.setUint32(MAP_OPTIONS + offset, number, true);
  set(OPTION_MAX_KEY_SIZE, maxSizeOf(key) ?? UNBOUNDED);
  set(OPTION_FIXED_KEYS, Number(isFixedSize(key)));
  set(OPTION_MAX_VALUE_SIZE, maxSizeOf(value) ?? UNBOUNDED);
  set(OPTION_FIXED_VALUES, Number(isFixedSize(value)));
  set(OPTION_ORDER, orderOf(key));
  set(OPTION_KEY_CHECK, checkOf(key));
  set(OPTION_VALUE_CHECK, checkOf(value));
  set(OPTION_NODE_VERSION, nodeVersion);
  if (orderOf(key) !== ORDER_PAIR) return;
  const [first, second] = (key.encodedOrder as { pair: readonly [PairMember, PairMember] }).pair;
  setMember(set, OPTION_FIRST_MEMBER, first);
  setMember(set, OPTION_SECOND_MEMBER, second);
}

function orderOf({ byteOrdered, encodedOrder }: StorableKey<unknown>): number {
  if (byteOrdered) return ORDER_BYTES;
  return encodedOrder === "length-first" ? ORDER_LENGTH_FIRST : ORDER_PAIR;
}

function setMember(
  set: (offset: number, number: number) => void,
  offset: number,
  { size, lengthBytes, order }: PairMember,
): void {
  set(offset, size);
  set(offset + 4, lengthBytes);
  set(offset + 8, order === "length-first" ? ORDER_LENGTH_FIRST : ORDER_BYTES);
}

const CHECKS = { all: CHECK_NONE, "safe-integers": CHECK_NUMBER, ascii: CHECK_TEXT } as const;

/** Which bytes the engine may take out of the map without asking whether they decode. */
function checkOf(codec: Storable<unknown>): number {
  const decodes = directOf(codec)?.decodes;
  return decodes === undefined ? CHECK_ASK : CHECKS[decodes];
}
