// The state that the canister of the incident carries through its upgrades.
import { cbor } from "stable-structures/cbor";

interface User {
  id: number;
  name: string;
  followers: number[];
  balance: number;
}

export interface State {
  users: User[];
  note: string;
}

/** Ids start here, so that every user has the same length in CBOR. */
const FIRST_ID = 100_000;
/** Room for the note: from 24 to 255 characters, CBOR spends 2 bytes on its length. */
const SHORTEST_NOTE = 40;
/** CBOR spends 1 byte on the number of no users, and up to 5 on that of many. */
const COUNT_BYTES = 4;

/** A state whose CBOR has exactly `bytes` bytes, 256 or more. */
export function makeState(bytes: number): State {
  const room = bytes - encodedLength({ users: [], note: "" }) - COUNT_BYTES - SHORTEST_NOTE;
  const count = Math.floor(room / encodedLength(makeUser(0)));
  const users = Array.from({ length: count }, (_, index) => makeUser(index));
  const left = bytes - encodedLength({ users, note: "" });
  return { users, note: "n".repeat(left - 1) };
}

/** Bytes that `value` has in CBOR. */
export function encodedLength(value: unknown): number {
  return cbor<unknown>().encode(value).length;
}

function makeUser(index: number): User {
  const id = FIRST_ID + index;
  return { id, name: `user ${id}`, followers: [id - 3, id - 2, id - 1], balance: id * 10 };
}
