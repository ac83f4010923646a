import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../support/evaluation/driver.ts';

const off = { calc: 'latest', property: 's', equals: 'off' };
const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: off },
};
const HOUR_S = 3600;

describe('a partition set without events', () => {
  it.each<[string, object, number | null]>([
    ['has no percentage, not even one that differs from 50', { type: 'percent', notEquals: 50, having: off }, null],
    ['has nothing to judge if partitions have their own alerts', { type: 'each', having: off }, null],
    ['has nothing to judge for none', { type: 'none', having: off }, null],
    ['is judged immediately if 0 satisfies a count', { type: 'count', lt: 1, having: off }, 0],
  ])('%s', (_what, evaluate, due) => expect(driver({ ...base, evaluate }).nextDeadline()).toBe(due));
});

describe('an alert of a partition set', () => {
  it('that ends because data goes stale shows the first expired partition first', () => {
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

  it('caused by an event so late that the schedule has closed waits for the next opening', () => {
    const set = driver({ ...base, for: '30m', schedule: { timezone: 'UTC', from: '08:00', to: '18:00' } });
    set.send(20 * HOUR_S, { m: 'a', s: 'off', time: 17 * HOUR_S });
    expect(set.nextDeadline()).toBe(32 * HOUR_S);
    set.advance(32 * HOUR_S);
    expect(alertsOf(set)).toMatchObject([{ at: 32 * HOUR_S, status: 'firing' }]);
  });

  it('shows the event that carried the value, not merely the newest', () => {
    const set = driver({ ...base, for: '10s' });
    const sequence = set.send(1, { m: 'a', s: 'off' });
    set.send(2, { m: 'a' });
    set.advance(11);
    expect(set.alerts().at(-1)?.data.evidence.items).toMatchObject([{ sequence, value: 'off' }]);
  });
});
