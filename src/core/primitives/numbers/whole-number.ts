import { LIMITS } from '../limits.ts';

/*
 * A whole number that a double cannot keep, such as 9007199254740993, has two forms:
 *   bigint      in events as they arrive, and while comparing: nothing in JSON can be mistaken for it
 *   {int: …}    in rules, signals, state and alerts, which are JSON; JSON for others has the digits (write-json.ts)
 * Any other number is a double: 9007199254740992 too, because a double prints exactly these digits.
 */

/** The digits, with `-` if it is negative, without leading zeros. */
export interface WholeNumber {
  int: string;
}

const DIGITS = /^[+-]?\d+$/;

/** A double of at most this many digits is exact. */
const SAFE_DIGITS = 15;

/**
 * The number that digits with an optional sign say: a bigint if a double would have other digits. More than
 * LIMITS.keyValueLength characters make a double.
 */
export function wholeFrom(text: string): number | bigint {
  const double = Number(text);
  if (text.length <= SAFE_DIGITS || Number.isSafeInteger(double)) return double;
  if (text.length > LIMITS.textLength || !DIGITS.test(text)) return double;
  const exact = BigInt(text);
  const digits = String(exact);
  return digits === String(double) || digits.length > LIMITS.keyValueLength ? double : exact;
}

/** Only for values of rules and of state: in an event, an object may look the same. */
export const isWholeNumber = (value: unknown): value is WholeNumber =>
  typeof value === 'object' && value !== null && typeof (value as Partial<WholeNumber>).int === 'string';

export const toStored = (value: bigint): WholeNumber => ({ int: String(value) });

/** Any value as it is in rules and in state. */
export const asStored = (value: unknown): unknown => (typeof value === 'bigint' ? toStored(value) : value);

/** A value of a rule or of state for comparisons. */
export const inMemory = (value: unknown): unknown => (isWholeNumber(value) ? BigInt(value.int) : value);

/** A value of a rule or of state for calculations. */
export const inDouble = <Given>(value: Given | WholeNumber): Given | number =>
  isWholeNumber(value) ? Number(value.int) : value;

/** -1, 0 or 1, by all digits; NaN without an order. A double counts as the whole number that it prints. */
export function orderOf(a: number | bigint, b: number | bigint): number {
  const [left, right] = [printed(a), printed(b)];
  if (left < right) return -1;
  if (left > right) return 1;
  return left >= right ? 0 : NaN;
}

function printed(value: number | bigint): number | bigint {
  if (typeof value === 'bigint' || !Number.isInteger(value)) return value;
  // From 1e21 on, doubles print with an exponent.
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction + '0'.repeat(Number(exponent) - fraction.length));
}
