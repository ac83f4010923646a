import type { Calculation } from '../model/rule/condition-schema.ts';
import type { AccumulatorKind, AccumulatorState, Sample } from '../model/partition-set/window-state.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Value } from '../primitives/value.ts';
import { asRun, asSample, asSamples, asWindow, runBegan } from './accumulators.ts';
import { heldAvg, heldDelta, heldDeltaPercent, heldMax, heldMin, heldRange, timeIn } from './held/held-calculations.ts';
import { sameValue } from './sample.ts';
import { deltaPercent, percentile, range, stddev } from './spread-calculations.ts';
import {
  avg,
  changes,
  count,
  delta,
  distinct,
  increase,
  max,
  min,
  rate,
  sum,
  type WindowCalculation,
} from './window-calculations.ts';
import { contentOf, countValues, newestOf } from './window-content.ts';

export type CalcName = Calculation['calc'];

/** One calculation: its accumulator, and its value. `undefined` is no value, or unknown with `needsSamples`. */
export interface CalcSpec {
  store: AccumulatorKind | null;
  /** With fewer samples in the window the value is unknown. */
  needsSamples?: number;
  /** The value is an age: it grows with the clock. */
  isAge?: true;
  /** The value is a duration, compared with durations. */
  isDuration?: true;
  /** For a window: the incremental calculation. */
  ofWindow?: WindowCalculation;
  /** `lastEventMs`: event time of the partition's newest event. */
  value: (state: AccumulatorState, nowMs: number, withinMs: number, lastEventMs: number) => Value | undefined;
}

const onWindow = (store: AccumulatorKind, calculation: WindowCalculation): CalcSpec => ({
  store,
  ofWindow: calculation,
  value: (state, nowMs, withinMs) => calculation.ofContent(contentOf(asWindow(state), nowMs, withinMs), withinMs),
});
const ofNumbers = (calculation: WindowCalculation, store: AccumulatorKind = 'numbers', needsSamples = 1): CalcSpec => ({
  ...onWindow(store, calculation),
  needsSamples,
});

/** The calculation of a leaf. */
export function specOf(node: Calculation): CalcSpec {
  const last = 'last' in node ? node.last : undefined;
  return last === undefined
    ? timedSpecOf(node)
    : ofLast(last, node.calc === 'distinct' ? DISTINCT_OF_LAST : scored(node));
}

/** With `last`, `count` looks at all events and counts those that match. */
const scored = (node: Calculation): CalcSpec =>
  node.calc === 'count' && node.where !== undefined ? onWindow('numbers', sum) : timedSpecOf(node);

/** The same calculation of the newest samples only. */
function ofLast(last: number, spec: CalcSpec): CalcSpec {
  const calculation = spec.ofWindow as WindowCalculation;
  return {
    ...spec,
    value: (state, nowMs, withinMs) =>
      calculation.ofContent(newestOf(contentOf(asWindow(state), nowMs, withinMs), last), withinMs),
  };
}

function timedSpecOf(node: Calculation): CalcSpec {
  if (node.calc === 'percentile') return ofNumbers(percentile(node.p));
  if ('hold' in node && node.hold === true) return HELD[node.calc];
  return node.calc === 'age' && node.where !== undefined ? AGE_OF_MATCH : CALCS[node.calc];
}

const DISTINCT_OF_LAST = onWindow('values', distinct);

/** Duration since the newest event that matches. */
const AGE_OF_MATCH: CalcSpec = {
  store: 'latest',
  isAge: true,
  value(state, nowMs) {
    const sample = asSample(state);
    return sample === null ? undefined : nowMs - sample[0];
  },
};

/** Calculations with `hold`: while there is no number at all, the value is unknown. */
const held = (calculation: WindowCalculation, store: AccumulatorKind = 'numbers'): CalcSpec => ({
  ...onWindow(store, calculation),
  needsSamples: 0,
});
const HELD = {
  avg: held(heldAvg, 'held'),
  min: held(heldMin),
  max: held(heldMax),
  range: held(heldRange),
  delta: held(heldDelta),
  deltaPercent: held(heldDeltaPercent),
  distinct: {
    store: 'heldValues',
    value: (state, nowMs) => countValues(asSamples(state), nowMs),
  } satisfies CalcSpec as CalcSpec,
};

/** Fixed calculations by name; `specOf` knows the others. */
export const CALCS: Record<Exclude<CalcName, 'percentile'>, CalcSpec> = {
  latest: { store: 'latest', value: (state) => asSample(state)?.[2] },
  count: onWindow('events', count),
  rate: onWindow('events', rate),
  changes: onWindow('values', changes),
  sum: onWindow('numbers', sum),
  avg: ofNumbers(avg),
  min: ofNumbers(min),
  max: ofNumbers(max),
  delta: ofNumbers(delta),
  deltaPercent: ofNumbers(deltaPercent, 'numbers', 2),
  increase: ofNumbers(increase, 'counter'),
  range: ofNumbers(range),
  ratio: ofNumbers(avg),
  stddev: ofNumbers(stddev, 'spread'),
  timeIn: { ...onWindow('held', timeIn), isDuration: true },
  distinct: { store: 'distinct', value: (state, nowMs) => countValues(asSamples(state), nowMs) },
  unchanged: {
    store: 'run',
    isAge: true,
    value(state, nowMs) {
      const began = runBegan(asRun(state));
      return began === undefined ? undefined : nowMs - began;
    },
  },
  age: { store: null, isAge: true, value: (_state, nowMs, _withinMs, lastEventMs) => nowMs - lastEventMs },
  flapping: { store: 'history', value: (state) => flapping(asSamples(state)) },
};

const LIGHTEST = 0.8;
const HEAVIEST = 1.2;

/**
 * Weighted share of changes among the last 21 values, 0 to 1: the newest of the 20 pairs weighs 1.2, the oldest 0.8.
 * Follows the flapping detection of Nagios and Kapacitor.
 */
function flapping(samples: readonly Sample[]): number {
  const pairs = LIMITS.flappingValues - 1;
  const missing = LIMITS.flappingValues - samples.length;
  let weighted = 0;
  for (let place = 1; place < samples.length; place++) {
    const changed = !sameValue((samples[place - 1] as Sample)[2], (samples[place] as Sample)[2]);
    if (changed) weighted += LIGHTEST + ((HEAVIEST - LIGHTEST) * (missing + place - 1)) / (pairs - 1);
  }
  return weighted / pairs;
}
