import { LIMITS } from '../limits.ts';
import { wholeFrom } from './whole-number.ts';

/** A sign, digits with a fraction, an exponent; white space around. */
const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The number that a value is, or that its text says; undefined for everything else, and for a number out of range. */
export function asNumber(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string' || value.length > LIMITS.textLength || !NUMBER.test(value)) return undefined;
  const number = wholeFrom(value.trim());
  if (typeof number === 'bigint') return number;
  // JSON has no -0.
  return Number.isFinite(number) ? number + 0 : undefined;
}
