import { blob, MemoryManager, readImage, StableBTreeMap, u64 } from "stable-structures";
import { describe, expect, it } from "vitest";
import {
  imageDifference,
  Replayer,
  subjectName,
  subjects,
  vectorImage,
  vectorScript,
  withMemory,
} from "../src/index.js";

// In these vectors the crate opened an empty map whose bytes the script wrote. Here `create` makes it.
describe.each(subjects.map((subject) => [subjectName(subject), subject] as const))(
  "a map created with nodePageSize, on %s",
  (_, subject) => {
    it.each([128, 256])("of %i bytes is the one that the crate opens and goes on with", (size) => {
      const name = `btreemap-u64-blob-node-page-${size}`;
      const lines = vectorScript(name).filter((line) => !/^(structure )?r /.test(line));
      withMemory(subject, (memory) => {
        const manager = MemoryManager.create(memory, { bucketSizeInPages: 1 });
        const options = { key: u64, value: blob, nodePageSize: size };
        StableBTreeMap.create(manager.get(2), options).close();
        manager.close();
        const replayer = new Replayer(memory);
        const answers = replayer.playAll(lines);
        replayer.close();
        expect(answers.filter((answer) => /^(panic|error)/.test(answer))).toEqual([]);
        expect(imageDifference(readImage(memory), vectorImage(name))).toBeUndefined();
      });
    });
  },
);
