import { check, type StructureCodecs } from "stable-structures/check";
import { describe, expect, it } from "vitest";
import { keyCodec, readManifest, valueCodec, vectorImage, vectorScript } from "../src/index.js";

/** The codecs of the maps of a script, by memory. */
function codecsOf(lines: readonly string[]): Record<string, StructureCodecs> {
  const codecs: Record<string, StructureCodecs> = {};
  for (const line of lines) {
    const options = /^structure \S+ btreemap(_v1)? (.*)$/.exec(line)?.[2];
    if (options === undefined) continue;
    const { memory, key, value } = Object.fromEntries(options.split(" ").map((o) => o.split("=")));
    codecs[memory] = { key: keyCodec(key), value: valueCodec(value) };
  }
  return codecs;
}

describe("an image of the crate, checked with the codecs of its script", () => {
  it.each(readManifest().vectors.map(({ name }) => name))("%s is sound and in order", (name) => {
    const codecs = codecsOf(vectorScript(name));
    const { findings } = check(vectorImage(name), { codecs });
    const unexpected = findings.filter(({ code }) => code !== "not-checked" && code !== "waste");
    expect(unexpected).toEqual([]);
  });
});
