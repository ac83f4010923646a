/* What calculations that share a shape are, for the reference page and editors. */

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
