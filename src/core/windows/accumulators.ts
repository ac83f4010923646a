import { jsonBytes } from '../primitives/text/bytes.ts';
import { hashText } from '../primitives/text/hash.ts';
import { LIMITS, type ReportedLimit } from '../primitives/limits.ts';
import type { SlidingWindow } from './window.ts';
import { isNumeric } from './window-content.ts';
import { insertInOrder, isAfter, sameValue } from './sample.ts';
import { showValue, type Value } from '../primitives/value.ts';
import { inDouble, isWholeNumber } from '../primitives/numbers/whole-number.ts';
import type {
  Sample,
  WindowState,
  AccumulatorKind,
  DistinctState,
  EqualRun,
  AccumulatorState,
  Accumulator,
} from '../model/partition-set/window-state.ts';
import { addHeldValue, heldValuesMoment, tidyHeldValues } from './held/held-values.ts';
import { newWindow } from './slices.ts';

/* Each kind of accumulator has its own shape: the slot's kind says which. */
export const asWindow = (state: AccumulatorState): WindowState => state as WindowState;
export const asSample = (state: AccumulatorState): Sample | null => state as Sample | null;
export const asSamples = (state: AccumulatorState): Sample[] => state as Sample[];
export const asRun = (state: AccumulatorState): EqualRun => state as EqualRun;

export function emptyAccumulator(kind: AccumulatorKind): AccumulatorState {
  switch (kind) {
    case 'latest':
      return null;
    case 'events':
    case 'numbers':
    case 'values':
      return newWindow();
    case 'counter':
      return newWindow('rises');
    case 'spread':
      return newWindow('spread');
    case 'held':
      return newWindow('area');
    case 'distinct':
    case 'heldValues':
    case 'history':
      return [];
    case 'run':
      return { base: null, samples: [] };
  }
}

export const isWindow = ({ kind }: Accumulator): boolean => kind === 'events' || kind === 'values' || isNumeric(kind);

/**
 * Adds a sample to the accumulator at `place`; `window` is its window, if any. Returns the cap that was reached, if
 * any.
 */
export function addSample(
  slot: Accumulator,
  stores: AccumulatorState[],
  place: number,
  window: SlidingWindow | null,
  sample: Sample,
  nowMs: number,
): ReportedLimit | null {
  const state = stores[place] ?? null;
  switch (slot.kind) {
    case 'latest':
      keepNewest(stores, place, sample[0], sample[1], sample[2]);
      return null;
    case 'events':
    case 'values':
    case 'numbers':
    case 'counter':
    case 'spread':
    case 'held':
      return window !== null && addToWindow(slot.kind, window, sample, nowMs) ? 'windowSamples' : null;
    case 'distinct':
      return sample[0] > nowMs - slot.withinMs && addDistinct(asSamples(state), compared(sample), nowMs)
        ? 'distinctValues'
        : null;
    case 'heldValues':
      return addHeldValue(asSamples(state), compared(sample), slot.withinMs, nowMs);
    case 'history':
      insertInOrder(asSamples(state), compared(sample));
      if (asSamples(state).length > LIMITS.flappingValues) asSamples(state).shift();
      return null;
    case 'run':
      addToRun(asRun(state), compared(sample));
      return null;
  }
}

/** Overwrites the sample of an accumulator `latest`: a new one for each event would be measurable. */
export function keepNewest(
  stores: AccumulatorState[],
  place: number,
  timeMs: number,
  sequence: number,
  value: Value,
): void {
  const known = stores[place] as OwnSample | null;
  if (known === null) stores[place] = [timeMs, sequence, value];
  else if (timeMs > known[0] || (timeMs === known[0] && sequence > known[1])) {
    known[0] = timeMs;
    known[1] = sequence;
    known[2] = value;
  }
}

type OwnSample = [timeMs: number, sequence: number, value: Value];

/** Returns whether there were too many samples to keep individually. */
function addToWindow(kind: AccumulatorKind, window: SlidingWindow, sample: Sample, nowMs: number): boolean {
  if (!isNumeric(kind)) return window.add(kind === 'values' ? compared(sample) : sample, nowMs);
  const [timeMs, sequence, value] = sample;
  const number = inDouble(value);
  if (typeof number !== 'number') return false;
  if (isLongNumber(number)) window.state.long = true;
  return window.add(number === value ? sample : [timeMs, sequence, number], nowMs);
}

/** Characters above which a number weighs more. */
const SHORT_NUMBER = 10;
const SHORT_INTEGER = 1e10;

