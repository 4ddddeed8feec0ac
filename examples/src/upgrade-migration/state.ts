import { cbor } from "stable-structures/cbor";

/** What the canister keeps on its heap, and loses at every upgrade unless the hooks carry it. */
export interface State {
  owner: string;
  balances: Record<string, number>;
}

/** CBOR, as a Rust canister writes such a struct with serde and ciborium. */
export const format = cbor<State>();
