import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage, UpgradeSerializer, VectorMemory } from "stable-structures";
import { Float } from "stable-structures/cbor";
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
    // JavaScript sorts keys that look like integers.
    !/extensions|packed|legacy|json-maps/.test(payload.name),
);

/**
 * Reads what Rust wrote, writes it again, and lets Rust decode both: it must see the same.
 * `program` is the Rust program `payloads`.
 */
export function checkPayload(program: string, payload: Payload): Difference | undefined {
  const serializer = new UpgradeSerializer(formatOf(payload), { layout: payload.layout });
  const memory = new VectorMemory();
  const state = serializer.restore(memoryOf(payload));
  serializer.save(memory, payload.type === "floats" ? withFloats(state) : state);
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

/** Says of every number that it is a float: ciborium takes no integer for one. */
function withFloats(value: unknown): unknown {
  if (typeof value === "number") return new Float(value);
  if (Array.isArray(value)) return value.map(withFloats);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFloats(item)]));
}

function decodeInRust(program: string, { format, layout, type }: Payload, file: string): string {
  const run = spawnSync(program, ["decode", format, layout, type, file], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return run.status === 0 ? run.stdout : `an error: ${run.stderr}`;
}
