import { PAGE_SIZE } from "@stable-structures/core/layout";

export { PAGE_SIZE };

/** Whole pages of 64 KiB needed to hold `bytes` bytes. */
export function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE);
}

/** `1 page` or `1,281 pages`, for messages. */
export function formatPages(pages: number): string {
  return `${pages.toLocaleString("en-US")} ${pages === 1 ? "page" : "pages"}`;
}
