import { VectorMemory, writeImage } from "stable-structures";
import { describe, expect, it } from "vitest";
import { cutImages, cutOffDeclarations, Replayer } from "../src/index.js";

// That Rust opens these images as well is shown by `npm run conformance`.
describe.each([1, 2, 3, 16])(
  "a manager with buckets of %i pages, cut off after every write",
  (bucketSize) => {
    it("opens with all earlier contents", () => {
      let images = 0;
      for (const { image, questions } of cutImages(900 + bucketSize, bucketSize)) {
        const memory = new VectorMemory();
        writeImage(memory, image);
        const replayer = new Replayer(memory);
        expect(replayer.playAll(cutOffDeclarations(bucketSize))).toEqual(["ok", "ok", "ok", "ok"]);
        for (const { line, answers } of questions) expect(answers).toContain(replayer.play(line));
        images++;
      }
      expect(images).toBeGreaterThan(40);
    });
  },
);
