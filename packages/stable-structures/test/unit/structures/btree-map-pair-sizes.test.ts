import { describe, expect, it } from "vitest";
import { boundedBlob, pair, readImage, StableBTreeMap, u64 } from "../../../src/index.js";
import { codeOf } from "../../support/errors.js";
import { engines } from "../../support/maps.js";

// A pair whose members vary stores its size before it, and has the same size nevertheless: a walk that
// trusted a shorter one would look for the members behind the key.
describe.each(engines)("a pair in the engine in %s", (_, create) => {
  it.each([0, 1, 7, 12])("that claims to be %i bytes long ends a walk with a code", (size) => {
    const memory = create();
    const map = StableBTreeMap.create(memory, { key: pair(boundedBlob(8), u64), value: u64 });
    for (let i = 0; i < 6; i++) map.insert([Uint8Array.of(i), BigInt(i)], BigInt(i));
    const root = Number(new DataView(readImage(memory).buffer).getBigUint64(12, true));
    const secondSize = root + 15 + 4 + 17;
    const before = new Uint8Array(4);
    memory.read(secondSize, before);
    expect([...before]).toEqual([17, 0, 0, 0]);
    // Behind the back of the open map: opening it would find the damage in its root.
    memory.write(secondSize, Uint8Array.of(size, 0, 0, 0));
    expect(codeOf(() => [...map])).toMatch(/^STABLE_(CORRUPTED|DECODE)/);
    expect(codeOf(() => [...map.range({ reverse: true })])).toMatch(/^STABLE_(CORRUPTED|DECODE)/);
  });
});
