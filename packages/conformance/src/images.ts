import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Lower-case hex of the SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The content of a file, unpacked when it is gzip. */
export function readMaybeGzip(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** The lines of a script file, `.gz` or plain. */
export function readScript(path: string): string[] {
  return Buffer.from(readMaybeGzip(path)).toString("utf8").split("\n");
}

/** Says where two images differ, or undefined when they are equal. */
export function imageDifference(actual: Uint8Array, expected: Uint8Array): string | undefined {
  if (Buffer.compare(actual, expected) === 0) return undefined;
  const length = Math.min(actual.length, expected.length);
  let at = 0;
  while (at < length && actual[at] === expected[at]) at++;
  const show = (bytes: Uint8Array) => Buffer.from(bytes.subarray(at, at + 16)).toString("hex");
  return `sizes ${actual.length} and ${expected.length}; first difference at ${at}: ${show(actual)} instead of ${show(expected)}`;
}
