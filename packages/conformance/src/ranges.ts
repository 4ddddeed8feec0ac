import type { RangeOptions, StorableKey } from "stable-structures";
import { fromWord } from "./answer.js";

/** The range that the words `LO HI [rev]` of an operation say. */
export function rangeFrom<K>(
  codec: StorableKey<K>,
  [lower = "*", upper = "*", direction]: readonly string[],
): RangeOptions<K> {
  const bound = (word: string): RangeOptions<K> => {
    const [, sign, bytes = ""] = /^([<>]=?)(.*)$/.exec(word) ?? [];
    if (sign === undefined) return {};
    const name = ({ ">=": "gte", ">": "gt", "<=": "lte", "<": "lt" } as const)[sign] ?? "gte";
    return { [name]: codec.fromBytes(fromWord(bytes)) };
  };
  return { ...bound(lower), ...bound(upper), reverse: direction === "rev" };
}
