import { z } from 'zod';
import { LIMITS } from '../primitives/limits.ts';

/* The words of calculations over a window, but for its length of time. */

export const last = z
  .int()
  .min(1)
  .max(LIMITS.last)
  .optional()
  .describe(
    'in place of within or beside it: only the newest so many events, by (event time, stream sequence), that enter the calculation and have its property; with count and ratio, so many events of the partition are looked at, and the matching ones counted',
  );

export const whenFull = z
  .boolean()
  .meta({
    description:
      'true: the value is unknown until the partition has been known for as long as within, or as many events have come as last says',
    default: false,
  })
  .optional();

export const minSamples = z
  .int()
  .min(1)
  .max(LIMITS.minSamples)
  .optional()
  .describe('with fewer events in the window that enter the calculation, its value is unknown');

export const SUMMED = [
  'changes: how often the value changed in the window, including a change from the last value before it',
  'sum: sum of the numbers in the window',
  'stddev: standard deviation of the numbers in the window, of the population',
  'increase: sum of the rises of a counter in the window, from the last value before it; after a fall it counts from 0 (a restart); unknown without two values',
].join('; ');

export const HOLDABLE = [
  'avg: average of the numbers in the window',
  'min: smallest number in the window',
  'max: largest number in the window',
  'range: largest number minus smallest number in the window',
  'delta: newest number minus oldest number in the window',
  'deltaPercent: delta in percent of the oldest number; unknown without two numbers, or if the oldest is 0',
].join('; ');

export const hold = z.boolean().optional().meta({
  description:
    "true: a value holds until the next one, so the value at the window's start belongs to the window, and avg is weighted by time; for avg, min, max, range, delta, deltaPercent and distinct",
  default: false,
});
