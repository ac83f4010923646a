import { isAfter, rise, sameValue } from './sample.ts';
import type { Sample, WindowState, Slice } from '../model/partition-set/window-state.ts';

export const newWindow = (keeps?: WindowState['keeps']): WindowState => ({
  ...{ samples: [], before: null, slices: [], width: 0 },
  ...(keeps !== undefined && { keeps }),
});

/**
 * Summarises a window into about `slices` slices. A window with fewer slices stays as it is. If samples are ahead of
 * the clock by more than the length of the window, makes slices wider, so that there are never more than `most`.
 */
export function condense(
  window: WindowState,
  slices: number,
  withinMs: number,
  nowMs: number,
  most = mostSlices(slices),
): void {
  const width = Math.max(1, Math.ceil(withinMs / slices));
  if (window.width < width) summarise(window, width, withinMs, nowMs);
  while (window.slices.length > most) summarise(window, 2 * window.width, withinMs, nowMs);
}

/** As many slices again may be ahead of the clock. */
export const mostSlices = (slices: number): number => 2 * slices;

function summarise(window: WindowState, width: number, withinMs: number, nowMs: number): void {
  const { samples, slices: finer } = window;
  Object.assign(window, { samples: [], slices: [], width });
  for (const slice of finer) addSlice(window.slices, width, slice);
  for (const sample of samples) {
    if (sample[0] <= nowMs - withinMs) leave(window, sample);
    else addToSlices(window, sample);
  }
}

/** Drops the slices that have left the window. */
export function dropSlices(window: WindowState, start: number): void {
  const { slices } = window;
  while (slices[0] !== undefined && slices[0].last[0] <= start) leave(window, (slices.shift() as Slice).last);
}

/** Records a sample that has left the window; the newest is the neighbour. A late event may leave immediately. */
export function leave(window: WindowState, sample: Sample): void {
  if (window.before === null || isAfter(sample, window.before)) window.before = sample;
}

/**
 * The next time at which a summarised window changes by itself: the oldest slice leaves, or one ahead of the clock
 * enters. Or Infinity.
 */
export function slicesMoment({ slices }: WindowState, withinMs: number, nowMs: number): number {
  const [oldest] = slices;
  if (oldest === undefined) return Infinity;
  const ahead = (slices.at(-1) as Slice).first[0] > nowMs ? slices.find(({ first }) => first[0] > nowMs) : undefined;
  return Math.min(oldest.last[0] + withinMs, ahead?.first[0] ?? Infinity);
}

function sliceOf(sample: Sample, keeps: WindowState['keeps']): Slice {
  const number = typeof sample[2] === 'number' ? sample[2] : 0;
  const slice = { count: 1, sum: number, min: number, max: number, changes: 0, first: sample, last: sample };
  return keeps === undefined ? slice : { ...slice, [keeps]: 0 };
}

/** Adds a sample to the slice of its time. */
export const addToSlices = ({ slices, width, keeps }: WindowState, sample: Sample): void =>
  addSlice(slices, width, sliceOf(sample, keeps));

/** Adds a slice, usually of one sample, to the slice of its time, or next to the existing ones. */
function addSlice(slices: Slice[], width: number, added: Slice): void {
  const indexOf = ({ first }: Slice): number => Math.floor(first[0] / width);
  let place = slices.length;
  while (place > 0 && indexOf(slices[place - 1] as Slice) > indexOf(added)) place -= 1;
  const known = slices[place - 1];
  if (known !== undefined && indexOf(known) === indexOf(added)) merge(known, added);
  else slices.splice(place, 0, added);
}

function merge(slice: Slice, added: Slice): void {
  if (slice.spread !== undefined) slice.spread = spreadOfBoth(slice, added);
  if (slice.rises !== undefined) slice.rises += added.rises ?? 0;
  if (slice.area !== undefined) slice.area += added.area ?? 0;
  slice.count += added.count;
  slice.sum = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, slice.sum + added.sum));
  slice.min = Math.min(slice.min, added.min);
  slice.max = Math.max(slice.max, added.max);
  slice.changes += added.changes;
  if (isAfter(added.first, slice.last)) {
    slice.changes += sameValue(slice.last[2], added.first[2]) ? 0 : 1;
    if (slice.rises !== undefined) slice.rises += rise(slice.last, added.first);
    if (slice.area !== undefined) slice.area += areaBetween(slice.last, added.first);
    slice.last = added.last;
  } else if (isAfter(slice.first, added.last)) {
    slice.changes += sameValue(slice.first[2], added.last[2]) ? 0 : 1;
    if (slice.rises !== undefined) slice.rises += rise(added.last, slice.first);
    if (slice.area !== undefined) slice.area += areaBetween(added.last, slice.first);
    slice.first = added.first;
  }
}

/** What the number of a sample adds until the next sample. */
function areaBetween(sample: Sample, next: Sample): number {
  const area = (sample[2] as number) * (next[0] - sample[0]);
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, area));
}

/** Sum of squared distances from the common average (Chan, Golub and LeVeque, 1979). */
function spreadOfBoth(a: Slice, b: Slice): number {
  const apart = b.sum / b.count - a.sum / a.count;
  return (a.spread ?? 0) + (b.spread ?? 0) + (apart * apart * a.count * b.count) / (a.count + b.count);
}
