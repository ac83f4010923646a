/* "hold" and "timeIn" of docs/semantics.md: a value holds from its own time until the next one. */

import { UNKNOWN } from './operands.ts';

interface Held {
  time: number;
  value: unknown;
}

/** The value at the start, and those after it, oldest first; without the first if there was none yet. */
export const heldIn = (samples: readonly Held[], start: number, clock: number): Held[] => [
  ...samples.filter(({ time }) => time <= start).slice(-1),
  ...samples.filter(({ time }) => time > start && time <= clock),
];

/** Weighted by time, computed with fractions and rounded once. */
export function averageOverTime(held: readonly Held[], start: number, clock: number): unknown {
  const newest = held.at(-1);
  if (newest === undefined) return UNKNOWN;
  const pieces = piecesOf(held, start, clock);
  const total = pieces.reduce((sum, { ms }) => sum + ms, 0);
  if (total === 0) return newest.value;
  const sum = pieces.reduce((so, { value, ms }) => so + wholeOf(value as number) * BigInt(ms), 0n);
  return quotient(sum, BigInt(total));
}

/** Milliseconds in which the value was true. */
export const timeIn = (held: readonly Held[], start: number, clock: number): number =>
  piecesOf(held, start, clock).reduce((sum, { value, ms }) => sum + (value === true ? ms : 0), 0);

const piecesOf = (held: readonly Held[], start: number, clock: number): { value: unknown; ms: number }[] =>
  held.map(({ time, value }, index) => ({ value, ms: (held[index + 1]?.time ?? clock) - Math.max(time, start) }));

/** A double of ordinary size is a whole number of this. */
const PLACES = 200n;

function wholeOf(number: number): bigint {
  let [rest, places] = [number, PLACES];
  while (!Number.isInteger(rest)) {
    rest *= 2;
    places -= 1n;
  }
  return BigInt(rest) << places;
}

function quotient(sum: bigint, total: bigint): number {
  const sign = sum < 0n ? -1 : 1;
  const size = sum < 0n ? -sum : sum;
  // The last bit says whether something is left, so that a tie is one.
  const exact = size % total === 0n;
  return (sign * Number(((size / total) << 1n) + (exact ? 0n : 1n))) / 2 ** Number(PLACES + 1n);
}
