import { median } from '../measure.ts';

/** A figure at a moment, minutes from the beginning. */
export interface Point {
  minute: number;
  value: number;
}

/** How a figure went, over a run from its first point to its last. */
export interface Trend {
  /** Medians of the second and of the last quarter: the first one is for warming up. */
  early: number;
  late: number;
  /** Theil-Sen's slope over the second half, a minute. */
  slope: number;
}

/** The median of the slopes between all pairs of points: single outliers do not move it. */
export function theilSen(points: readonly Point[]): number {
  const slopes = points.flatMap((a, index) =>
    points
      .slice(index + 1)
      .flatMap((b) => (b.minute === a.minute ? [] : [(b.value - a.value) / (b.minute - a.minute)])),
  );
  return median(slopes);
}

export function trendOf(points: readonly Point[]): Trend {
  const [first = 0, last = 0] = [points[0]?.minute, points.at(-1)?.minute];
  const between = (from: number, to: number): Point[] =>
    points.filter(({ minute }) => minute >= first + from * (last - first) && minute <= first + to * (last - first));
  const middle = (from: number, to: number): number => median(between(from, to).map(({ value }) => value));
  return { early: middle(0.25, 0.5), late: middle(0.75, 1), slope: theilSen(between(0.5, 1)) };
}

/** How much a figure may grow and still count as flat; either may be the larger part. */
export interface Tolerance {
  /** Of the late median over the early one: a share of the early one, and an amount. */
  share: number;
  amount: number;
  /** Of the slope: an amount a minute. */
  perMinute: number;
}

/** Whether the figure did not grow. What becomes less is no fault. */
export function isFlat({ early, late, slope }: Trend, { share, amount, perMinute }: Tolerance): boolean {
  return late <= early + Math.max(early * share, amount) && slope <= perMinute;
}
