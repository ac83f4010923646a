import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../support/driver.ts';

const off = { calc: 'latest', property: 's', equals: 'off' };
const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: off },
};
const HOUR_S = 3600;

describe('a set in which nothing has come yet', () => {
  it.each<[string, object, number | null]>([
    ['has no percentage, not even one that differs from 50', { type: 'percent', notEquals: 50, having: off }, null],
    ['has nothing to say where partitions have alerts of their own', { type: 'each', having: off }, null],
    ['has nothing to say where none may satisfy', { type: 'none', having: off }, null],
    ['is judged at once where 0 is a count', { type: 'count', lt: 1, having: off }, 0],
  ])('%s', (_what, evaluate, due) => expect(driver({ ...base, evaluate }).nextDeadline()).toBe(due));
});

describe('an alert of a set', () => {
  it('that ends as data goes stale shows first whose it was, of several the first', () => {
    const set = driver({ ...base, staleAfter: '10s' });
    set.send(1, { m: 'a', s: 'off' });
    set.send(1, { m: 'b', s: 'off' });
    set.advance(11);
    expect(alertsOf(set)).toMatchObject([{ status: 'firing' }, { at: 11, status: 'resolved', reason: 'staleData' }]);
    expect(
      set
        .alerts()
        .at(-1)
        ?.data.evidence.items.map(({ partition }) => partition),
    ).toEqual([{ m: 'a' }]);
  });

  it('of an event that comes so late that the hours of its rule are over waits for the next', () => {
    const set = driver({ ...base, for: '30m', schedule: { timezone: 'UTC', from: '08:00', to: '18:00' } });
    set.send(20 * HOUR_S, { m: 'a', s: 'off', time: 17 * HOUR_S });
    expect(set.nextDeadline()).toBe(32 * HOUR_S);
    set.advance(32 * HOUR_S);
    expect(alertsOf(set)).toMatchObject([{ at: 32 * HOUR_S, status: 'firing' }]);
  });

  it('shows which event told the value, not merely the newest', () => {
    const set = driver({ ...base, for: '10s' });
    const told = set.send(1, { m: 'a', s: 'off' });
    set.send(2, { m: 'a' });
    set.advance(11);
    expect(set.alerts().at(-1)?.data.evidence.items).toMatchObject([{ sequence: told, value: 'off' }]);
  });
});
