import { hashText } from '../primitives/text/hash.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Scalar } from '../primitives/value.ts';
import { isWholeNumber } from '../primitives/numbers/whole-number.ts';

/**
 * Readable text of a scalar. A string that looks like a number, boolean or null is quoted, so that 1 and "1" differ.
 */
export function scalarBits(value: Scalar): string {
  if (isWholeNumber(value)) return value.int;
  const plain = typeof value === 'string' && !/^(?:-?\d|true$|false$|null$|")/.test(value);
  return encode(plain ? value : JSON.stringify(value));
}

/** A lone surrogate has no URI encoding; JSON escapes it. */
export const encode = (text: string): string =>
  encodeURIComponent(/\p{Surrogate}/u.test(text) ? JSON.stringify(text) : text);

/** A group or partition in the id and the subject of an alert: `site=berlin,line=3`. */
export const recordBits = (record: Record<string, Scalar>): string =>
  shorten(
    Object.entries(record)
      .map(([property, value]) => `${UNPRINTABLE.test(property) ? encode(property) : property}=${scalarBits(value)}`)
      .join(','),
  );

/** An alert id is a message header, so it must be a single line. */
export const UNPRINTABLE = /[\p{Cc}\p{Surrogate}]/u;

export function shorten(bits: string): string {
  return bits.length <= LIMITS.idBitsLength ? bits : `${bits.slice(0, LIMITS.idBitsLength)}~${hashText(bits)}`;
}
