import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage, UpgradeSerializer, VectorMemory } from "stable-structures";
import type { Difference } from "./checks.js";
import {
  formatOf,
  isExactlyRewritable,
  memoryOf,
  type Payload,
  payloadFolder,
  payloads,
} from "./payloads.js";

/** The payloads whose Rust type can be compared after JavaScript wrote them again. */
export const rewritablePayloads: readonly Payload[] = payloads.filter(
  (payload) =>
    isExactlyRewritable(payload) &&
    // Unknown extensions do not decode; packed structs and old enums are a choice of the writer;
    // JavaScript writes a float without a fraction as an integer, and sorts keys that look like one.
    !/extensions|packed|legacy|floats|json-maps/.test(payload.name),
);

/**
 * Reads what Rust wrote, writes it again, and lets Rust decode both: it must see the same.
 * `program` is the Rust program `payloads`.
 */
export function checkPayload(program: string, payload: Payload): Difference | undefined {
  const serializer = new UpgradeSerializer(formatOf(payload), { layout: payload.layout });
  const memory = new VectorMemory();
  serializer.save(memory, serializer.restore(memoryOf(payload)));
  const folder = mkdtempSync(join(tmpdir(), "stable-structures-payload-"));
  try {
    const file = join(folder, "ours.bin");
    writeFileSync(file, readImage(memory));
    const [theirs, ours] = [join(payloadFolder, payload.file), file].map((path) =>
      decodeInRust(program, payload, path),
    );
    return theirs === ours
      ? undefined
      : `${payload.file}: Rust decodes ${ours?.slice(0, 200)} instead of ${theirs?.slice(0, 200)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function decodeInRust(program: string, { format, layout, type }: Payload, file: string): string {
  const run = spawnSync(program, ["decode", format, layout, type, file], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return run.status === 0 ? run.stdout : `an error: ${run.stderr}`;
}
