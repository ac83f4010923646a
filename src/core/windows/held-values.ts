import type { Sample } from '../model/window-state.ts';
import { LIMITS, type ReportedLimit } from '../primitives/limits.ts';
import { insertInOrder, sameValue } from './sample.ts';

/*
 * `distinct` with `hold`: the values of a window and the one that held at its start, oldest first. Exact up to
 * LIMITS.windowSamples; above that, first samples go that repeat the value before them, then values that come again.
 */

export function addHeldValue(samples: Sample[], sample: Sample, withinMs: number, nowMs: number): ReportedLimit | null {
  insertInOrder(samples, sample);
  tidyHeldValues(samples, withinMs, nowMs);
  if (samples.length <= LIMITS.windowSamples) return null;
  const repeated = samples.findIndex((each, index) => index > 0 && isLike(samples[index - 1] as Sample, each));
  const again = repeated >= 0 ? repeated : firstThatComesAgain(samples);
  samples.splice(Math.max(0, again), 1);
  return again >= 0 ? 'windowSamples' : 'distinctValues';
}

/** Drops what has left, but for the value that holds at the window's start. */
export function tidyHeldValues(samples: Sample[], withinMs: number, nowMs: number): void {
  const start = nowMs - withinMs;
  let gone = 0;
  while (gone + 1 < samples.length && (samples[gone + 1] as Sample)[0] <= start) gone += 1;
  if (gone > 0) samples.splice(0, gone);
}

export function countHeldValues(samples: readonly Sample[], nowMs: number): number {
  const known = new Set<unknown>();
  const texts = new Set<string>();
  for (const [timeMs, , value] of samples) {
    if (timeMs > nowMs) break;
    if (typeof value === 'object' && value !== null) texts.add(value.json);
    else known.add(value);
  }
  return known.size + texts.size;
}

/** The next time at which the content changes by itself, or Infinity; call after `tidyHeldValues`. */
export function heldValuesMoment(samples: readonly Sample[], withinMs: number, nowMs: number): number {
  const inside = samples.find(([timeMs]) => timeMs > nowMs - withinMs);
  const ahead = samples.find(([timeMs]) => timeMs > nowMs);
  return Math.min((inside?.[0] ?? Infinity) + withinMs, ahead?.[0] ?? Infinity);
}

const firstThatComesAgain = (samples: readonly Sample[]): number => {
  const seen = new Set<unknown>();
  let place = -1;
  for (let index = samples.length - 1; index >= 0; index--) {
    const value = (samples[index] as Sample)[2];
    const key = typeof value === 'object' && value !== null ? `json ${value.json}` : value;
    if (seen.has(key)) place = index;
    seen.add(key);
  }
  return place;
};

const isLike = (a: Sample, b: Sample): boolean => sameValue(a[2], b[2]);
