/** UTF-8 bytes of `value` as JSON. Payloads are bounded by this: engines count bytes, not characters. */
export const jsonBytes = (value: object | string): number => utf8Bytes(JSON.stringify(value));

/** UTF-8 bytes of a text; half a surrogate pair counts as the three bytes of its replacement. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair is two of its four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
