/*
 * What a text or a value takes in a payload: bytes of UTF-8, not characters. Node's Buffer is not there in a workflow, and these
 * are asked of short texts with every event.
 */

/** Bytes of a JSON value as JSON in UTF-8, what surrounds a text included. 0 for undefined. @throws TypeError if it refers to itself */
export function jsonBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value !== 'string') return utf8Bytes(JSON.stringify(value));
  let bytes = QUOTES_BYTES;
  for (let place = 0; place < value.length; place++) {
    const taken = escapedBytes(value, place);
    bytes += taken;
    if (taken === PAIR_BYTES) place += 1;
  }
  return bytes;
}

/** Bytes of a text in UTF-8; half a surrogate pair counts as the replacement character. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isPairAt(text, place)) {
      bytes += PAIR_BYTES;
      place += 1;
    } else bytes += 3;
  }
  return bytes;
}

/** As much of the beginning of a text as takes so many bytes of JSON at most, quotes included. Never half a surrogate pair. */
export function cutToBytes(text: string, maxJsonBytes: number): string {
  let bytes = QUOTES_BYTES;
  for (let place = 0; place < text.length; place++) {
    const taken = escapedBytes(text, place);
    bytes += taken;
    if (bytes > maxJsonBytes) return text.slice(0, place);
    if (taken === PAIR_BYTES) place += 1;
  }
  return text;
}

const QUOTES_BYTES = 2;
/** A surrogate pair is one character of four bytes; nothing else takes as many. */
const PAIR_BYTES = 4;
/** As `\u0001`. */
const ESCAPE_BYTES = 6;

/** What the character at a place takes inside a JSON text. */
function escapedBytes(text: string, place: number): number {
  const code = text.charCodeAt(place);
  // \b \t \n \f \r
  if (code < 0x20) return code >= 0x08 && code <= 0x0d && code !== 0x0b ? 2 : ESCAPE_BYTES;
  if (code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1;
  if (code < 0x800) return 2;
  if (code < 0xd800 || code > 0xdfff) return 3;
  return isPairAt(text, place) ? PAIR_BYTES : ESCAPE_BYTES;
}

function isPairAt(text: string, place: number): boolean {
  const high = text.charCodeAt(place);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(place + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
