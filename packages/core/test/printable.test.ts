import { describe, expect, it } from "vitest";
import { printableOf } from "../scripts/printable.mjs";
import { bytesOfPrintable } from "../src/printable.js";

describe("the text that the engine is embedded as", () => {
  const everyPair = Uint8Array.from({ length: 2 * 256 ** 2 }, (_, i) =>
    i % 2 === 0 ? i >> 9 : (i >> 1) & 255,
  );

  it("gives back every byte behind every byte", () => {
    expect(bytesOfPrintable(printableOf(everyPair))).toEqual(everyPair);
    expect(bytesOfPrintable("")).toEqual(new Uint8Array(0));
  });

  it("needs no escape in a string literal", () => {
    const source = printableOf(everyPair);
    expect(JSON.stringify(source)).toBe(`"${source}"`);
    expect(source).toMatch(/^[!-~]*$/);
  });
});
