import { addAmount, addProduct } from '../../primitives/numbers/exact-product.ts';
import { ExactSum } from '../../primitives/numbers/exact-sum.ts';
import type { Sample } from '../../model/partition-set/window-state.ts';
import { numberOf, type Content } from '../window-content.ts';

/*
 * Windows in which a value holds until the next one (`hold`, `timeIn`), from their state alone. The value at the
 * window's start is the newest sample that has left.
 */

/** The numbers of a window over time. */
export interface Course {
  /** Number × milliseconds (exact-product.ts). */
  sum: ExactSum;
  /** How long there has been a number. */
  ms: number;
  newest: number;
}

/** Undefined without any number. In a slice that has partly left, the rest counts as the average of the slice. */
export function courseOf({ samples, slices, before, startMs, nowMs }: Content): Course | undefined {
  const sum = new ExactSum();
  let [newest, since] = [before, startMs];
  let began = before === null ? undefined : startMs;
  const holdUntil = (timeMs: number): void => {
    if (newest !== null && timeMs > since) addProduct(sum, numberOf(newest), timeMs - since);
  };
  for (const { first, last, area = 0 } of slices) {
    if (first[0] > startMs) {
      holdUntil(first[0]);
      began ??= first[0];
      addAmount(sum, area);
    } else {
      began = startMs;
      addAmount(sum, area * ((last[0] - startMs) / (last[0] - first[0])));
    }
    [newest, since] = [last, last[0]];
  }
  for (const sample of samples) {
    holdUntil(sample[0]);
    began ??= sample[0];
    [newest, since] = [sample, sample[0]];
  }
  holdUntil(nowMs);
  return newest === null || began === undefined ? undefined : { sum, ms: nowMs - began, newest: numberOf(newest) };
}

/** The value at the window's start, or the first one if that is later. */
export function firstOf({ samples, slices, before, startMs }: Content): Sample | undefined {
  const [oldest] = slices;
  // A slice that has partly left: its first value is nearer to the start than what came before it.
  if (oldest !== undefined && oldest.first[0] <= startMs) return oldest.first;
  return before ?? oldest?.first ?? samples[0];
}

export const newestSample = ({ samples, slices, before }: Content): Sample | undefined =>
  samples.at(-1) ?? slices.at(-1)?.last ?? before ?? undefined;

/** All numbers that count for an extreme: a slice counts as its own. */
export function extremesOf({ samples, slices, before, startMs }: Content, ofSlice: 'min' | 'max'): number[] {
  const numbers = [...samples.map(numberOf), ...slices.map((slice) => slice[ofSlice])];
  const heldInSlice = (slices[0]?.first[0] ?? Infinity) <= startMs;
  return before === null || heldInSlice ? numbers : [numberOf(before), ...numbers];
}
