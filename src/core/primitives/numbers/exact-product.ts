import { ExactSum } from './exact-sum.ts';
import { finite } from './numbers.ts';

/*
 * Sums of number × whole milliseconds, without rounding errors. They are kept at a small scale, at which no product of a
 * number and a duration is beyond the range of a double.
 */

const SCALE = 2 ** -64;
/** Splits a number into two halves of 26 bits (T. J. Dekker, 1971). */
const SPLITTER = 2 ** 27 + 1;

/** Adds number × milliseconds; a negative duration subtracts. */
export function addProduct(sum: ExactSum, number: number, milliseconds: number): void {
  addScaled(sum, number * SCALE, milliseconds);
}

/** Adds an amount that is number × milliseconds already. */
export const addAmount = (sum: ExactSum, amount: number): void => sum.add(amount * SCALE);

/** The sum as number × milliseconds. */
export const amountOf = (sum: ExactSum): number => sum.value / SCALE;

/** The sum divided by a duration above 0, rounded to the nearest number: the average of equal numbers is that number. */
export function perMillisecond(sum: ExactSum, milliseconds: number): number {
  const about = sum.value / milliseconds;
  const rest = new ExactSum();
  for (const part of sum.parts()) rest.add(part);
  addScaled(rest, about, -milliseconds);
  return finite((about + rest.value / milliseconds) / SCALE);
}

function addScaled(sum: ExactSum, number: number, milliseconds: number): void {
  const product = number * milliseconds;
  if (product === 0) return;
  sum.add(product);
  const [a, b] = halves(number);
  const [c, d] = halves(milliseconds);
  const lost = b * d - (product - a * c - b * c - a * d);
  if (lost !== 0) sum.add(lost);
}

function halves(number: number): [high: number, low: number] {
  const large = SPLITTER * number;
  const high = large - (large - number);
  return [high, number - high];
}
