import { sameValue, type Sample } from './sample.ts';
import { windowMoment, type WindowState } from './window.ts';

/*
 * What calculations ask of a window, as of `nowMs`; call after `expire`. A sample ahead of the clock (senders' clocks may run
 * ahead of the stream's) counts when its moment comes, so it is passed over: those are at the end.
 * Asked with every event, so these are plain loops that make no objects. Where numbers are asked for, all samples are numbers.
 */

type NumberSample = readonly [timeMs: number, sequence: number, value: number];

/** How many of the samples are not ahead of the clock. */
function passed(samples: readonly Sample[], nowMs: number): number {
  let count = samples.length;
  while (count > 0 && (samples[count - 1] as Sample)[0] > nowMs) count -= 1;
  return count;
}

/** How many there are in (now − within, now]; not only after `expire`. */
export function countOf({ samples, slices }: WindowState, nowMs: number, withinMs: number): number {
  const start = nowMs - withinMs;
  let gone = 0;
  while (gone < samples.length && (samples[gone] as Sample)[0] <= start) gone += 1;
  let count = Math.max(0, passed(samples, nowMs) - gone);
  for (const { count: counted, first, last } of slices) if (first[0] <= nowMs && last[0] > start) count += counted;
  return count;
}

/**
 * The next moment at which a comparison of the count may answer otherwise: when so many have left that it passes one of the
 * numbers that it is compared with, or when one that is ahead of the clock enters. Or when the last one leaves, so that
 * nothing is kept for nothing.
 */
export function countMoment(window: WindowState, nowMs: number, withinMs: number, compared: readonly number[]): number {
  const { samples, slices } = window;
  if (slices.length > 0) return windowMoment(window, withinMs, nowMs);
  const count = passed(samples, nowMs);
  let passes = 0;
  for (const number of compared) if (number <= count) passes = Math.max(passes, number < count ? Math.floor(number) : count - 1);
  const leaves = count === 0 ? Infinity : (samples[count - passes - 1] as Sample)[0] + withinMs;
  return Math.min(leaves, samples[count]?.[0] ?? Infinity);
}

/** Of numbers, added from the oldest to the newest: the same content always gives the same sum. */
export function sumOf({ samples, slices }: WindowState, nowMs: number): number {
  let sum = 0;
  for (const slice of slices) if (slice.first[0] <= nowMs) sum += slice.sum;
  for (let place = 0, end = passed(samples, nowMs); place < end; place++) sum += (samples[place] as NumberSample)[2];
  return sum;
}

export function minOf({ samples, slices }: WindowState, nowMs: number): number {
  let min = Infinity;
  for (const slice of slices) if (slice.first[0] <= nowMs) min = Math.min(min, slice.min);
  for (let place = 0, end = passed(samples, nowMs); place < end; place++) min = Math.min(min, (samples[place] as NumberSample)[2]);
  return min;
}

export function maxOf({ samples, slices }: WindowState, nowMs: number): number {
  let max = -Infinity;
  for (const slice of slices) if (slice.first[0] <= nowMs) max = Math.max(max, slice.max);
  for (let place = 0, end = passed(samples, nowMs); place < end; place++) max = Math.max(max, (samples[place] as NumberSample)[2]);
  return max;
}

/** The newest number minus the oldest; of one at least. */
export function deltaOf({ samples, slices }: WindowState, nowMs: number): number {
  const oldest = slices[0]?.first ?? samples[0];
  const newest = slices.findLast(({ first }) => first[0] <= nowMs)?.last ?? samples[passed(samples, nowMs) - 1];
  return (newest as NumberSample)[2] - (oldest as NumberSample)[2];
}

/** How often the value changed; the first neighbour is the newest value that has left. */
export function changesOf({ samples, slices, before }: WindowState, nowMs: number): number {
  let changes = 0;
  let last = before;
  for (const slice of slices) {
    if (slice.first[0] > nowMs) break;
    changes += slice.changes + (last === null || sameValue(last[2], slice.first[2]) ? 0 : 1);
    last = slice.last;
  }
  for (let place = 0, end = passed(samples, nowMs); place < end; place++) {
    const sample = samples[place] as Sample;
    if (last !== null && !sameValue(last[2], sample[2])) changes += 1;
    last = sample;
  }
  return changes;
}
