import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
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

describe('last', () => {
  it.each<[what: string, having: object, events: Event[], expected: string[]]>([
    [
      'count: so many events are looked at, and the matching ones counted',
      { calc: 'count', where: BAD, last: 3, gte: 3 },
      words('bad', 'good', 'bad', 'bad', 'bad'),
      ['40 firing'],
    ],
    [
      'count: an event that does not match pushes one out',
      { calc: 'count', where: BAD, last: 3, gte: 2 },
      words('bad', 'bad', 'good', 'good'),
      ['10 firing', '30 resolved'],
    ],
    ['count without where is at most so many', { calc: 'count', last: 2, gte: 2 }, inTurn(1, 1, 1), ['10 firing']],
    [
      'ratio: of so many events that among lets in',
      { calc: 'ratio', where: BAD, among: [{ property: 's', in: ['bad', 'good'] }], last: 2, gte: 1 },
      words('bad', 'good', 'idle', 'bad', 'idle', 'bad', 'good'),
      ['0 firing', '10 resolved', '50 firing', '60 resolved'],
    ],
    [
      'avg: of the newest numbers only; a text and an event without the property do not count',
      { calc: 'avg', property: 't', last: 2, gt: 10 },
      [...inTurn(20, 20, 'hot', 0), [50, { m: 'a' }], [60, a(1)]],
      ['0 firing', '30 resolved'],
    ],
    [
      'max: of matching events only, on another calculation than count and ratio',
      { calc: 'max', property: 't', last: 2, where: [{ property: 't', gt: 0 }], gte: 9 },
      inTurn(9, -1, -1, 1, 1),
      ['0 firing', '40 resolved'],
    ],
    ['time alone changes nothing', { calc: 'sum', property: 't', last: 3, gte: 3 }, inTurn(1, 1, 1), ['20 firing']],
    [
      'beside within, both must hold: time passes',
      { calc: 'count', last: 3, within: '1m', gte: 3 },
      inTurn(1, 1, 1),
      ['20 firing', '60 resolved'],
    ],
    [
      'beside within, both must hold: more events come',
      { calc: 'sum', property: 't', last: 2, within: '1m', gte: 9 },
      inTurn(9, 1, 1),
      ['0 firing', '20 resolved'],
    ],
    [
      'changes: the neighbour before belongs to it',
      { calc: 'changes', property: 't', last: 2, gte: 2 },
      inTurn(1, 2, 3, 3),
      ['20 firing', '30 resolved'],
    ],
    [
      'increase: the number before is the first',
      { calc: 'increase', property: 't', last: 1, gte: 5 },
      inTurn(1, 6, 7),
      ['10 firing', '20 resolved'],
    ],
    [
      'distinct: of the newest values',
      { calc: 'distinct', property: 't', last: 3, gte: 3 },
      inTurn(1, 2, '1', '1', '1'),
      ['20 firing', '30 resolved'],
    ],
    [
      'the order is that of event times: an older event that comes later does not enter a full window',
      { calc: 'max', property: 't', last: 2, gte: 9 },
      [
        [100, a(1)],
        [110, a(1)],
        [120, a(9, 50)],
      ],
      [],
    ],
    [
      'an older event that comes later takes its place in the order',
      { calc: 'max', property: 't', last: 2, gte: 9 },
      [
        [100, a(1)],
        [110, a(1)],
        [120, a(9, 105)],
        [130, a(1)],
      ],
      ['120 firing', '130 resolved'],
    ],
    [
      'an event ahead of the clock enters when the clock comes to it, and pushes one out',
      { calc: 'max', property: 't', last: 1, gte: 9 },
      [
        [0, a(9, 30)],
        [10, a(1)],
        [20, a(1, 60)],
      ],
      ['30 firing', '60 resolved'],
    ],
    [
      'an operand: more than the newest values before',
      { calc: 'latest', property: 't', gt: { calc: 'avg', property: 't', last: 3, minSamples: 3, times: 2 } },
      inTurn(10, 10, 10, 90),
      ['30 firing'],
    ],
  ])('%s', (_what, having, events, expected) => expect(played(any(having), events)).toEqual(expected));

  it('expires with the data of the partition', () =>
    expect(
      played(any({ calc: 'count', last: 2, gte: 2 }, { staleAfter: '1m' }), [
        [0, a(1)],
        [100, a(1)],
        [110, a(1)],
      ]),
    ).toEqual(['110 firing', '170 resolved']));

  it('keeps so many samples, and what has left in the same batch, however many events come', () => {
    const set = driver({ ...base, ...any({ calc: 'sum', property: 't', last: LIMITS.last, gte: 1e9 }) });
    for (let at = 0; at < 2_000; at++) set.send(at, a(at));
    const [window] = Object.values(set.state().partitions)[0]?.stores as { samples: unknown[]; slices: unknown[] }[];
    expect(window?.slices).toEqual([]);
    expect(window?.samples.length).toBeLessThanOrEqual(LIMITS.last + 32);
    expect(set.alerts().map(({ data }) => data.status)).toEqual([]);
  });

  it('bounds what is ahead of the clock, and reports it', () => {
    const set = driver({ ...base, ...any({ calc: 'sum', property: 't', last: 2, gte: 999 }) });
    for (let each = 0; each < 400; each++) set.send(0, a(each, 1 + each / 4));
    const [window] = Object.values(set.state().partitions)[0]?.stores as { samples: unknown[] }[];
    expect(window?.samples.length).toBe(LIMITS.windowSamples);
    set.advance(200);
    expect(briefOf(set)).toEqual(['0 limit']);
  });
});

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

describe('minSamples of distinct', () => {
  const ONE_VALUE = { calc: 'distinct', property: 't', within: '1m', minSamples: 3, lt: 2 };

  it.each<[what: string, having: object, events: Event[], expected: string[]]>([
    ['is unknown with fewer samples', ONE_VALUE, inTurn(1, 1), []],
    ['counts samples, not values', ONE_VALUE, inTurn(1, 1, 1, 2), ['20 firing', '30 resolved']],
    ['counts only events with the property', ONE_VALUE, [...inTurn(1, 1), [20, { m: 'a' }], [30, a(1)]], ['30 firing']],
    [
      'is unknown again when samples have left',
      { not: ONE_VALUE },
      [...inTurn(1, 2, 3), [65, a(4)], [70, a(4)], [75, a(4)]],
      ['20 firing', '80 resolved'],
    ],
    ['with last', { ...ONE_VALUE, within: undefined, last: 4 }, inTurn(1, 2, 2, 2, 2, 2), ['40 firing']],
    [
      'only events that match where',
      { ...ONE_VALUE, where: [{ property: 't', gt: 0 }] },
      inTurn(-1, 1, -1, 1, 1),
      ['40 firing'],
    ],
  ])('%s', (_what, having, events, expected) => {
    expect(played(any(having), events)).toEqual(expected);
  });
});
