import { finite } from '../primitives/numbers/numbers.ts';
import { exactSum } from '../primitives/numbers/exact-sum.ts';
import type { Slice } from '../model/partition-set/window-state.ts';
import { lookAhead, type Sides } from './look-ahead.ts';
import type { WindowCalculation } from './window-calculations.ts';
import { countOf, deltaOf, maxOf, minOf, numberOf, sumOf, type Content } from './window-content.ts';
import type { SlidingWindow } from './window.ts';

/* Calculations over the numbers of a window whose value is not a sum of what each number adds. */

const PERCENT = 100;
/** Relative to the compared value: far above all accumulated rounding errors. */
const ROUNDING = 2 ** -30;

const numbersOf = (window: SlidingWindow): number[] => window.state.samples.slice(window.from, window.to).map(numberOf);
export const sidesOf = (value: number, operands: readonly number[]): Sides =>
  operands.map((operand) => Math.sign(value - operand));

/** Greatest number minus smallest. */
export const range: WindowCalculation = {
  ofContent: (content) => (countOf(content) === 0 ? undefined : finite(maxOf(content) - minOf(content))),
  now: (window) => (window.count === 0 ? undefined : finite(window.running.max.value - window.running.min.value)),
  moment(window) {
    const [greatest, least] = [window.running.max, window.running.min].map((extreme) =>
      extreme.lastLike((each) => each === extreme.value),
    );
    return Math.min((greatest?.[0] ?? 0) + window.withinMs, (least?.[0] ?? 0) + window.withinMs, window.nextEntry);
  },
};

/** Change from the oldest number to the newest, in percent of the oldest. */
export const deltaPercent: WindowCalculation = {
  ofContent(content) {
    const oldest = content.slices[0]?.first ?? content.samples[0];
    return oldest === undefined || countOf(content) < 2 ? undefined : percentOf(deltaOf(content), numberOf(oldest));
  },
  now: (window) => changeFrom(window, window.from),
  moment: (window, { thresholds }, value) =>
    lookAhead(window, sidesOf(value, thresholds), (place) => sidesOf(changeFrom(window, place + 1) ?? NaN, thresholds)),
};

function changeFrom(window: SlidingWindow, place: number): number | undefined {
  if (window.to - place < 2) return undefined;
  const oldest = window.number(place);
  return percentOf(window.number(window.to - 1) - oldest, oldest);
}

export const percentOf = (delta: number, oldest: number): number | undefined =>
  oldest === 0 ? undefined : finite((delta / Math.abs(oldest)) * PERCENT);

/** Standard deviation of the population: sums are exact and rounded once. */
export const stddev: WindowCalculation = {
  ofContent(content) {
    const count = countOf(content);
    if (count === 0) return undefined;
    if (minOf(content) === maxOf(content)) return 0;
    const mean = sumOf(content) / count;
    const within = content.slices.reduce((sum, slice) => sum + spreadAround(mean, slice), 0);
    return finite(Math.sqrt((squares(content.samples.map(numberOf), mean) + within) / count));
  },
  now(window) {
    if (window.count === 0) return undefined;
    if (window.running.min.value === window.running.max.value) return 0;
    return finite(Math.sqrt(squares(numbersOf(window), window.sum / window.count) / window.count));
  },
  moment(window, { thresholds }, value) {
    const centre = window.sum / window.count;
    let [count, sum, square] = [window.count, 0, 0];
    for (let place = window.from; place < window.to; place++) {
      const apart = window.number(place) - centre;
      sum += apart;
      square += apart * apart;
    }
    return lookAhead(window, sidesOf(value, thresholds), (place) => {
      const apart = window.number(place) - centre;
      count -= 1;
      sum -= apart;
      square -= apart * apart;
      const variance = square / count - (sum / count) ** 2;
      return thresholds.map((operand) => sideOfRoot(variance, operand, value));
    });
  },
};

/** On which side of an operand the root of an estimate is; NaN if it is too close. `before`: the root so far. */
function sideOfRoot(estimate: number, operand: number, before: number): number {
  if (operand < 0) return 1;
  const distance = estimate - operand * operand;
  return Math.abs(distance) > (operand * operand + before * before) * ROUNDING ? Math.sign(distance) : NaN;
}

const squares = (numbers: readonly number[], mean: number): number => {
  const each = numbers.map((number) => (number - mean) ** 2);
  return each.every(Number.isFinite) ? exactSum(each) : Infinity;
};

/** Sum of squared distances from `mean` of the numbers of a slice. */
const spreadAround = (mean: number, { count, sum, spread = 0 }: Slice): number =>
  spread + count * (sum / count - mean) ** 2;

/** The p-th percentile by nearest rank: the smallest number that at least p percent of the numbers do not exceed. */
export const percentile = (p: number): WindowCalculation => ({
  ofContent(content) {
    const numbers = expanded(content).sort((a, b) => a - b);
    return numbers[rankOf(p, numbers.length) - 1];
  },
  now: (window) => numbersOf(window).sort((a, b) => a - b)[rankOf(p, window.count) - 1],
  moment(window, { thresholds }, value) {
    const numbers = numbersOf(window);
    const counts = thresholds.map((operand) => ({
      operand,
      above: numbers.filter((each) => each > operand).length,
      atLeast: numbers.filter((each) => each >= operand).length,
    }));
    let { count } = window;
    return lookAhead(window, sidesOf(value, thresholds), (place) => {
      const gone = window.number(place);
      count -= 1;
      // The percentile exceeds an operand if enough numbers do: all from its rank on.
      const needed = count - rankOf(p, count) + 1;
      return counts.map((each) => {
        if (gone > each.operand) each.above -= 1;
        if (gone >= each.operand) each.atLeast -= 1;
        return each.above >= needed ? 1 : each.atLeast >= needed ? 0 : -1;
      });
    });
  },
});

/** Tolerates the rounding of p × count. */
const rankOf = (p: number, count: number): number => Math.max(1, Math.ceil((p * count) / PERCENT - 1e-9));

/** In a summarised window, each number of a slice counts as their average. */
const expanded = ({ samples, slices }: Content): number[] => [
  ...slices.flatMap(({ count, sum }) => Array.from({ length: count }, () => sum / count)),
  ...samples.map(numberOf),
];
