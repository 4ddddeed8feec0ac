import { describe, expect, it } from "vitest";
import {
  canPlay,
  checkVector,
  readManifest,
  sha256,
  subjectName,
  subjects,
  vectorImage,
  vectorScript,
} from "../src/index.js";

const { vectors, crates } = readManifest();

describe("the golden vectors", () => {
  it("are those of the manifest, byte for byte", () => {
    expect(crates).toEqual({ current: "0.7.2", v1: "0.5.6" });
    for (const { name, sha256: expected, pages } of vectors) {
      const image = vectorImage(name);
      expect([name, image.length / 65536, sha256(image)]).toEqual([name, pages, expected]);
    }
  });

  it("can all be played", () => {
    expect(vectors.length).toBeGreaterThanOrEqual(61);
    expect(vectors.filter(({ name }) => !canPlay(vectorScript(name)))).toEqual([]);
  });

  describe.each(subjects.map((subject) => [subjectName(subject), subject] as const))(
    "on %s",
    (_, subject) => {
      it.each(vectors.map(({ name }) => name))("%s gives the image of the crate", (name) => {
        expect(checkVector(name, subject)).toBeUndefined();
      });
    },
  );
});

describe("the comparison of images", () => {
  it("finds one wrong byte, and says where", async () => {
    const { imageDifference } = await import("../src/images.js");
    const image = vectorImage("manager-empty-bucket1");
    const wrong = Uint8Array.from(image);
    wrong[34847] = 1;
    expect(imageDifference(image, Uint8Array.from(image))).toBeUndefined();
    expect(imageDifference(wrong, image)).toMatch(/first difference at 34847: 01/);
    expect(imageDifference(image.subarray(1), image)).toMatch(/sizes 65535 and 65536/);
  });
});
