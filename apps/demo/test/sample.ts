import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The sample image as a file. */
export const SAMPLE_FILE = new URL("../../../fixtures/azle-users.image.gz", import.meta.url);

export function sampleImage(): Uint8Array {
  return gunzipSync(readFileSync(SAMPLE_FILE));
}

/** The users of the sample, as fixtures/README.md describes them, in the order of their keys. */
export function sampleUsers(): { key: string; id: number; nameLength: number }[] {
  const users = Array.from({ length: 2000 }, (_, id) => {
    return { key: `user-${(id * 7919) % 10007}`, id, nameLength: id % 300 };
  });
  // The closing quote of the JSON text takes part in the order.
  return users.sort((a, b) => (`${a.key}"` < `${b.key}"` ? -1 : 1));
}
