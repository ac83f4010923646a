import { describe, expect, it } from 'vitest';
import { driver } from '../../../support/evaluation/driver.ts';

const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
  clear: { calc: 'latest', property: 't', lt: 70 },
};
const START_MS = Date.UTC(2026, 0, 1);

type Reading = [atMinutes: number, machine: string, t: number];

/** `<minute> <status>` of all alerts, for each machine with `each`. */
function played(words: object, readings: Reading[]): string[] {
  const set = driver({ ...base, ...words });
  for (const [at, m, t] of readings) set.send(at * 60, { m, t });
  set.advance(4 * 3600);
  return set.alerts().map(({ data: { evaluatedAt, status, partition } }) => {
    const machine = Object.values(partition).map((name) => ` ${name as string}`);
    return `${(Date.parse(evaluatedAt) - START_MS) / 60_000} ${status}${machine.join('')}`;
  });
}

const every5Minutes = (t: number, until = 60): Reading[] =>
  Array.from({ length: until / 5 }, (_, index): Reading => [5 * (index + 1), 'a', t]);

describe('a partition continues to satisfy until clear holds', () => {
  it.each<[what: string, words: object, readings: Reading[], expected: string[]]>([
    ['while the alert fires', {}, [[0, 'a', 90], ...every5Minutes(78), [61, 'a', 60]], ['0 firing', '61 resolved']],
    ['not while it is pending', { for: '20m' }, [[0, 'a', 90], ...every5Minutes(78)], []],
    [
      'from when it fires, also with for',
      { for: '20m' },
      [
        [0, 'a', 90],
        [25, 'a', 78],
        [40, 'a', 60],
      ],
      ['20 firing', '40 resolved'],
    ],
    [
      'each by its own alert',
      { evaluate: { ...base.evaluate, type: 'each' }, for: '20m' },
      [
        [0, 'a', 90],
        [10, 'b', 90],
        [21, 'a', 78],
        [22, 'b', 78],
        [40, 'a', 60],
      ],
      ['20 firing a', '40 resolved a'],
    ],
    [
      'not because it satisfied before the alert fired',
      {},
      [
        [0, 'a', 90],
        [1, 'a', 60],
        [2, 'b', 90],
        [3, 'b', 60],
        [4, 'a', 75],
        [5, 'b', 90],
        [6, 'b', 60],
      ],
      ['0 firing', '1 resolved', '2 firing', '3 resolved', '5 firing', '6 resolved'],
    ],
    [
      'not after the alert has resolved: all machines must be hot again',
      { evaluate: { ...base.evaluate, type: 'all' } },
      [
        [0, 'a', 90],
        [0, 'b', 90],
        [1, 'a', 75],
        [2, 'b', 60],
        [3, 'b', 90],
        [4, 'a', 90],
      ],
      ['0 firing', '2 resolved', '4 firing'],
    ],
    [
      'not after the schedule has resolved it',
      { schedule: { timezone: 'UTC', from: '00:00', to: '01:00', onClose: 'resolve' } },
      [
        [0, 'a', 90],
        [5, 'a', 75],
      ],
      ['0 firing', '60 resolved'],
    ],
    [
      'for each level',
      {
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'warning', having: { calc: 'latest', property: 't', gt: 80 } },
            { severity: 'critical', having: { calc: 'latest', property: 't', gt: 100 } },
          ],
        },
      },
      [
        [0, 'a', 90],
        [1, 'a', 110],
        [2, 'a', 75],
        [3, 'a', 60],
      ],
      ['0 firing', '1 severity', '3 resolved'],
    ],
    [
      'also while having is unknown',
      { evaluate: { type: 'any', having: { calc: 'avg', property: 't', within: '1m', gt: 80 } } },
      [
        [0, 'a', 90],
        [5, 'a', 75],
        [6, 'a', 60],
      ],
      ['0 firing', '6 resolved'],
    ],
  ])('%s', (_what, words, readings, expected) => {
    expect(played(words, readings)).toEqual(expected);
  });

  it('after a label of the rule has changed', () => {
    const set = driver(base);
    set.send(0, { m: 'a', t: 90 });
    set.send(60, { m: 'a', t: 75 });
    set.change({ ...base, labels: { team: 'plant' } });
    set.send(120, { m: 'a', t: 75 });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing']);
  });
});
