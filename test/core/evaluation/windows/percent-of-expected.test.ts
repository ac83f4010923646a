import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const base = {
  ...{ id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  expect: ['a', 'b', 'c', 'd'].map((m) => ({ m })),
  evaluate: { type: 'percent', of: 'expected', gte: 50, having: { calc: 'latest', property: 's', equals: 'on' } },
  message: '{{count}} of {{total}}: {{percent}}',
};

/** Transitions as `at status`. */
function play(events: [at: number, m: string, s: string][], until: number, more: object = {}): string[] {
  const set = driver({ ...base, ...more });
  for (const [at, m, s] of events) set.send(at, { m, s });
  set.advance(until);
  return alertsOf(set).map(({ at, status }) => `${at} ${status}`);
}

describe('percent of expected', () => {
  it('is of all that are expected, live or not', () =>
    expect(
      play(
        [
          [1, 'a', 'on'],
          [2, 'b', 'on'],
        ],
        5,
      ),
    ).toEqual(['2 firing']));

  it('counts nobody else', () =>
    expect(
      play(
        [
          [1, 'a', 'on'],
          [2, 'x', 'on'],
          [3, 'y', 'on'],
        ],
        5,
      ),
    ).toEqual([]));

  it('loses one that is stale', () =>
    expect(
      play(
        [
          [1, 'a', 'on'],
          [4, 'b', 'on'],
        ],
        20,
        { staleAfter: '10s' },
      ),
    ).toEqual(['4 firing', '11 resolved']));

  it('compares 0 from the start, as count does', () => {
    const evaluate = { ...base.evaluate, gte: undefined, lt: 50 };
    expect(
      play(
        [
          [1, 'a', 'on'],
          [2, 'b', 'on'],
        ],
        5,
        { evaluate },
      ),
    ).toEqual(['0 firing', '2 resolved']);
  });

  it('is of those that are not forgotten', () => {
    const forgetOn = [{ property: 's', equals: 'scrapped' }];
    expect(
      play(
        [
          [1, 'a', 'on'],
          [2, 'b', 'scrapped'],
          [3, 'c', 'scrapped'],
        ],
        5,
        { forgetOn },
      ),
    ).toEqual(['3 firing']);
  });

  it('is false in a group for which nothing is expected', () => {
    const set = driver(
      { ...base, groupBy: ['site'], expect: [{ m: 'a', site: 's2' }], evaluate: { ...base.evaluate, gte: 0 } },
      { group: ['s1'] },
    );
    set.send(1, { m: 'a', s: 'on', site: 's1' });
    set.advance(5);
    expect(alertsOf(set)).toEqual([]);
  });

  it('prints how many of how many', () => {
    const set = driver(base);
    set.send(1, { m: 'a', s: 'on' });
    set.send(2, { m: 'x', s: 'on' });
    set.send(3, { m: 'b', s: 'on' });
    const { message, evidence } = set.alerts()[0]?.data ?? {};
    expect(message).toBe('2 of 4: 50');
    expect(evidence?.total).toBe(2);
  });
});
