import type { Sample } from '../../model/partition-set/window-state.ts';
import { LIMITS, type ReportedLimit } from '../../primitives/limits.ts';
import { insertInOrder, sameValue } from '../sample.ts';
import { keyOfValue } from '../window-content.ts';

/*
 * `distinct` with `hold`: the values of a window and the one that held at its start, oldest first. Exact up to
 * LIMITS.windowSamples, and for half as many values above that.
 */

export function addHeldValue(samples: Sample[], sample: Sample, withinMs: number, nowMs: number): ReportedLimit | null {
  insertInOrder(samples, sample);
  tidyHeldValues(samples, withinMs, nowMs);
  return samples.length <= LIMITS.windowSamples ? null : dropOne(samples);
}

/**
 * Drops one sample. A value that comes again counts until its last sample ends, so it may hold longer before that: first
 * goes a sample that repeats the value before it, or one that comes again after a value that comes again, too. Both
 * change nothing, but for late events. Returns the limit that was reached otherwise.
 */
function dropOne(samples: Sample[]): ReportedLimit | null {
  const again = comeAgain(samples);
  const isFree = (sample: Sample, place: number): boolean => {
    const before = samples[place - 1];
    if (before === undefined) return again[place] === true;
    return sameValue(before[2], sample[2]) || (again[place] === true && again[place - 1] === true);
  };
  const free = samples.findIndex(isFree);
  const place = free >= 0 ? free : Math.max(0, again.indexOf(true));
  const isLost = again[place] !== true && free < 0;
  samples.splice(place, 1);
  return free >= 0 ? null : isLost ? 'distinctValues' : 'windowSamples';
}

/** Drops what has left, but for the value that holds at the window's start. */
export function tidyHeldValues(samples: Sample[], withinMs: number, nowMs: number): void {
  const start = nowMs - withinMs;
  let gone = 0;
  while (gone + 1 < samples.length && (samples[gone + 1] as Sample)[0] <= start) gone += 1;
  if (gone > 0) samples.splice(0, gone);
}

/** The next time at which the content changes by itself, or Infinity; call after `tidyHeldValues`. */
export function heldValuesMoment(samples: readonly Sample[], withinMs: number, nowMs: number): number {
  const inside = samples.find(([timeMs]) => timeMs > nowMs - withinMs);
  const ahead = samples.find(([timeMs]) => timeMs > nowMs);
  return Math.min((inside?.[0] ?? Infinity) + withinMs, ahead?.[0] ?? Infinity);
}

/** Of each sample, whether a later one has its value. */
function comeAgain(samples: readonly Sample[]): boolean[] {
  const later = new Set<unknown>();
  const again: boolean[] = [];
  for (let place = samples.length - 1; place >= 0; place--) {
    const key = keyOfValue(samples[place] as Sample);
    again[place] = later.has(key);
    later.add(key);
  }
  return again;
}
