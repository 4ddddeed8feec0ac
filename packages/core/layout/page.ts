/**
 * The unit in which stable memory grows: one WebAssembly page, in bytes.
 *
 * `page` alone always means this; the B-tree's own unit is a *node page*.
 */
export const PAGE_SIZE = 65536;
export const PAGE_SHIFT = 16;
