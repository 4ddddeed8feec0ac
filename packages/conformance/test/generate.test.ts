import { MemoryManager, VectorMemory } from "stable-structures";
import { describe, expect, it } from "vitest";
import {
  generateBulkLoad,
  generateScattered,
  generateScript,
  generateSets,
  imageDifference,
  keyAt,
  keyCodec,
  playOn,
  subjects,
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

describe("random scripts of scattered maps and sets", () => {
  it("have pages in turn, and answer the same on every engine and memory", () => {
    const script = generateScattered(6, 200, mapTypes);
    const [first, ...others] = subjects.map((subject) => playOn(subject, script));
    for (const { answers, image } of others) {
      expect(answers).toEqual(first?.answers);
      expect(imageDifference(image, first?.image as Uint8Array)).toBeUndefined();
    }
    const memory = new VectorMemory();
    memory.grow((first?.image.length ?? 0) / 65_536);
    memory.write(0, first?.image as Uint8Array);
    const owners = MemoryManager.load(memory)
      .memories()
      .flatMap(({ id, buckets }) => buckets.map((bucket) => ({ id, bucket })))
      .sort((a, b) => a.bucket - b.bucket);
    const changes = owners.filter(({ id }, i) => i > 0 && id !== owners[i - 1]?.id);
    expect(changes.length).toBeGreaterThan(6);
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

  it("use many entries at a time and walk through changes when told to", () => {
    const options = { operations: 3000, mapTypes, maps: 1, everything: true };
    const words = generateScript(11, options).map((line) => line.split(" ")[1]);
    for (const operation of ["get_many", "insert_many", "delete_range", "walk_next", "walk_resume"])
      expect(words).toContain(operation);
    const golden = generateScript(11, { ...options, everything: false });
    expect(golden.filter((line) => / (\w+_many|delete_range|walk\w*)( |$)/.test(line))).toEqual([]);
  });

  it("answer the same on every engine and memory, with many entries at a time", () => {
    for (let seed = 0; seed < 4; seed++) {
      const script = generateScript(seed, { operations: 500, mapTypes, maps: 2, everything: true });
      const [first, ...others] = subjects.map((subject) => playOn(subject, script));
      for (const { answers, image } of others) {
        expect(answers).toEqual(first?.answers);
        expect(imageDifference(image, first?.image as Uint8Array)).toBeUndefined();
      }
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

describe("bulk loads", () => {
  it("give one image on every engine and memory, which goes on like any other", () => {
    for (const [seed, mapType] of mapTypes.entries()) {
      const { declarations, load, operations } = generateBulkLoad(seed + 30, mapType, 200);
      const script = [...declarations, load, ...operations];
      const [first, ...others] = subjects.map((subject) => playOn(subject, script));
      expect(first?.answers[2]).toMatch(/^number /);
      expect(first?.answers.filter((answer) => answer.startsWith("panic"))).toEqual([]);
      for (const { answers, image } of others) {
        expect(answers).toEqual(first?.answers);
        expect(imageDifference(image, first?.image as Uint8Array)).toBeUndefined();
      }
    }
  });
});
