import { addProduct, amountOf, perMillisecond } from '../../primitives/numbers/exact-product.ts';
import { ExactSum } from '../../primitives/numbers/exact-sum.ts';
import { finite } from '../../primitives/numbers/numbers.ts';
import { Forecast } from '../forecast.ts';
import { courseOf, firstOf, newestSample, extremesOf, type Course } from './held-content.ts';
import { firstCrossing, heldSlicesMoment, slicesCrossing } from './held-moment.ts';
import { lookAhead } from '../look-ahead.ts';
import { percentOf, range, sidesOf } from '../spread-calculations.ts';
import { max, min, type ComparedLeaf, type WindowCalculation } from '../window-calculations.ts';
import { numberOf, type Content } from '../window-content.ts';
import type { SlidingWindow } from '../window.ts';

/*
 * Calculations in which a value holds until the next one. When the oldest sample leaves the window it becomes the value
 * at the window's start, and takes the place of the one before it.
 */

/** The value at the window's start; undefined if there was none yet. */
const heldBy = ({ held }: SlidingWindow): number | undefined => (held === null ? undefined : numberOf(held));
const newestIn = (window: SlidingWindow): number | undefined =>
  window.count === 0 ? heldBy(window) : window.number(window.to - 1);

const extreme = (sign: 1 | -1): WindowCalculation => {
  const [ofMany, plain, word] = sign > 0 ? [Math.max, max, 'max' as const] : [Math.min, min, 'min' as const];
  return {
    holds: true,
    ofContent(content) {
      const numbers = extremesOf(content, word);
      return numbers.length === 0 ? undefined : ofMany(...numbers);
    },
    now(window) {
      const [held, inside] = [heldBy(window), plain.now(window)];
      return held === undefined || inside === undefined ? (held ?? inside) : ofMany(held, inside);
    },
    moment(window, leaf, value) {
      if (window.count === 0) return window.nextEntry;
      const inside = window.running[word].value;
      const isLike = sidesOf(inside, leaf.thresholds).every(
        (side, index) => side === sidesOf(value, leaf.thresholds)[index],
      );
      // Else the held value decides, until the next one takes its place.
      return isLike ? plain.moment(window, leaf, inside) : Math.min(window.leavesAt(window.from), window.nextEntry);
    },
    ofSlices: heldSlicesMoment,
  };
};

export const heldMin = extreme(-1);
export const heldMax = extreme(1);

export const heldRange: WindowCalculation = {
  holds: true,
  ofContent(content) {
    const [least, greatest] = [extremesOf(content, 'min'), extremesOf(content, 'max')];
    return least.length === 0 ? undefined : finite(Math.max(...greatest) - Math.min(...least));
  },
  now(window) {
    const [least, greatest] = [heldMin.now(window), heldMax.now(window)];
    return least === undefined || greatest === undefined ? undefined : finite(greatest - least);
  },
  moment(window, leaf, value) {
    if (window.count === 0) return window.nextEntry;
    if (value === range.now(window)) return range.moment(window, leaf, value);
    return Math.min(window.leavesAt(window.from), window.nextEntry);
  },
  ofSlices: heldSlicesMoment,
};

export const heldDelta: WindowCalculation = {
  holds: true,
  ofContent(content) {
    const [first, newest] = [firstOf(content), newestSample(content)];
    return first === undefined || newest === undefined ? undefined : numberOf(newest) - numberOf(first);
  },
  now: (window) => deltaOf(window),
  moment: (window, { place, thresholds }, value) =>
    (window.forecasts[place] ??= new Forecast()).moment(window, COURSE_OF_DELTA, value, thresholds),
  ofSlices: heldSlicesMoment,
};

function deltaOf(window: SlidingWindow): number | undefined {
  const newest = newestIn(window);
  return newest === undefined ? undefined : newest - (heldBy(window) ?? window.number(window.from));
}

const COURSE_OF_DELTA = {
  above: (window: SlidingWindow, compared: number): number => (deltaOf(window) ?? 0) - compared,
  /** The sample takes the place of the one before it. */
  goes(window: SlidingWindow, place: number): number {
    const before = place === window.from ? heldBy(window) : window.number(place - 1);
    return before === undefined ? 0 : window.number(place) - before;
  },
};

export const heldDeltaPercent: WindowCalculation = {
  holds: true,
  ofContent(content) {
    const [first, newest] = [firstOf(content), newestSample(content)];
    // One value, which was not there at the window's start.
    if (first === undefined || newest === undefined || isOnly(content)) return undefined;
    return percentOf(numberOf(newest) - numberOf(first), numberOf(first));
  },
  now(window) {
    const [held, newest] = [heldBy(window), newestIn(window)];
    if (newest === undefined || (held === undefined && window.count < 2)) return undefined;
    const first = held ?? window.number(window.from);
    return percentOf(newest - first, first);
  },
  moment(window, { thresholds }, value) {
    if (window.count === 0) return window.nextEntry;
    const newest = window.number(window.to - 1);
    return lookAhead(window, sidesOf(value, thresholds), (place) => {
      const first = window.number(place);
      return sidesOf(percentOf(newest - first, first) ?? NaN, thresholds);
    });
  },
  ofSlices: heldSlicesMoment,
};

const isOnly = ({ samples, slices, before }: Content): boolean =>
  before === null && samples.length + slices.reduce((count, slice) => count + slice.count, 0) < 2;

/** What a course says, and the same of a running window. */
function overTime(valueOf: (course: Course) => number, without: number | undefined): WindowCalculation {
  const ofContent = (content: Content): number | undefined => {
    const course = courseOf(content);
    return course === undefined ? without : valueOf(course);
  };
  const at = (window: SlidingWindow, timeMs: number): number | undefined => {
    const course = courseAt(window, timeMs);
    return course === undefined ? without : valueOf(course);
  };
  return {
    holds: true,
    ofContent,
    now: (window) => at(window, window.nowMs),
    moment: (window, leaf: ComparedLeaf) => firstCrossing(window, leaf.thresholds, (timeMs) => at(window, timeMs)),
    ofSlices: (state, leaf, nowMs) => slicesCrossing(state, leaf, nowMs, ofContent),
  };
}

/** The numbers of a window as of a time, until the next sample leaves or enters it. */
function courseAt(window: SlidingWindow, timeMs: number): Course | undefined {
  const { from, to, count, withinMs } = window;
  const [held, newest] = [heldBy(window), newestIn(window)];
  if (newest === undefined) return undefined;
  const sum = new ExactSum();
  if (count === 0) {
    addProduct(sum, newest, withinMs);
    return { sum, ms: withinMs, newest };
  }
  for (const part of window.running.area.parts()) sum.add(part);
  const [first, last] = [window.timeOf(from), window.timeOf(to - 1)];
  if (held !== undefined) addProduct(sum, held, first - (timeMs - withinMs));
  addProduct(sum, newest, timeMs - last);
  return { sum, ms: held === undefined ? timeMs - first : withinMs, newest };
}

/** Weighted by time; of a single moment, the newest number. */
export const heldAvg = overTime(({ sum, ms, newest }) => (ms <= 0 ? newest : perMillisecond(sum, ms)), undefined);

/** Milliseconds in which the number was 1 and not 0. */
export const timeIn = overTime(({ sum }) => Math.round(amountOf(sum)), 0);
