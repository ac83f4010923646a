import type { WindowState } from '../../model/partition-set/window-state.ts';
import type { Sides } from '../look-ahead.ts';
import { slicesMoment } from '../slices.ts';
import { sidesOf } from '../spread-calculations.ts';
import { contentOf, type Content } from '../window-content.ts';
import type { SlidingWindow } from '../window.ts';

/*
 * When values that move with the clock reach a threshold. Until a sample leaves or enters the window, such a value only
 * rises or only falls: the first millisecond on another side of a threshold is found by halving.
 */

type ValueAt = (timeMs: number) => number | undefined;

/** @param valueAt the value as of a time, until the next sample leaves or enters */
export function firstCrossing(window: SlidingWindow, thresholds: readonly number[], valueAt: ValueAt): number {
  if (window.count === 0) return window.nextEntry;
  if (thresholds.length === 0) return Math.min(window.leavesAt(window.to - 1), window.nextEntry);
  const end = Math.min(window.leavesAt(window.from), window.nextEntry);
  return firstChange(thresholds, window.nowMs, end, valueAt);
}

/** The first millisecond after `nowMs`, at most `endMs`, at which the value is on another side of a threshold. */
function firstChange(thresholds: readonly number[], nowMs: number, endMs: number, valueAt: ValueAt): number {
  const sidesAt = (timeMs: number): Sides => sidesOf(valueAt(timeMs) ?? NaN, thresholds);
  const now = sidesAt(nowMs);
  const isSame = (timeMs: number): boolean => sidesAt(timeMs).every((side, index) => side === now[index]);
  if (isSame(endMs)) return endMs;
  let [same, other] = [nowMs, endMs];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (isSame(middle)) same = middle;
    else other = middle;
  }
  return other;
}

/** A summarised window also changes when the first sample of the oldest slice leaves. */
export function heldSlicesMoment(state: WindowState, { withinMs }: { withinMs: number }, nowMs: number): number {
  const oldest = (state.slices[0]?.first[0] ?? -Infinity) + withinMs;
  const moment = slicesMoment(state, withinMs, nowMs);
  return oldest > nowMs ? Math.min(oldest, moment) : moment;
}

/** The same for a value that moves with the clock. */
export function slicesCrossing(
  state: WindowState,
  leaf: { withinMs: number; thresholds: readonly number[] },
  nowMs: number,
  ofContent: (content: Content) => number | undefined,
): number {
  const end = heldSlicesMoment(state, leaf, nowMs);
  if (end === Infinity) return end;
  return firstChange(leaf.thresholds, nowMs, end, (timeMs) => ofContent(contentOf(state, timeMs, leaf.withinMs)));
}
