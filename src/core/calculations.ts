import { LIMITS } from './limits.ts';
import { sameValue, type Sample } from './sample.ts';
import { asRun, asSample, asSamples, asWindow, runBegan, type StoreKind, type StoreState } from './stores.ts';
import type { Calculation } from './rule-schema.ts';
import type { Value } from './value.ts';
import { sumUp } from './window.ts';

export type CalcName = Calculation['calc'];

/** One calculation: what it keeps, and its value. `undefined` is no value, or unknown where `silenceIsUnknown`. */
export interface CalcSpec {
  store: StoreKind | null;
  /** A window without samples says nothing: the comparison keeps its last answer. */
  silenceIsUnknown?: true;
  /** The value is how long ago something was: it moves with the clock. */
  isAge?: true;
  /** `lastEventMs`: own time of the partition's newest event. */
  value: (state: StoreState, nowMs: number, withinMs: number, lastEventMs: number) => Value | undefined;
}

const SECOND_MS = 1_000;
const someOf = (sums: ReturnType<typeof sumUp>, pick: (sums: ReturnType<typeof sumUp>) => number): number | undefined => (sums.count === 0 ? undefined : pick(sums));
const numberOf = (sample: Sample | null): number => (typeof sample?.[2] === 'number' ? sample[2] : 0);

export const CALCS: Record<CalcName, CalcSpec> = {
  latest: { store: 'latest', value: (state) => asSample(state)?.[2] },
  count: { store: 'events', value: (state, nowMs) => sumUp(asWindow(state), nowMs).count },
  rate: { store: 'events', value: (state, nowMs, withinMs) => sumUp(asWindow(state), nowMs).count / (withinMs / SECOND_MS) },
  changes: { store: 'values', value: (state, nowMs) => sumUp(asWindow(state), nowMs).changes },
  sum: { store: 'numbers', value: (state, nowMs) => sumUp(asWindow(state), nowMs).sum },
  avg: { store: 'numbers', silenceIsUnknown: true, value: (state, nowMs) => someOf(sumUp(asWindow(state), nowMs), ({ sum, count }) => sum / count) },
  min: { store: 'numbers', silenceIsUnknown: true, value: (state, nowMs) => someOf(sumUp(asWindow(state), nowMs), ({ min }) => min) },
  max: { store: 'numbers', silenceIsUnknown: true, value: (state, nowMs) => someOf(sumUp(asWindow(state), nowMs), ({ max }) => max) },
  delta: {
    store: 'numbers',
    silenceIsUnknown: true,
    value: (state, nowMs) => someOf(sumUp(asWindow(state), nowMs), ({ first, last }) => numberOf(last) - numberOf(first)),
  },
  distinct: { store: 'distinct', value: (state, nowMs) => countDistinct(asSamples(state), nowMs) },
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

function countDistinct(samples: readonly Sample[], nowMs: number): number {
  const visible = samples.filter(([timeMs]) => timeMs <= nowMs);
  return visible.filter((sample, index) => !visible.slice(0, index).some((other) => sameValue(other[2], sample[2]))).length;
}

const LIGHTEST = 0.8;
const HEAVIEST = 1.2;

/**
 * Weighted share of changes among the last 21 values, 0 to 1: the newest of the 20 pairs weighs 1.2, the oldest 0.8.
 * After Nagios' and Kapacitor's state flapping detection.
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
