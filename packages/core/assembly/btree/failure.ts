/** What a status does not say: where damage was met and what was expected there, see layout/map-calls.ts. */
import { RESULT_ADDRESS, RESULT_EXPECTED, RESULT_PAGES } from "../../layout/map-calls";
import { RESULT } from "../../layout/regions";
import { E_CORRUPTED } from "../../layout/status";
import { Addr } from "../types";

/** Notes damage at `address`; E_CORRUPTED. */
export function damaged(address: Addr, expected: i32): i32 {
  store<u64>(RESULT, address, RESULT_ADDRESS);
  store<i32>(RESULT, expected, RESULT_EXPECTED);
  return E_CORRUPTED;
}

/** Notes by how many pages the map's memory could not grow; `status`. */
export function refused(status: i32, pages: u64): i32 {
  store<u32>(RESULT, <u32>min<u64>(pages, u32.MAX_VALUE), RESULT_PAGES);
  return status;
}
