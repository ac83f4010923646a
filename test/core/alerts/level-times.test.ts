import { describe, expect, it } from 'vitest';
import { EPOCH_MS, driver } from '../../support/evaluation/driver.ts';

type Reading = [atMinutes: number, machine: string, t: number, ownMinutes?: number];

const MINUTE = 60;
const base = { id: 'r', clientId: 'c', where: [{ property: 't', exists: true }], partitionBy: ['m'] };
const above = (gt: number): object => ({ calc: 'latest', property: 't', gt });
const levels = (low: object, high: object, type = 'any'): object => ({
  evaluate: {
    type,
    levels: [
      { severity: 'warning', having: above(80), ...low },
      { severity: 'critical', having: above(100), ...high },
    ],
  },
});

/** `<minute> <status> <severity>[ since <minute>]` of every alert; `resolved` with the minute at which it stopped. */
function shown(set: ReturnType<typeof driver>): string[] {
  const minutes = (time: string): number => (Date.parse(time) - EPOCH_MS) / MINUTE / 1000;
  return set.alerts().map(({ data: { evaluatedAt, status, severity, startsAt, endsAt } }) => {
    const from = status === 'firing' ? ` since ${minutes(startsAt ?? '')}` : '';
    const until = endsAt === null ? '' : ` until ${minutes(endsAt)}`;
    return `${minutes(evaluatedAt)} ${status} ${severity}${from}${until}`;
  });
}

function played(words: object, readings: Reading[], untilMinutes = 100): string[] {
  const set = driver({ ...base, ...words });
  for (const [at, m, t, own] of readings)
    set.send(at * MINUTE, { m, t, ...(own !== undefined && { time: own * MINUTE }) });
  set.advance(untilMinutes * MINUTE);
  return shown(set);
}

it('a condition that stopped while the schedule was closed did so at that time, not when its level turned off', () => {
  const words = { ...levels({ keepFiringFor: '20m' }, {}), schedule: { timezone: 'UTC', from: '01:00' } };
  const readings: Reading[] = [
    [0, 'a', 90],
    [10, 'a', 60],
    [40, 'a', 90, 25],
  ];
  expect(played(words, readings)).toEqual(['60 firing warning since 25']);
});

