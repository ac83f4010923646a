import { writeJson } from './write-json.ts';

/*
 * Sizes in bytes of UTF-8, not characters. Workflows do not have Node's Buffer, and these functions run on short
 * strings with every event.
 */

/**
 * Bytes of a value as JSON in UTF-8, including the quotes of a string. 0 for undefined.
 * @throws TypeError for a circular reference
 */
export function jsonBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value !== 'string') return utf8Bytes(writeJson(value));
  let bytes = QUOTES_BYTES;
  for (let place = 0; place < value.length; place++) {
    const taken = escapedBytes(value, place);
    bytes += taken;
    if (taken === PAIR_BYTES) place += 1;
  }
  return bytes;
}

/** Bytes of a string in UTF-8; a lone surrogate counts as the replacement character. */
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

/** The longest prefix with at most this many bytes of JSON, quotes included. Never splits a surrogate pair. */
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
/** A surrogate pair is one character of four bytes; no other character takes four. */
const PAIR_BYTES = 4;
/** Such as `\u0001`. */
const ESCAPE_BYTES = 6;

/** Bytes of the character at an index inside a JSON string. */
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
