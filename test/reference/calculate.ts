import { valueOf } from './compare.ts';
import { exactSum } from './exact-sum.ts';
import { byOwnTime, type Arrival, type Leaf } from './model.ts';
import { ms } from './ms.ts';

/** A calculation that says nothing now: its comparison keeps its last answer. */
export const UNKNOWN = Symbol('unknown');

/** "Calculations" of docs/semantics.md: a value from all that a partition has had, at one moment. `undefined` is no value. */
export function calculate(leaf: Leaf, events: readonly Arrival[], clock: number): unknown {
  const samples = samplesOf(leaf, events);
  const within = ms(leaf.within);
  const passed = samples.filter(({ time }) => time <= clock);
  const inWindow = passed.filter(({ time }) => time > clock - within);
  const numbers = inWindow.map(({ value }) => value).filter((value) => typeof value === 'number');

  switch (leaf.calc) {
    case 'latest':
      return samples.at(-1)?.value;
    case 'count':
      return inWindow.length;
    case 'rate':
      return inWindow.length / (within / 1000);
    case 'changes':
      return changes([...passed.filter(({ time }) => time <= clock - within).slice(-1), ...inWindow]).filter(Boolean)
        .length;
    case 'distinct':
      return new Set(inWindow.map(({ value }) => JSON.stringify(value))).size;
    case 'sum':
      return exactSum(numbers);
    case 'avg':
      return numbers.length === 0 ? UNKNOWN : exactSum(numbers) / numbers.length;
    case 'min':
      return numbers.length === 0 ? UNKNOWN : Math.min(...numbers);
    case 'max':
      return numbers.length === 0 ? UNKNOWN : Math.max(...numbers);
    case 'delta':
      return numbers.length === 0 ? UNKNOWN : (numbers.at(-1) ?? 0) - (numbers[0] ?? 0);
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

interface Sample {
  time: number;
  value: unknown;
}

/** What the events say of the property, oldest first; without a property every event says something. */
function samplesOf({ property, as }: Leaf, events: readonly Arrival[]): Sample[] {
  return events
    .toSorted(byOwnTime)
    .map(({ time, data }) => ({ time, value: property === undefined ? true : valueOf(data, { property, as }) }))
    .filter(({ value }) => value !== undefined);
}

/** Of each pair of neighbours, whether they differ. */
function changes(samples: readonly Sample[]): boolean[] {
  return samples.slice(1).map(({ value }, index) => JSON.stringify(value) !== JSON.stringify(samples[index]?.value));
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
