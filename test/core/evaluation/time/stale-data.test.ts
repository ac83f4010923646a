import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const HOUR_S = 3600;
const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'], staleAfter: '10s' };
const fault = [{ property: 's', equals: 'fault' }];

describe('stale data', () => {
  it('ends the alert of its own partition, and is not the reason for another that ends at the same moment', () => {
    const set = driver({ ...base, evaluate: { type: 'each', having: { calc: 'count', within: '4s', gt: 0 } } });
    set.send(1, { m: 'a' });
    set.send(7, { m: 'b' });
    set.advance(11);
    expect(alertsOf(set).filter(({ at }) => at === 11)).toMatchObject([
      { partition: { m: 'b' }, status: 'resolved', reason: 'cleared' },
    ]);
  });

  it('completes no sequence if it is stale on arrival', () => {
    const set = driver({ ...base, evaluate: { type: 'sequence', steps: [{ where: fault }] } });
    set.send(20, { m: 'a', s: 'fault', time: 5 });
    expect(set.alerts()).toEqual([]);
    set.send(21, { m: 'a', s: 'fault' });
    expect(alertsOf(set)).toMatchObject([
      { at: 21, status: 'firing' },
      { at: 21, status: 'resolved' },
    ]);
  });
});

it('silence that starts outside the schedule fires when it opens, without waiting for `for`', () => {
  const set = driver({
    ...base,
    staleAfter: undefined,
    evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
    for: '12h',
    noData: { after: '1h', then: 'alert' },
    schedule: { timezone: 'UTC', from: '08:00', to: '18:00' },
  });
  set.send(0, { m: 'a', s: 'on' });
  expect(set.nextDeadline()).toBe(HOUR_S);
  set.advance(24 * HOUR_S);
  expect(alertsOf(set)).toMatchObject([{ at: 8 * HOUR_S, status: 'firing', reason: 'noData' }]);
});
