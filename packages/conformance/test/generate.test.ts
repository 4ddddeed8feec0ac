import { describe, expect, it } from "vitest";
import {
  generateScript,
  generateSets,
  keyAt,
  keyCodec,
  playOn,
  typeNames,
  valueCodec,
} from "../src/index.js";

const mapTypes = [
  "u64:blob",
  "string:u64",
  "principal:tuple_blob64_u16",
  "v1/blob64:u32",
  "tuple_u8_blob4:f64",
  "option_u64:option_string",
  "eventkey:account",
  "reverse_string:user",
];

describe("random scripts of sets", () => {
  it("ask about pairs that meet, and are answered", () => {
    for (let seed = 0; seed < 20; seed++) {
      const script = generateSets(seed, 500);
      const { answers } = playOn({ engine: "js", memory: "sparse" }, script);
      expect(answers.filter((answer) => answer.startsWith("panic"))).toEqual([]);
      const meetings = answers.filter((_, i) => / intersection /.test(script[i] as string));
      expect(meetings.some((answer) => answer !== "keys 0")).toBe(true);
    }
  });
});

describe("random scripts", () => {
  it("are the same for the same seed, and others for another", () => {
    const options = { operations: 200, mapTypes };
    expect(generateScript(5, options)).toEqual(generateScript(5, options));
    expect(generateScript(5, options)).not.toEqual(generateScript(6, options));
  });

  it("have the number of operations asked for, and only operations that can be played", () => {
    for (let seed = 0; seed < 20; seed++) {
      const script = generateScript(seed, { operations: 300, mapTypes });
      const declarations = script.filter((line) => /^(manager|structure) /.test(line)).length;
      expect(script.length - declarations).toBe(300);
      const { answers } = playOn({ engine: "js", memory: "sparse" }, script);
      expect(answers.length).toBe(script.length);
      expect(answers.filter((answer) => answer.startsWith("panic"))).toEqual([]);
    }
  });

  it("meet keys that exist", () => {
    const script = generateScript(3, { operations: 2000, mapTypes: ["u64:u64"], maps: 1, raws: 0 });
    const { answers } = playOn({ engine: "js", memory: "vector" }, script);
    const removals = answers.filter((_, i) => / remove /.test(script[i] as string));
    const hits = removals.filter((answer) => answer.startsWith("some")).length;
    expect(hits / removals.length).toBeGreaterThan(0.15);
  });

  it("have keys that decode, of every type", () => {
    const keys = typeNames.filter((type) => "compare" in valueCodec(type));
    for (const type of keys) {
      for (let index = 0; index < 50; index++) {
        const codec = keyCodec(type);
        expect(codec.toBytes(codec.fromBytes(keyAt(type, index)))).toEqual(keyAt(type, index));
      }
    }
  });
});
