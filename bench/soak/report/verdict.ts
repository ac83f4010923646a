import type { Comparison } from './comparison.ts';
import type { Sample } from '../samples.ts';
import { isFlat, trendOf, type Point, type Tolerance, type Trend } from './trend.ts';

/** A figure that must not grow. */
export interface Judged extends Trend {
  what: string;
  unit: string;
  tolerance: Tolerance;
  flat: boolean;
}

/** Processes keep unused pages for a while, so allow some fluctuation. */
const RSS_TOLERANCE: Tolerance = { share: 0.05, amount: 10, perMinute: 4 };
const HEAP_TOLERANCE: Tolerance = { share: 0.1, amount: 10, perMinute: 2 };
const LAG_TOLERANCE: Tolerance = { share: 0, amount: 1, perMinute: 0.2 };

/** `liveHeap`: heap after garbage collection, MB. */
export function judge(samples: readonly Sample[], liveHeap: readonly Point[]): Judged[] {
  const judged = (what: string, unit: string, points: readonly Point[], tolerance: Tolerance): Judged => {
    const trend = trendOf(points);
    return { what, unit, ...trend, tolerance, flat: isFlat(trend, tolerance) };
  };
  const of = (value: (sample: Sample) => number): Point[] =>
    samples.map((sample) => ({ minute: sample.minute, value: value(sample) }));
  return [
    judged(
      'resident memory',
      'MB',
      of(({ rss }) => rss),
      RSS_TOLERANCE,
    ),
    judged('live heap', 'MB', liveHeap, HEAP_TOLERANCE),
    judged(
      'lag',
      's',
      of(({ lagSeconds }) => lagSeconds),
      LAG_TOLERANCE,
    ),
  ];
}

export const isGood = (judged: readonly Judged[], { wrongSets }: Comparison): boolean =>
  judged.every(({ flat }) => flat) && wrongSets.length === 0;
