import { type ErrorCode, StableStructuresError } from "../../src/index.js";

/** The code of the error that `action` throws; "none" when it throws none. */
export function codeOf(action: () => unknown): ErrorCode | "none" | "uncoded" {
  try {
    action();
    return "none";
  } catch (error) {
    return error instanceof StableStructuresError ? error.code : "uncoded";
  }
}
