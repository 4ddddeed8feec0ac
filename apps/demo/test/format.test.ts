import { expect, it } from "vitest";
import {
  formatBytes,
  formatNumberOf,
  formatNumbers,
  formatOrdinal,
  formatShare,
  shorten,
} from "../src/format.js";

it("writes sizes in the largest unit that fits", () => {
  expect([0, 1, 1023, 655_360, 83_951_616].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "1,020 bytes",
    "640 KiB",
    "80.1 MiB",
  ]);
});

it("counts one and many", () => {
  expect([formatNumberOf(1, "page"), formatNumberOf(1281, "page")]).toEqual([
    "1 page",
    "1,281 pages",
  ]);
  expect(formatNumberOf(0, "memory", "memories")).toBe("0 memories");
});

it("never rounds a share to all or nothing", () => {
  expect([formatShare(1262, 1281), formatShare(1, 9999), formatShare(9999, 10_000)]).toEqual([
    "98.5 %",
    "0.1 %",
    "99.9 %",
  ]);
  expect([formatShare(0, 5), formatShare(5, 5), formatShare(0, 0)]).toEqual([
    "0 %",
    "100 %",
    "0 %",
  ]);
});

it("joins runs of numbers", () => {
  expect(formatNumbers([0, 1, 2, 5, 7, 8])).toBe("0–2, 5, 7–8");
  expect(formatNumbers([])).toBe("");
});

it("writes ordinals", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(formatOrdinal).join(" ")).toBe(
    "1st 2nd 3rd 4th 11th 12th 13th 21st 112th",
  );
});

it("shortens only what is longer", () => {
  expect([shorten("abc", 3), shorten("abcd", 3)]).toEqual(["abc", "abc…"]);
});
