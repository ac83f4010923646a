import type { Extreme } from './extreme.ts';
import type { SlidingWindow } from './window.ts';
import { Forecast, type Distance } from './forecast.ts';
import type { WindowState } from '../model/partition-set/window-state.ts';
import {
  changesOf,
  countOf,
  deltaOf,
  distinctOf,
  increaseOf,
  maxOf,
  minOf,
  sumOf,
  type Content,
} from './window-content.ts';

/** One calculation over a window. `undefined`: no value. */
export interface WindowCalculation {
  /** From the content alone. */
  ofContent: (content: Content, withinMs: number) => number | undefined;
  /** From incremental data, while the window is not summarised. */
  now: (window: SlidingWindow) => number | undefined;
  /** Converts the operands, if thresholds on another scale are needed. */
  thresholds?: (numbers: readonly number[], withinMs: number) => number[];
  /**
   * The latest time at which to check again without an event: before it, no comparison with these operands changes. If
   * no operand matters, the time at which the last of many samples leaves, so that they are not kept for nothing.
   */
  moment: (window: SlidingWindow, leaf: ComparedLeaf, value: number) => number;
  /** A value holds until the next one, so samples matter that have left. */
  holds?: true;
  /** The same while the window is summarised; without it, the time at which a slice leaves or enters. */
  ofSlices?: (state: WindowState, leaf: { withinMs: number; thresholds: readonly number[] }, nowMs: number) => number;
}

/** The leaf: its place in the rule, and its numeric operands, ascending. */
export interface ComparedLeaf {
  place: number;
  thresholds: readonly number[];
}

const SECOND_MS = 1_000;
/** This many samples that no comparison depends on may stay until an event: a timer would cost more. */
const MAY_STAY = 8;
const seconds = (withinMs: number): number => withinMs / SECOND_MS;

/** Forecasts by the distance between the value and its operands. */
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
  // Rounding may move a rate across the nearest whole count, so check on both sides.
  thresholds: (numbers, withinMs) =>
    numbers.map((number) => Math.floor(number * seconds(withinMs))).flatMap((whole) => [whole, whole + 1]),
  moment: (window, { thresholds }) => countMoment(window, thresholds),
};

export const changes: WindowCalculation = {
  ofContent: changesOf,
  now: (window) => window.running.changes,
  moment: along({
    above: (window, compared) => window.running.changes - compared,
    goes: (window, place) => window.changeAt(place),
  }),
};

/** Of a window that keeps its samples individually. */
export const distinct: WindowCalculation = {
  ofContent: distinctOf,
  now: (window) => window.running.distinct,
  moment: along({
    above: (window, compared) => window.running.distinct - compared,
    // At most: another sample may have the same value.
    goes: () => 1,
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

export const increase: WindowCalculation = {
  ofContent: increaseOf,
  now: (window) => window.running.increase,
  moment: along({
    above: (window, compared) => (window.running.increase ?? 0) - compared,
    goes: (window, place) => window.riseAt(place),
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
  now: (window) => (window.count === 0 ? undefined : window.running.min.value),
  moment: (window, { thresholds }, value) => extremeMoment(window, window.running.min, value, thresholds),
};

export const max: WindowCalculation = {
  ofContent: (content) => ofSome(content, () => maxOf(content)),
  now: (window) => (window.count === 0 ? undefined : window.running.max.value),
  moment: (window, { thresholds }, value) => extremeMoment(window, window.running.max, value, thresholds),
};

const ofSome = (content: Content, calculate: () => number): number | undefined =>
  countOf(content) === 0 ? undefined : calculate();

const deltaNow = (window: SlidingWindow): number => window.number(window.to - 1) - window.number(window.from);

/** When enough samples have left for the count to reach one of the operands. */
function countMoment(window: SlidingWindow, compared: readonly number[]): number {
  const { count } = window;
  let passes = -1;
  for (const number of compared)
    if (number <= count) passes = Math.max(passes, number < count ? Math.floor(number) : count - 1);
  if (passes < 0 && count <= MAY_STAY) return window.nextEntry;
  passes = Math.max(0, passes);
  return Math.min(window.leavesAt(window.to - passes - 1), window.nextEntry);
}

/** When the last sample leaves that is on the same side of all operands as the current one. */
function extremeMoment(window: SlidingWindow, extreme: Extreme, value: number, compared: readonly number[]): number {
  const last = extreme.lastLike((number) =>
    compared.every((each) => Math.sign(number - each) === Math.sign(value - each)),
  );
  return Math.min(last[0] + window.withinMs, window.nextEntry);
}
