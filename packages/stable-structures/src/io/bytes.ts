/** 2^32 */
const HIGH_WORD = 0x1_0000_0000;

/** A DataView over exactly the bytes of `bytes`. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * A little-endian u64 as a number. Exact below 2^53; a larger value comes out as some number of at
 * least 2^53, so a comparison with a memory's size still tells right from wrong.
 */
export function getU64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * HIGH_WORD;
}

/** Writes a number below 2^53 as a little-endian u64. */
export function setU64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value >>> 0, true);
  view.setUint32(offset + 4, Math.floor(value / HIGH_WORD), true);
}

/** The three bytes of a magic as a little-endian integer. */
export function getMagic(view: DataView, offset: number): number {
  return view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
}

/** Writes a magic and, as the fourth byte, a layout version. */
export function setMagic(view: DataView, offset: number, magic: number, version: number): void {
  view.setUint32(offset, magic | (version << 24), true);
}

/** The three letters of a magic. */
export function magicText(magic: number): string {
  return String.fromCharCode(magic & 0xff, (magic >> 8) & 0xff, (magic >> 16) & 0xff);
}

/** Shorter before longer, then byte by byte. The order of Rust's `Principal`. */
export function compareLengthFirst(a: Uint8Array, b: Uint8Array): number {
  return a.length - b.length || compareBytes(a, b);
}

/** Compares byte by byte; a prefix sorts before what it begins. The order of Rust's `Vec<u8>`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
