import { PAGE_SIZE } from "../units.js";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A number of things in words: "1 page", "1,281 pages". */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en-US")} ${thing}${number === 1 ? "" : "s"}`;
}

/** A number of bytes in binary units: "2 GiB", "80.1 MiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${UNITS[unit]}`;
}

/** A number of pages of 64 KiB, and what they take: "1,281 pages (80.1 MiB)". */
export function formatPagesAndBytes(pages: number): string {
  return `${count(pages, "page")} (${formatBytes(pages * PAGE_SIZE)})`;
}
