import { describe, expect, it } from 'vitest';
import { isFlat, theilSen, trendOf, type Point } from '../../bench/soak/trend.ts';

const TOLERANCE = { share: 0.05, amount: 10, perMinute: 2 };
const line = (value: (minute: number) => number): Point[] =>
  Array.from({ length: 101 }, (_, n) => ({ minute: n / 10, value: value(n / 10) }));

describe('how a figure goes', () => {
  it('is the slope of the line, whatever single points say', () => {
    const points = line((minute) => 100 + 3 * minute).map((point, index) =>
      index % 7 === 0 ? { ...point, value: 1_000 } : point,
    );
    expect(theilSen(points)).toBeCloseTo(3, 0);
  });

  it('leaves warming up out', () => {
    const trend = trendOf(line((minute) => (minute < 2 ? 50 * minute : 100)));
    expect(trend).toEqual({ early: 100, late: 100, slope: 0 });
  });

  it('is flat when it swings, falls, or grows less than tolerated', () => {
    expect(isFlat(trendOf(line((minute) => 200 + 20 * Math.sin(20 * minute))), TOLERANCE)).toBe(true);
    expect(isFlat(trendOf(line((minute) => 300 - 10 * minute)), TOLERANCE)).toBe(true);
    expect(isFlat(trendOf(line((minute) => 200 + minute)), TOLERANCE)).toBe(true);
  });

  it('is not flat when it grows on and on, or in steps', () => {
    expect(isFlat(trendOf(line((minute) => 200 + 4 * minute)), TOLERANCE)).toBe(false);
    const steps = line((minute) => 200 + 15 * Math.floor(minute / 2.5));
    expect(isFlat(trendOf(steps), TOLERANCE)).toBe(false);
  });
});
