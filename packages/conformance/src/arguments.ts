import { InvalidArgumentError } from "commander";

/** Reads the argument of an option as a whole number of at least 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("a whole number of at least 0 is wanted.");
  }
  return value;
}
