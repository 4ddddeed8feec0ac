import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  FLAG_REVERSE,
  FLAG_VALUES,
  OUTPUT,
  OUTPUT_SIZE,
  RESULT,
  RESULT_BYTES,
} from "../layout/index.js";
import { Core } from "../src/index.js";
import { HostImage } from "./support/host.js";
import { imageOf, play } from "./support/scripts.js";

// The build over imported memory functions has its image in frames of 4 KiB, which cut nodes: vectors of the
// crate do not come to every place where that matters.

const build = (name: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../build/${name}.wasm`, import.meta.url)));
const [release, host] = [build("release"), build("host")];

const OPERATIONS = 900;

/** Types of keys and values, as scripts name them. */
const TYPES = [
  ["string", "blob"],
  ["blob", "blob"],
  ["principal", "blob64"],
  ["principal", "blob"],
  ["u64", "blob"],
  ["u64", "u64"],
] as const;

const hex = (bytes: Uint8Array) => (bytes.length ? Buffer.from(bytes).toString("hex") : "-");

/** Whole numbers below a limit (xorshift), the same ones for a seed. */
function numbersOf(seed: number): (limit: number) => number {
  let state = (seed + 1) * 0x9e3779b1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** A script that fills one map in the image itself, or two in memories that take turns, and empties them. */
function scriptOf(seed: number): string[] {
  const below = numbersOf(seed);
  const [key, value] = TYPES[seed % TYPES.length] as (typeof TYPES)[number];
  const letters = [2, 5, 26][below(3)] as number;
  const letterBytes = (size: number) =>
    Uint8Array.from({ length: size }, () => 97 + below(letters));
  const integer = (bytes: number) =>
    Uint8Array.from({ length: 8 }, (_, i) => (i < 8 - bytes ? 0 : below(256)));
  const makeKey = () => {
    if (key === "u64") return integer(3);
    if (key === "principal") return letterBytes(below(8) ? 29 : below(29));
    return letterBytes(below(4) ? 14 + below(10) : below(60));
  };
  const makeValue = () => {
    if (value === "u64") return integer(6);
    if (value === "blob64") return letterBytes(below(65));
    return letterBytes(below(below(5) ? 700 : 6000));
  };
  const homes = below(2) ? ["base"] : ["0", "1"];
  const lines = homes.map(
    (home, i) => `structure map${i} btreemap memory=${home} key=${key} value=${value}`,
  );
  if (homes.length > 1) lines.unshift(`manager bucket=${1 + below(3)}`);
  const known: Uint8Array[] = [];
  for (let i = 0; i < OPERATIONS; i++) {
    const map = `map${below(homes.length)}`;
    const any = below(2) ? known[below(known.length)] : undefined;
    const bytes = any ?? makeKey();
    const kind = below(20);
    if (kind >= 18) lines.push(`${map} ${kind === 18 ? "pop_first" : "pop_last"}`);
    else if (kind >= (2 * i < OPERATIONS ? 14 : 6)) lines.push(`${map} remove ${hex(bytes)}`);
    else {
      known.push(bytes);
      lines.push(`${map} insert ${hex(bytes)} ${hex(makeValue())}`);
    }
  }
  return lines;
}

/** What walks over the maps of a script give, in each direction, with and without values. */
function walksOf(core: Core, lines: readonly string[]): Buffer[] {
  const homes = lines.some((line) => line.startsWith("manager")) ? [0, 1] : [255];
  const flags = [0, FLAG_VALUES, FLAG_REVERSE, FLAG_REVERSE | FLAG_VALUES];
  return homes.flatMap((home) =>
    flags.map((flag) => {
      expect(core.exports.mapWalk(home, flag, 0, 0, 0, 0, OUTPUT_SIZE)).toBeGreaterThanOrEqual(0);
      // Frames may have made the memory grow.
      const memory = Buffer.from(core.memory.buffer);
      const size = memory.readUInt32LE(RESULT + RESULT_BYTES);
      return Buffer.from(memory.subarray(OUTPUT, OUTPUT + size));
    }),
  );
}

it.each(Array.from({ length: 36 }, (_, seed) => seed))(
  "a random script leaves one image in both builds, which walks read alike (seed %i)",
  (seed) => {
    const lines = scriptOf(seed);
    const core = Core.instantiate({ module: release });
    play(core, lines);
    const image = new HostImage();
    const imports = image.imports(() => hostCore.memory);
    const hostCore: Core = Core.instantiate({ module: host, imports });
    play(hostCore, lines);
    expect(Buffer.compare(imageOf(core), image.bytes)).toBe(0);
    expect(walksOf(hostCore, lines)).toEqual(walksOf(core, lines));
  },
);
