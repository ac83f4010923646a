import { satisfies, valueOf } from './predicate.ts';
import { exactSum } from './exact-sum.ts';
import type { Predicate } from '../../../src/core/model/rule/condition-schema.ts';
import { averageOverTime, heldIn, timeIn } from './held.ts';
import { byOwnTime, type Arrival, type Instant, type Leaf } from '../model.ts';
import { ms } from '../ms.ts';
import { UNKNOWN } from './operands.ts';

/** "Calculations" of docs/semantics.md: a value from all that a partition has had, at one moment. `undefined` is no value. */
export function calculate(leaf: Leaf, events: readonly Arrival[], { clock, known }: Instant): unknown {
  const looksAtAll = leaf.calc === 'timeIn' || (leaf.calc === 'count' && leaf.last !== undefined);
  const choosing = leaf.calc === 'ratio' ? leaf.among : looksAtAll ? undefined : leaf.where;
  const entering = events.filter(({ data }) => all(choosing, data));
  const samples = samplesOf(leaf, entering);
  const within = leaf.last !== undefined && leaf.within === undefined ? Infinity : ms(leaf.within);
  const passed = samples
    .map(({ value, ...sample }) => ({ ...sample, value: NUMERIC.has(leaf.calc) ? double(value) : value }))
    .filter(({ time }) => time <= clock)
    .filter(({ value }) => !NUMERIC.has(leaf.calc) || typeof value === 'number');
  const newest = leaf.last === undefined ? passed : passed.slice(-leaf.last);
  const inWindow = newest.filter(({ time }) => time > clock - within);
  const before = passed.slice(0, passed.length - inWindow.length).slice(-1);
  const held = heldIn(passed, clock - within, clock);
  const numbers = (leaf.hold === true ? held : inWindow)
    .map(({ value }) => value)
    .filter((value) => typeof value === 'number');

  if (inWindow.length < (leaf.minSamples ?? 0)) return UNKNOWN;
  if (leaf.whenFull === true) {
    const since = known ?? Math.min(...events.map(({ time }) => time));
    if (clock - since < within && inWindow.length < (leaf.last ?? Infinity)) return UNKNOWN;
  }
  switch (leaf.calc) {
    case 'latest':
      return samples.at(-1)?.value;
    case 'count':
      return looksAtAll ? inWindow.filter(({ data }) => all(leaf.where, data)).length : inWindow.length;
    case 'rate':
      return inWindow.length / (within / 1000);
    case 'changes':
      return changes([...before, ...inWindow]).filter(Boolean).length;
    case 'distinct':
      return new Set((leaf.hold === true ? held : inWindow).map(({ value }) => textOf(value))).size;
    case 'sum':
      return exactSum(numbers);
    case 'avg':
      if (leaf.hold === true) return averageOverTime(held, clock - within, clock);
      return numbers.length === 0 ? UNKNOWN : exactSum(numbers) / numbers.length;
    case 'min':
      return numbers.length === 0 ? UNKNOWN : Math.min(...numbers);
    case 'max':
      return numbers.length === 0 ? UNKNOWN : Math.max(...numbers);
    case 'delta':
      return numbers.length === 0 ? UNKNOWN : (numbers.at(-1) ?? 0) - (numbers[0] ?? 0);
    case 'range':
      return numbers.length === 0 ? UNKNOWN : inRange(Math.max(...numbers) - Math.min(...numbers));
    case 'stddev':
      return numbers.length === 0 ? UNKNOWN : inRange(deviation(numbers));
    case 'percentile':
      return numbers.toSorted((a, b) => a - b)[nearestRank(leaf.p ?? 0, numbers.length)] ?? UNKNOWN;
    case 'deltaPercent': {
      const [oldest = 0, newest = 0] = [numbers[0], numbers.at(-1)];
      // The value at the start of the window and the value now are two, even if they are the same.
      const isTwo = numbers.length > 1 || (leaf.hold === true && (held[0]?.time ?? Infinity) <= clock - within);
      return !isTwo || oldest === 0 ? UNKNOWN : inRange(((newest - oldest) / Math.abs(oldest)) * 100);
    }
    case 'increase': {
      const values = [...before.map(({ value }) => value as number), ...numbers];
      return numbers.length === 0 || values.length < 2
        ? UNKNOWN
        : exactSum(values.slice(1).map((to, index) => rise(values[index] ?? 0, to)));
    }
    case 'ratio': {
      const matching = inWindow.filter(({ data }) => all(leaf.where, data));
      return inWindow.length === 0 ? UNKNOWN : matching.length / inWindow.length;
    }
    case 'timeIn': {
      const matching = entering.toSorted(byOwnTime).map(({ time, data }) => ({ time, value: all(leaf.where, data) }));
      return timeIn(heldIn(matching, clock - within, clock), clock - within, clock);
    }
    case 'unchanged':
      return samples.length === 0 ? undefined : clock - startOfLastRun(samples);
    case 'age':
      return samples.length === 0 ? undefined : Math.max(0, clock - (samples.at(-1)?.time ?? 0));
    case 'flapping':
      return flapping(samples);
    default:
      throw new Error(`the reference does not know the calculation ${leaf.calc}`);
  }
}

