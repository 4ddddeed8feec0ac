import { PAGE_SIZE } from "stable-structures";

const counts = new Intl.NumberFormat("en-US");
const decimals = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** 1281 as "1,281". */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** "1 page", "1,281 pages". */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "640 KiB", "80.1 MiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return value === 1 && unit === 0 ? "1 byte" : `${decimals.format(value)} ${UNITS[unit]}`;
}

/** What `pages` pages of 64 KiB take. */
export function formatPagesAsBytes(pages: number): string {
  return formatBytes(pages * PAGE_SIZE);
}

/** A share of a whole, such as "98.5 %". Never rounded to all or nothing. */
export function formatShare(part: number, whole: number): string {
  const tenths = whole === 0 ? 0 : (part / whole) * 1000;
  const within = part > 0 && part < whole ? Math.min(Math.max(Math.round(tenths), 1), 999) : tenths;
  return `${within / 10} %`;
}

/** Ascending numbers with runs joined: "0–7, 9". */
export function formatNumbers(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}

/** The first `length` characters of a longer text, and an ellipsis. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/** Bytes as hexadecimal digits, shortened after `length` bytes. */
export function formatHex(bytes: Uint8Array, length = 24): string {
  const digits = Array.from(bytes.subarray(0, length), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return digits.join("") + (bytes.length > length ? "…" : "");
}

/** 1 as "1st". */
export function formatOrdinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  return `${formatCount(number)}${(!teen && ["th", "st", "nd", "rd"][number % 10]) || "th"}`;
}

/** What went wrong, as a sentence to show. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
