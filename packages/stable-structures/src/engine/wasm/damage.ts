import {
  EXPECTED_ALLOCATED_CHUNK,
  EXPECTED_CHAIN_END,
  EXPECTED_CHUNK,
  EXPECTED_DEPTH,
  EXPECTED_ENTRIES,
  EXPECTED_FREE_CHUNK,
  EXPECTED_HEADER,
  EXPECTED_KEY_SIZE,
  EXPECTED_LENGTH,
  EXPECTED_NODE,
  EXPECTED_NODE_COUNT,
  EXPECTED_NODE_TYPE,
  EXPECTED_NODE_VERSION,
  EXPECTED_ORDER,
  EXPECTED_OVERFLOW_PAGE,
  EXPECTED_VALUE_SIZE,
  NODE_CAPACITY,
  RESULT,
  RESULT_ADDRESS,
  RESULT_EXPECTED,
} from "@stable-structures/core/layout";
import { CorruptedError } from "../../errors.js";
import { getU32, getU64 } from "../../io/bytes.js";

const EXPECTED: Readonly<Record<number, string>> = {
  [EXPECTED_NODE]: 'a node ("BTN") in the memory',
  [EXPECTED_NODE_VERSION]: "a node version that this map can have",
  [EXPECTED_NODE_TYPE]: "a leaf (0) or an internal node (1), as its siblings are",
  [EXPECTED_NODE_COUNT]: `1 to ${NODE_CAPACITY} entries`,
  [EXPECTED_OVERFLOW_PAGE]: 'an overflow page ("NOF") in an allocated chunk',
  [EXPECTED_CHAIN_END]: "a node with exactly the overflow pages that its entries need",
  [EXPECTED_KEY_SIZE]: "keys of a size that the codec allows",
  [EXPECTED_VALUE_SIZE]: "values of a size that the codec allows",
  [EXPECTED_CHUNK]: 'a chunk ("CHK", version 1) where the allocator has one',
  [EXPECTED_FREE_CHUNK]: "a free chunk",
  [EXPECTED_ALLOCATED_CHUNK]: "an allocated chunk",
  [EXPECTED_LENGTH]: "a length that counts every entry",
  [EXPECTED_DEPTH]: "a leaf within 32 levels; nodes point in a circle",
  [EXPECTED_ORDER]: "keys in strict order",
  [EXPECTED_ENTRIES]: "a node of at least 5 entries",
  [EXPECTED_HEADER]: "headers that fit each other and the memory",
};

/** The damage that the engine's last call met. */
export function damageIn(bytes: Uint8Array): CorruptedError {
  const expected = getU32(bytes, RESULT + RESULT_EXPECTED);
  return new CorruptedError(
    getU64(bytes, RESULT + RESULT_ADDRESS),
    EXPECTED[expected] ?? `what the engine calls ${expected}`,
  );
}
