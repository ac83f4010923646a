import { exactSum } from '../primitives/numbers/exact-sum.ts';
import { isAfter, rise, sameValue } from './sample.ts';
import type { Sample, Slice, WindowState, AccumulatorKind } from '../model/partition-set/window-state.ts';

/*
 * Calculations over a window from its state alone, as of a time: for evidence, and for summarised windows. For each
 * event, SlidingWindow is used instead. Functions for numbers require that all samples are numbers.
 */

/** The part of a window in (now − within, now]. */
export interface Content {
  samples: readonly Sample[];
  slices: readonly Slice[];
  /** The newest sample that has left. */
  before: Sample | null;
  startMs: number;
  nowMs: number;
}

export function contentOf({ samples, slices, before }: WindowState, nowMs: number, withinMs: number): Content {
  const start = nowMs - withinMs;
  const [from, to] = [firstAfter(samples, start), firstAfter(samples, nowMs)];
  // Runs with every event of a summarised window, which is usually complete.
  const isWhole = (slices[0]?.last[0] ?? Infinity) > start && (slices.at(-1)?.first[0] ?? -Infinity) <= nowMs;
  const left = samples[from - 1] ?? (isWhole ? undefined : slices.findLast(({ last }) => last[0] <= start)?.last);
  return {
    samples: samples.slice(from, to),
    slices: isWhole ? slices : slices.filter(({ first, last }) => last[0] > start && first[0] <= nowMs),
    before: left !== undefined && (before === null || isAfter(left, before)) ? left : before,
    ...{ startMs: start, nowMs },
  };
}

/** The newest `count` samples of a window without slices. */
export function newestOf(content: Content, count: number): Content {
  const { samples, before } = content;
  const left = samples[samples.length - count - 1];
  if (left === undefined) return content;
  return {
    ...content,
    samples: samples.slice(-count),
    before: before !== null && isAfter(before, left) ? before : left,
  };
}

/** Index of the first sample after a time. */
function firstAfter(samples: readonly Sample[], timeMs: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle] as Sample)[0] > timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const countOf = ({ samples, slices }: Content): number =>
  slices.reduce((count, slice) => count + slice.count, samples.length);

/** Samples are summed exactly and rounded once; slices, whose sums are rounded, are added one by one. */
export const sumOf = ({ samples, slices }: Content): number =>
  slices.reduce((sum, slice) => sum + slice.sum, exactSum(samples.map(numberOf)));

export const minOf = ({ samples, slices }: Content): number =>
  Math.min(...samples.map(numberOf), ...slices.map(({ min }) => min));

export const maxOf = ({ samples, slices }: Content): number =>
  Math.max(...samples.map(numberOf), ...slices.map(({ max }) => max));

/** The newest number minus the oldest; requires at least one. */
export function deltaOf({ samples, slices }: Content): number {
  const oldest = slices[0]?.first ?? samples[0];
  const newest = slices.at(-1)?.last ?? samples.at(-1);
  return numberOf(newest as Sample) - numberOf(oldest as Sample);
}

/** Number of value changes; the first neighbour is the newest value that has left. */
export function changesOf({ samples, slices, before }: Content): number {
  let changes = 0;
  let last = before;
  for (const slice of slices) {
    changes += slice.changes + (differ(last, slice.first) ? 1 : 0);
    last = slice.last;
  }
  for (const sample of samples) {
    if (differ(last, sample)) changes += 1;
    last = sample;
  }
  return changes;
}

/** Number of different values; requires that no sample is summarised. */
export const distinctOf = ({ samples }: Content): number => new Set(samples.map(keyOfValue)).size;

/** The same of samples in order, without those ahead of the clock. */
export const countValues = (samples: readonly Sample[], nowMs: number): number =>
  new Set(samples.slice(0, firstAfter(samples, nowMs)).map(keyOfValue)).size;

/** Equal for equal values only. */
export function keyOfValue([, , value]: Sample): unknown {
  if (typeof value === 'string') return `text ${value}`;
  if (typeof value !== 'object' || value === null) return value;
  if ('int' in value) return `int ${value.int}`;
  // No calculation that needs this takes lists.
  return `json ${'json' in value ? value.json : ''}`;
}

export const numberOf = (sample: Sample): number => sample[2] as number;

/** Whether a value differs from the previous one; the first value has not changed. */
export const differ = (before: Sample | null, after: Sample): boolean =>
  before !== null && !sameValue(before[2], after[2]);

/** Sum of the rises of a counter; its first value is the newest that has left. Undefined without two values. */
export function increaseOf({ samples, slices, before }: Content): number | undefined {
  let [last, values] = [before, before === null ? 0 : 1];
  let ofSlices = 0;
  for (const slice of slices) {
    ofSlices += (slice.rises ?? 0) + (last === null ? 0 : rise(last, slice.first));
    values += slice.count;
    last = slice.last;
  }
  const rises = samples.map((sample, index) => {
    const previous = index === 0 ? last : (samples[index - 1] as Sample);
    return previous === null ? 0 : rise(previous, sample);
  });
  return samples.length + slices.length === 0 || values + samples.length < 2 ? undefined : ofSlices + exactSum(rises);
}

/** Whether only numbers enter a window. */
export const isNumeric = (kind: AccumulatorKind): boolean =>
  kind === 'numbers' || kind === 'counter' || kind === 'spread' || kind === 'held';
