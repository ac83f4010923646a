import { orderOf } from './whole-number.ts';

/** Also a whole number that a double cannot keep. */
export const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** The largest double stands for what is beyond it. */
export const finite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));

/** Negative, 0 or positive; NaN if there is no order: only two numbers and two texts have one. */
export function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return isNumber(a) && isNumber(b) ? orderOf(a, b) : NaN;
}
