import type { SlidingWindow } from './window.ts';

/** Samples to look ahead: about as many events share the cost of one timer. */
const SAMPLES_AHEAD = 64;

/** A value on the same side of all operands: −1, 0 or 1 for each; NaN where rounding errors leave it open. */
export type Sides = readonly number[];

/**
 * Until when the result of a comparison certainly stays the same, whichever samples leave the window: for calculations
 * whose value does not follow from the sum of what leaves. The returned time may be too early, never too late.
 *
 * @param dropOldest removes the oldest sample from the caller's copy; returns the sides then
 */
export function lookAhead(window: SlidingWindow, now: Sides, dropOldest: (place: number) => Sides): number {
  const last = Math.min(window.from + SAMPLES_AHEAD, window.to - 1);
  let place = window.from;
  while (place < last && isSame(now, dropOldest(place))) place += 1;
  return Math.min(window.leavesAt(place), window.nextEntry);
}

/** NaN is never the same: the value is checked again as soon as a sample has left. */
const isSame = (some: Sides, others: Sides): boolean => some.every((side, index) => side === others[index]);
