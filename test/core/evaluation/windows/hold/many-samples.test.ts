import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../../src/core/primitives/limits.ts';
import { driver } from '../../../../support/evaluation/driver.ts';

const HOUR = 3_600;
const START_MS = Date.UTC(2026, 0, 1);
const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };

const driverOf = (having: object): ReturnType<typeof driver> =>
  driver({ ...base, evaluate: { type: 'any', having }, message: '{{value}}' });

const lines = (set: ReturnType<typeof driver>): string[] =>
  set.alerts().map(({ data }) => `${(Date.parse(data.evaluatedAt) - START_MS) / 1000} ${data.status}`);

describe('hold: many samples', () => {
  it('in slices, an average is exact but for the part of one slice', () => {
    const set = driverOf({ calc: 'avg', property: 'v', within: '1h', hold: true, gt: 50 });
    // Every second; 0 for an hour, then 100.
    for (let second = 0; second < 2 * HOUR; second++) set.send(second, { m: 'a', v: second < HOUR ? 0 : 100 });
    const fired = set.alerts().find(({ data }) => data.status === 'firing');
    const at = (Date.parse(fired?.data.evaluatedAt ?? '') - START_MS) / 1000;
    expect(Math.abs(at - 1.5 * HOUR)).toBeLessThanOrEqual(1);
    expect(set.alerts().filter(({ data }) => data.status === 'limit').length).toBeGreaterThan(0);
  });

  it('in slices, the value at the start is at most one slice old', () => {
    const set = driverOf({ calc: 'delta', property: 'v', within: '1h', hold: true, lte: -30 });
    for (let second = 0; second < HOUR; second += 10) set.send(second, { m: 'a', v: 90 });
    set.send(3 * HOUR, { m: 'a', v: 60 });
    set.advance(6 * HOUR);
    expect(lines(set).filter((line) => !line.endsWith('limit'))).toEqual(['10800 firing', '14400 resolved']);
  });

  it('distinct keeps a bounded number of samples, and loses no value that still counts', () => {
    const set = driverOf({ calc: 'distinct', property: 'v', within: '1h', hold: true, gte: 3 });
    for (let n = 0; n < 2_000; n++) set.send(n, { m: 'a', v: n === 0 ? 'first' : n % 2 });
    const [store] = Object.values(set.state().partitions)[0]?.stores ?? [];
    expect((store as unknown[]).length).toBeLessThanOrEqual(LIMITS.windowSamples);
    set.advance(2 * HOUR);
    expect(lines(set).filter((line) => !line.endsWith('limit'))).toEqual(['2 firing', '3601 resolved']);
  });
});
