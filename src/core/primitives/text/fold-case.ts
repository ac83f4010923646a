import { LIMITS } from '../limits.ts';

/**
 * The form of a value that is the same for texts that differ only in case; other values, and texts longer than
 * LIMITS.textLength, stay as they are. Letter by letter, and of the same length: a letter whose upper case is several
 * letters ("ß") stays.
 */
export function foldCase(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > LIMITS.textLength) return value;
  // Upper case: unlike lower case (σ, ς), it does not depend on the letters around.
  const upper = value.toUpperCase();
  return upper.length === value.length ? upper : Array.from(value, foldLetter).join('');
}

function foldLetter(letter: string): string {
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter;
}
