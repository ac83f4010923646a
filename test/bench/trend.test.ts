import { describe, expect, it } from 'vitest';
import { isFlat, theilSen, trendOf, type Point } from '../../bench/soak/report/trend.ts';

const TOLERANCE = { share: 0.05, amount: 10, perMinute: 2 };
const line = (value: (minute: number) => number): Point[] =>
  Array.from({ length: 101 }, (_, n) => ({ minute: n / 10, value: value(n / 10) }));

describe('the trend of a figure', () => {
  it('is robust against outliers', () => {
    const points = line((minute) => 100 + 3 * minute).map((point, index) =>
      index % 7 === 0 ? { ...point, value: 1_000 } : point,
    );
    expect(theilSen(points)).toBeCloseTo(3, 0);
  });

  it('ignores the warm-up', () => {
    const trend = trendOf(line((minute) => (minute < 2 ? 50 * minute : 100)));
    expect(trend).toEqual({ early: 100, late: 100, slope: 0 });
  });

  it('is flat if the figure oscillates, falls, or grows within the tolerance', () => {
    expect(isFlat(trendOf(line((minute) => 200 + 20 * Math.sin(20 * minute))), TOLERANCE)).toBe(true);
    expect(isFlat(trendOf(line((minute) => 300 - 10 * minute)), TOLERANCE)).toBe(true);
    expect(isFlat(trendOf(line((minute) => 200 + minute)), TOLERANCE)).toBe(true);
  });

  it('is not flat if the figure grows steadily or in steps', () => {
    expect(isFlat(trendOf(line((minute) => 200 + 4 * minute)), TOLERANCE)).toBe(false);
    const steps = line((minute) => 200 + 15 * Math.floor(minute / 2.5));
    expect(isFlat(trendOf(steps), TOLERANCE)).toBe(false);
  });
});
