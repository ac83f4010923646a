import type { Extreme } from './extreme.ts';
import type { SlidingWindow } from './window.ts';
import { Forecast, type Distance } from './forecast.ts';
import { changesOf, countOf, deltaOf, maxOf, minOf, sumOf, type Content } from './window-content.ts';

/** One calculation over a window. `undefined`: there is no value. */
export interface WindowCalculation {
  /** From its content alone. */
  ofContent: (content: Content, withinMs: number) => number | undefined;
  /** From what is kept while it is at work, not summarised. */
  now: (window: SlidingWindow) => number | undefined;
  /** Where the numbers that it is compared with are asked for as other ones. */
  thresholds?: (numbers: readonly number[], withinMs: number) => number[];
  /**
   * By when, at the latest, it must be looked at again although nothing comes: before that no comparison with one of these
   * numbers answers otherwise. When the last of many samples leaves, so that they are not kept for nothing.
   */
  moment: (window: SlidingWindow, leaf: ComparedLeaf, value: number) => number;
}

/** The leaf that asks: its place in the rule, and the numbers that it compares the value with, ascending. */
export interface ComparedLeaf {
  place: number;
  thresholds: readonly number[];
}

const SECOND_MS = 1_000;
/** So many samples that nothing hangs on may stay until something comes: waking for them would cost more than they do. */
const MAY_STAY = 8;
const seconds = (withinMs: number): number => withinMs / SECOND_MS;

/** Follows the distance between the value and what it is compared with. */
const along =
  (course: Distance<SlidingWindow>): WindowCalculation['moment'] =>
  (window, { place, thresholds }, value) =>
    (window.forecasts[place] ??= new Forecast()).moment(window, course, value, thresholds);

export const count: WindowCalculation = {
  ofContent: countOf,
  now: (window) => window.count,
  moment: (window, { thresholds }) => countMoment(window, thresholds),
};

export const rate: WindowCalculation = {
  ofContent: (content, withinMs) => countOf(content) / seconds(withinMs),
  now: (window) => window.count / seconds(window.withinMs),
  // Rounding may put a rate on the other side of the nearest whole count: it is looked at on both.
  thresholds: (numbers, withinMs) =>
    numbers.map((number) => Math.floor(number * seconds(withinMs))).flatMap((whole) => [whole, whole + 1]),
  moment: (window, { thresholds }) => countMoment(window, thresholds),
};

export const changes: WindowCalculation = {
  ofContent: changesOf,
  now: (window) => window.changes,
  moment: along({
    above: (window, compared) => window.changes - compared,
    goes: (window, place) => window.changeAt(place),
  }),
};

export const sum: WindowCalculation = {
  ofContent: sumOf,
  now: (window) => window.sum,
  moment: along({
    above: (window, compared) => window.sum - compared,
    goes: (window, place) => window.number(place),
  }),
};

export const avg: WindowCalculation = {
  ofContent: (content) => ofSome(content, () => sumOf(content) / countOf(content)),
  now: (window) => (window.count === 0 ? undefined : window.sum / window.count),
  moment: along({
    above: (window, compared) => window.sum - window.count * compared,
    goes: (window, place, compared) => window.number(place) - compared,
  }),
};

export const delta: WindowCalculation = {
  ofContent: (content) => ofSome(content, () => deltaOf(content)),
  now: (window) => (window.count === 0 ? undefined : deltaNow(window)),
  moment: along({
    above: (window, compared) => deltaNow(window) - compared,
    goes: (window, place) => window.number(place + 1) - window.number(place),
  }),
};

export const min: WindowCalculation = {
  ofContent: (content) => ofSome(content, () => minOf(content)),
  now: (window) => (window.count === 0 ? undefined : window.min.value),
  moment: (window, { thresholds }, value) => extremeMoment(window, window.min, value, thresholds),
};

export const max: WindowCalculation = {
  ofContent: (content) => ofSome(content, () => maxOf(content)),
  now: (window) => (window.count === 0 ? undefined : window.max.value),
  moment: (window, { thresholds }, value) => extremeMoment(window, window.max, value, thresholds),
};

const ofSome = (content: Content, calculate: () => number): number | undefined =>
  countOf(content) === 0 ? undefined : calculate();

const deltaNow = (window: SlidingWindow): number => window.number(window.to - 1) - window.number(window.from);

/** When so many have left that the count comes to one of the numbers that it is compared with. */
function countMoment(window: SlidingWindow, compared: readonly number[]): number {
  const { count } = window;
  let passes = -1;
  for (const number of compared)
    if (number <= count) passes = Math.max(passes, number < count ? Math.floor(number) : count - 1);
  if (passes < 0 && count <= MAY_STAY) return window.nextEntry;
  passes = Math.max(0, passes);
  return Math.min(window.leavesAt(window.to - passes - 1), window.nextEntry);
}

/** When the last of those leaves that are on the same side of all numbers as the present one. */
function extremeMoment(window: SlidingWindow, extreme: Extreme, value: number, compared: readonly number[]): number {
  const last = extreme.lastLike((number) =>
    compared.every((each) => Math.sign(number - each) === Math.sign(value - each)),
  );
  return Math.min(last[0] + window.withinMs, window.nextEntry);
}