describe('a level with its own for', () => {
  it.each<[what: string, words: object, readings: Reading[], expected: string[]]>([
    [
      'counts from when its own condition began',
      levels({ for: '10m' }, { for: '2m' }),
      [
        [0, 'a', 90],
        [5, 'a', 110],
      ],
      ['7 firing critical since 0'],
    ],
    [
      'has the for of the rule without its own',
      { ...levels({}, { for: '0s' }), for: '10m' },
      [
        [0, 'a', 90],
        [3, 'a', 110],
        [4, 'a', 90],
      ],
      ['3 firing critical since 0', '4 severity warning'],
    ],
    [
      'needs none below the level at which the alert fires',
      levels({ for: '10m' }, {}),
      [
        [0, 'a', 110],
        [1, 'a', 90],
        [2, 'a', 60],
      ],
      ['0 firing critical since 0', '1 severity warning', '2 resolved warning until 2'],
    ],
    [
      'does not count a peak that is shorter',
      levels({}, { for: '5m' }),
      [
        [0, 'a', 90],
        [1, 'a', 110],
        [5, 'a', 90],
        [6, 'a', 110],
      ],
      ['0 firing warning since 0', '11 severity critical'],
    ],
    [
      'says how long, with one condition: an escalation',
      {
        evaluate: {
          type: 'each',
          levels: [
            { severity: 'info', having: above(80) },
            { severity: 'warning', having: above(80), for: '10m' },
            { severity: 'critical', having: above(80), for: '30m' },
          ],
        },
      },
      [
        [0, 'a', 90],
        [40, 'a', 60],
      ],
      ['0 firing info since 0', '10 severity warning', '30 severity critical', '40 resolved critical until 40'],
    ],
    [
      'is pending again after an episode in which another level fired',
      {
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'warning', having: { calc: 'latest', property: 't', lt: 50 } },
            { severity: 'critical', having: above(40), for: '10m' },
          ],
        },
      },
      [
        [0, 'a', 45],
        [4, 'a', 55],
      ],
      ['0 firing warning since 0', '4 resolved warning until 4', '10 firing critical since 4'],
    ],
    [
      'is proven by the own times of an upload',
      levels({ for: '10m' }, { for: '5m' }),
      [
        [60, 'a', 110, 10],
        [60, 'a', 111, 16],
        [60, 'a', 60, 17],
      ],
      ['60 firing critical since 10', '60 resolved critical until 17'],
    ],
    [
      'counts for the value of all partitions',
      {
        evaluate: {
          type: 'sum',
          of: { calc: 'latest', property: 't' },
          levels: [
            { severity: 'warning', gt: 80, for: '5m' },
            { severity: 'critical', gt: 100, for: '1m' },
          ],
        },
      },
      [
        [0, 'a', 90],
        [2, 'b', 20],
      ],
      ['3 firing critical since 0'],
    ],
  ])('%s', (_what, words, readings, expected) => {
    expect(played(words, readings)).toEqual(expected);
  });

  it('counts through a new version of the rule with the same severities, and through a restore', () => {
    const set = driver({ ...base, ...levels({ for: '10m' }, { for: '5m' }) });
    set.send(0, { m: 'a', t: 90 });
    set.advance(4 * MINUTE);
    set.change({ ...levels({ for: '8m' }, { for: '5m' }) });
    set.restore();
    set.advance(20 * MINUTE);
    expect(shown(set)).toEqual(['8 firing warning since 0']);
  });

  it('begins anew in a version with other severities; what fires at a level that holds continues', () => {
    const set = driver({ ...base, ...levels({}, { for: '5m' }) });
    set.send(0, { m: 'a', t: 110 });
    set.advance(4 * MINUTE);
    set.change({
      evaluate: {
        type: 'any',
        levels: [
          { severity: 'info', having: above(50), for: '1h' },
          { severity: 'warning', having: above(80), for: '1h' },
          { severity: 'critical', having: above(100), for: '5m' },
        ],
      },
    });
    set.advance(20 * MINUTE);
    expect(shown(set)).toEqual(['0 firing warning since 0', '9 severity critical']);
  });
});

describe('a level with its own keepFiringFor', () => {
  it.each<[what: string, words: object, readings: Reading[], expected: string[]]>([
    [
      'ends that long after its condition stopped, the one below at once',
      levels({}, { keepFiringFor: '10m' }),
      [
        [0, 'a', 110],
        [1, 'a', 60],
      ],
      ['0 firing critical since 0', '11 resolved critical until 1'],
    ],
    [
      'passes the alert to the level below',
      levels({ keepFiringFor: '20m' }, { keepFiringFor: '10m' }),
      [
        [0, 'a', 110],
        [1, 'a', 60],
      ],
      ['0 firing critical since 0', '11 severity warning', '21 resolved warning until 1'],
    ],
    [
      'goes on if its condition holds again before that',
      levels({}, { keepFiringFor: '10m' }),
      [
        [0, 'a', 110],
        [1, 'a', 60],
        [9, 'a', 110],
        [30, 'a', 60],
      ],
      ['0 firing critical since 0', '40 resolved critical until 30'],
    ],
  ])('%s', (_what, words, readings, expected) => {
    expect(played(words, readings)).toEqual(expected);
  });
});

describe('levels and silence', () => {
  it('noData: alert fires without for, and ends with the next event, which does not satisfy', () => {
    const rule = { ...levels({ for: '5m' }, { for: '5m' }), noData: { after: '10m', then: 'alert' }, severity: 'info' };
    expect(
      played(
        rule,
        [
          [0, 'a', 60],
          [15, 'a', 90],
          [16, 'a', 60],
        ],
        20,
      ),
    ).toEqual(['10 firing info since 10', '15 resolved info until 15']);
  });

  it('noData: resolve makes all levels begin anew', () => {
    const rule = { ...levels({ for: '5m' }, { for: '5m' }), noData: { after: '10m', then: 'resolve' } };
    expect(
      played(
        rule,
        [
          [0, 'a', 90],
          [20, 'a', 90],
        ],
        26,
      ),
    ).toEqual(['5 firing warning since 0', '10 resolved warning until 10', '25 firing warning since 20']);
  });
});