const NUMERIC = new Set([
  'sum',
  'avg',
  'min',
  'max',
  'range',
  'stddev',
  'percentile',
  'delta',
  'deltaPercent',
  'increase',
]);

const all = (predicates: readonly Predicate[] | undefined, data: Record<string, unknown>): boolean =>
  (predicates ?? []).every((predicate) => satisfies(predicate, data));

/** Of the population. Equal numbers do not deviate, whatever rounding makes of their average. */
function deviation(numbers: readonly number[]): number {
  if (numbers.every((number) => number === numbers[0])) return 0;
  const average = exactSum(numbers) / numbers.length;
  return Math.sqrt(exactSum(numbers.map((number) => (number - average) ** 2)) / numbers.length);
}

/** The index of the smallest number that at least p percent of them do not exceed. */
function nearestRank(p: number, count: number): number {
  let index = 0;
  while (index < count - 1 && (index + 1) * 100 < p * count) index += 1;
  return index;
}

/** A counter that falls has restarted at 0. */
const rise = (from: number, to: number): number => (to >= from ? to - from : Math.max(0, to));

/** The largest double stands for what is beyond it. */
const inRange = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));

/** A whole number with more digits than a double has counts as its double in a calculation. */
const double = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'bigint' ? String(value) : JSON.stringify(value);

interface Sample {
  time: number;
  value: unknown;
  data: Record<string, unknown>;
}

/** What the events say of the property, oldest first; without a property every event says something. */
function samplesOf({ property, as }: Leaf, events: readonly Arrival[]): Sample[] {
  return events
    .toSorted(byOwnTime)
    .map(({ time, data }) => ({ time, data, value: property === undefined ? true : valueOf(data, { property, as }) }))
    .filter(({ value }) => value !== undefined);
}

/** Of each pair of neighbours, whether they differ. */
function changes(samples: readonly Sample[]): boolean[] {
  return samples.slice(1).map(({ value }, index) => textOf(value) !== textOf(samples[index]?.value));
}

function startOfLastRun(samples: readonly Sample[]): number {
  const lastChange = changes(samples).lastIndexOf(true);
  return samples[lastChange + 1]?.time ?? 0;
}

const FLAPPING = { values: 21, oldestWeight: 0.8, newestWeight: 1.2 };

function flapping(samples: readonly Sample[]): number {
  const pairs = FLAPPING.values - 1;
  const step = (FLAPPING.newestWeight - FLAPPING.oldestWeight) / (pairs - 1);
  const weights = changes(samples.slice(-FLAPPING.values))
    .toReversed()
    .map((changed, age) => (changed ? FLAPPING.newestWeight - age * step : 0));
  return weights.reduce((total, weight) => total + weight, 0) / pairs;
}
