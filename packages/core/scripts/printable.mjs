/**
 * Bytes as printable text, for a string literal in which nothing must be escaped. What each character means
 * is said in src/printable.ts, which reads it.
 *
 * @param {Uint8Array} bytes
 */
export function printableOf(bytes) {
  return Array.from(bytes, (byte) =>
    byte < 89
      ? character(byte)
      : character(89 + Math.floor((byte - 89) / 91)) + character((byte - 89) % 91),
  ).join("");
}

/** @param {number} digit */
function character(digit) {
  const code = digit + 35;
  return String.fromCharCode(code < 92 ? code : code + 1);
}