/** Below 100000, three decimals make at most ten characters. */
const SHORT_DECIMALS = 1_000;
const SHORT_SCALED = 1e8;

/** Most values are short integers or decimals; formatting the others costs more than everything else here. */
export function isLongNumber(value: number): boolean {
  if (Number.isInteger(value) && Math.abs(value) < SHORT_INTEGER) return false;
  const scaled = Math.round(value * SHORT_DECIMALS);
  if (scaled / SHORT_DECIMALS === value && Math.abs(scaled) < SHORT_SCALED) return false;
  return String(value).length > SHORT_NUMBER;
}

/** If only equality matters, replaces a long string by its hash, which is much shorter. */
function compared(sample: Sample): Sample {
  const [timeMs, sequence, value] = sample;
  // `#`: unlike the hash of any text.
  if (isWholeNumber(value))
    return value.int.length <= LIMITS.comparedLength ? sample : [timeMs, sequence, { json: `#${hashText(value.int)}` }];
  const text = showValue(value);
  if (typeof text !== 'string' || (text.length <= LIMITS.comparedLength && jsonBytes(text) <= LIMITS.comparedBytes))
    return sample;
  return [timeMs, sequence, { json: hashText(text) }];
}

/** Returns whether the limit was exceeded. */
function addDistinct(samples: DistinctState, sample: Sample, nowMs: number): boolean {
  // A sample ahead of the clock does not count yet, so it is kept next to the one that does.
  const rivals = sample[0] > nowMs ? [] : samples.filter((each) => each[0] <= nowMs && sameValue(each[2], sample[2]));
  if (rivals.some((each) => isAfter(each, sample))) return false;
  for (const rival of rivals) samples.splice(samples.indexOf(rival), 1);
  insertInOrder(samples, sample);
  if (samples.length <= LIMITS.distinctValues) return false;
  samples.shift();
  return true;
}

/** Drops values that have left the window of a slot. */
export function tidyValues({ kind, withinMs }: Accumulator, store: AccumulatorState, nowMs: number): void {
  if (kind === 'distinct') tidyDistinct(asSamples(store), withinMs, nowMs);
  if (kind === 'heldValues') tidyHeldValues(asSamples(store), withinMs, nowMs);
}

/** The next time at which these values change by themselves, or Infinity; call after `tidyValues`. */
export function valuesMoment(
  kind: AccumulatorKind | null,
  store: AccumulatorState,
  withinMs: number,
  nowMs: number,
): number {
  if (kind === 'distinct') return distinctMoment(asSamples(store), withinMs, nowMs);
  return kind === 'heldValues' ? heldValuesMoment(asSamples(store), withinMs, nowMs) : Infinity;
}

/** Drops samples that have left the window. */
function tidyDistinct(samples: DistinctState, withinMs: number, nowMs: number): void {
  const start = nowMs - withinMs;
  let gone = 0;
  while (gone < samples.length && (samples[gone] as Sample)[0] <= start) gone += 1;
  samples.splice(0, gone);
}

function distinctMoment(samples: DistinctState, withinMs: number, nowMs: number): number {
  const [oldest] = samples;
  const ahead = samples.find(([timeMs]) => timeMs > nowMs)?.[0] ?? Infinity;
  return oldest === undefined ? Infinity : Math.min(oldest[0] + withinMs, ahead);
}

function addToRun(run: EqualRun, sample: Sample): void {
  insertInOrder(run.samples, sample);
  if (run.samples.length > LIMITS.unchangedSamples) foldOldest(run);
}

/** Folds the oldest sample into the base of the run. Returns whether there was one. */
export function foldOldest(run: EqualRun): boolean {
  const oldest = run.samples.shift();
  if (oldest === undefined) return false;
  // A sample older than the base can no longer be placed.
  if (run.base !== null && isAfter(run.base.newest, oldest)) return true;
  const goesOn = run.base !== null && sameValue(run.base.newest[2], oldest[2]);
  run.base = { since: goesOn && run.base !== null ? run.base.since : oldest[0], newest: oldest };
  return true;
}

/** When the last run of equal values began, epoch ms; undefined without any value. */
export function runBegan({ base, samples }: EqualRun): number | undefined {
  let began = base?.since;
  let value = base?.newest[2];
  for (const sample of samples) {
    if (began === undefined || value === undefined || !sameValue(value, sample[2])) began = sample[0];
    value = sample[2];
  }
  return began;
}
