import { median } from '../../measure.ts';

/** A figure at a time, in minutes since the start. */
export interface Point {
  minute: number;
  value: number;
}

/** The trend of a figure over a run. */
export interface Trend {
  /** Medians of the second and the last quarter; the first quarter is warm-up. */
  early: number;
  late: number;
  /** Theil-Sen slope over the second half, per minute. */
  slope: number;
}

/** Theil-Sen estimator: the median slope of all pairs of points, robust against outliers. */
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

/** How much a figure can grow and still count as flat. */
export interface Tolerance {
  /** Growth of the late median over the early one: the larger of a share of the early one and an amount. */
  share: number;
  amount: number;
  /** Maximum slope, per minute. */
  perMinute: number;
}

/** Whether the figure did not grow. A decrease is fine. */
export function isFlat({ early, late, slope }: Trend, { share, amount, perMinute }: Tolerance): boolean {
  return late <= early + Math.max(early * share, amount) && slope <= perMinute;
}
