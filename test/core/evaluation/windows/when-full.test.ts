import { describe, expect, it } from 'vitest';
import { driver } from '../../../support/evaluation/driver.ts';

const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };
const START_MS = Date.UTC(2026, 0, 1);
const BAD = [{ property: 's', equals: 'bad' }];

type Event = [atS: number, data: Record<string, unknown>];

const briefOf = ({ alerts }: ReturnType<typeof driver>): string[] =>
  alerts().map(({ data }) => `${(Date.parse(data.evaluatedAt) - START_MS) / 1000} ${data.status}`);

/** `<second> <status>` of all alerts. */
function played(words: object, events: readonly Event[], untilS = 3600): string[] {
  const set = driver({ ...base, ...words });
  for (const [atS, data] of events) set.send(atS, data);
  set.advance(untilS);
  return briefOf(set);
}

const any = (having: object, more: object = {}): object => ({ evaluate: { type: 'any', having }, ...more });
const a = (t: unknown, time?: number): Record<string, unknown> => ({ m: 'a', t, ...(time !== undefined && { time }) });
/** One event each ten seconds. */
const inTurn = (...values: unknown[]): Event[] => values.map((t, index) => [10 * index, a(t)]);
const words = (...texts: string[]): Event[] => texts.map((s, index) => [10 * index, { m: 'a', s }]);

describe('whenFull', () => {
  const FEW = { calc: 'count', within: '10m', lt: 5, whenFull: true };
  const NONE_FOR_TEN = { not: { calc: 'count', within: '10m', gte: 5, whenFull: true } };
  const every = (seconds: number, count: number, fromS = 0): Event[] =>
    Array.from({ length: count }, (_, index) => [fromS + index * seconds, a(1)]);

  it.each<[what: string, words: object, events: Event[], expected: string[]]>([
    ['without it, the first event fires', any({ ...FEW, whenFull: false }), [[0, a(1)]], ['0 firing']],
    ['under not too: silence for ten minutes is right', any(NONE_FOR_TEN), [[0, a(1)]], ['600 firing']],
    ['few events in the first window', any(FEW), every(100, 4), ['600 firing']],
    ['enough events in the first window', any(FEW), every(60, 60), []],
    ['enough, then too few', any(FEW), every(60, 12), ['1020 firing']],
    [
      'an event at the moment at which the window is full is counted',
      any({ calc: 'count', within: '10m', lt: 2, whenFull: true }),
      [
        [0, a(1)],
        [300, a(1)],
        [600, a(1)],
      ],
      ['900 firing'],
    ],
    ['counts from the own time of the oldest event', any(FEW), [[500, a(1, 100)]], ['700 firing']],
    [
      'an older event that comes later counts',
      any(FEW),
      [
        [300, a(1)],
        [310, a(1, 50)],
      ],
      ['650 firing'],
    ],
    [
      'begins anew after staleAfter',
      any(FEW, { staleAfter: '8m' }),
      [
        [0, a(1)],
        [470, a(1)],
        [1000, a(1)],
        [1470, a(1)],
        [1900, a(1)],
      ],
      ['600 firing', '950 resolved', '1600 firing', '2380 resolved'],
    ],
    [
      'a partition of the roster is known since the start of the set',
      any(FEW, { expect: [{ m: 'a' }] }),
      [[900, a(1)]],
      ['900 firing'],
    ],
    [
      'none waits for a partition that is unknown',
      { evaluate: { type: 'none', having: { calc: 'count', within: '10m', gte: 5, whenFull: true } } },
      [[0, a(1)]],
      ['600 firing'],
    ],
    [
      'with last: until so many events have come',
      any({ calc: 'count', where: BAD, last: 3, lt: 1, whenFull: true }),
      words('good', 'good', 'good'),
      ['20 firing'],
    ],
    [
      'with last, and within: either is enough',
      any({ calc: 'max', property: 't', last: 3, within: '1m', lt: 5, whenFull: true }),
      inTurn(1, 1, 1),
      ['20 firing'],
    ],
    [
      'with last, and within: time is enough',
      any({ calc: 'sum', property: 't', last: 3, within: '1m', lt: 5, whenFull: true }),
      inTurn(1),
      ['60 firing'],
    ],
    [
      'with distinct',
      any({ calc: 'distinct', property: 't', within: '1m', lt: 2, whenFull: true }),
      inTurn(1),
      ['60 firing'],
    ],
    ['for begins when the value is known', any({ ...FEW, within: '1m', for: '30s' }), [[0, a(1)]], ['90 firing']],
    [
      'on an operand: the comparison is unknown',
      any({ calc: 'latest', property: 't', gt: { calc: 'avg', property: 't', within: '1m', whenFull: true } }),
      [
        [0, a(1)],
        [30, a(5)],
        [70, a(9)],
      ],
      ['70 firing', '90 resolved'],
    ],
    [
      'on an operand: default stands for it',
      any({
        calc: 'latest',
        property: 't',
        gt: { calc: 'avg', property: 't', within: '1m', whenFull: true, default: 4 },
      }),
      [
        [0, a(1)],
        [30, a(5)],
      ],
      // From 60 s on it is the average, which is 5; without a number in the window, default again.
      ['30 firing', '60 resolved', '90 firing'],
    ],
  ])('%s', (_what, rule, events, expected) => expect(played(rule, events)).toEqual(expected));

  it('begins anew for a calculation that a new version of the rule begins', () => {
    const set = driver({ ...base, ...any(FEW) });
    for (const [at, data] of every(60, 15)) set.send(at, data);
    set.change(any({ ...FEW, within: '5m' }));
    set.send(900, a(1));
    set.advance(1_100);
    expect(briefOf(set)).toEqual([]);
    set.advance(1_140);
    expect(briefOf(set)).toEqual(['1140 firing']);
  });

  it('goes on for a calculation that the new version continues', () => {
    const set = driver({ ...base, ...any(FEW) });
    for (const [at, data] of every(60, 10)) set.send(at, data);
    set.change(any({ ...FEW, lt: 4 }));
    set.advance(3_600);
    expect(briefOf(set)).toEqual(['960 firing']);
  });

  it('keeps nothing in the state of a rule without it', () => {
    const set = driver({ ...base, ...any({ calc: 'count', within: '1m', gte: 5 }) });
    set.send(0, a(1));
    expect(Object.keys(Object.values(set.state().partitions)[0] ?? {})).not.toContain('knownSince');
  });
});
