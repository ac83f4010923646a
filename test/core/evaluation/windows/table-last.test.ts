import { describe, expect, it } from 'vitest';
import { driver, alertsOf } from '../../../support/evaluation/driver.ts';
import { playRow, type Row } from '../../../support/evaluation/play-table.ts';

const bad = [{ property: 's', equals: 'bad' }];
const count = (more: object): object => ({ calc: 'count', where: bad, last: 3, gte: 3, ...more });
const of = (calc: string, more: object): object => ({ calc, property: 't', ...more });
/** One event a second. */
const inTurn = (property: string, ...values: unknown[]): Row['events'] =>
  values.map((value, at) => [at, value === undefined ? {} : { [property]: value }]);

const ROWS: Row[] = [
  {
    name: 'count looks at three events and counts the bad ones',
    having: count({}),
    events: inTurn('s', 'bad', 'good', 'bad', 'bad', 'bad', 'good'),
    until: 99,
    alerts: [
      [4, 'firing'],
      [5, 'resolved'],
    ],
  },
  {
    name: 'an event without the property is one of the events that count looks at',
    having: count({}),
    events: inTurn('s', 'bad', 'bad', undefined, 'bad', 'bad', 'bad'),
    until: 99,
    alerts: [[5, 'firing']],
  },
  {
    name: 'without within no event leaves by time',
    having: count({ last: 2, gte: 2 }),
    events: [
      [0, { s: 'bad' }],
      [500_000, { s: 'bad' }],
    ],
    until: 1_000_000,
    alerts: [[500_000, 'firing']],
  },
  {
    name: 'beside within both must hold',
    having: count({ within: '30s' }),
    events: [0, 20, 40, 45].map((at) => [at, { s: 'bad' }]),
    until: 99,
    alerts: [
      [45, 'firing'],
      [50, 'resolved'],
    ],
  },
  {
    name: 'beside within last is the bound when events are close together',
    having: count({ within: '1h', last: 2, gte: 2 }),
    events: inTurn('s', 'bad', 'bad', 'good', 'bad', 'bad'),
    until: 99,
    alerts: [
      [1, 'firing'],
      [2, 'resolved'],
      [4, 'firing'],
    ],
  },
  {
    name: 'a late event takes the place of its own time',
    having: count({ last: 2, gte: 2 }),
    events: [
      [1, { s: 'bad' }],
      [3, { s: 'bad' }],
      [4, { s: 'good', time: 2 }],
    ],
    until: 9,
    alerts: [
      [3, 'firing'],
      [4, 'resolved'],
    ],
  },
  {
    name: 'a late event that is older than all of them changes nothing',
    having: count({ last: 2, gte: 2 }),
    events: [
      [1, { s: 'bad' }],
      [2, { s: 'bad' }],
      [3, { s: 'good', time: 0 }],
    ],
    until: 9,
    alerts: [[2, 'firing']],
  },
  {
    name: 'of events with the same time the one that was stored later is newer',
    having: count({ last: 1, gte: 1 }),
    events: [
      [5, { s: 'good' }],
      [5, { s: 'bad' }],
    ],
    until: 9,
    alerts: [[5, 'firing']],
  },
  {
    name: 'an event ahead of the clock counts when the clock reaches it',
    having: count({ last: 1, gte: 1 }),
    events: [
      [0, { s: 'good' }],
      [3, { s: 'bad', time: 5 }],
    ],
    until: 9,
    alerts: [[5, 'firing']],
  },
  {
    name: 'ratio is a share of the events looked at',
    having: { calc: 'ratio', where: bad, last: 4, gte: 0.5 },
    events: inTurn('s', 'bad', 'good', 'good', 'bad', 'bad'),
    until: 9,
    alerts: [
      [0, 'firing'],
      [2, 'resolved'],
      [3, 'firing'],
    ],
  },
  {
    name: 'among says which events ratio looks at: others push nothing out',
    having: { calc: 'ratio', where: bad, among: [{ property: 'k', equals: 'x' }], last: 2, minSamples: 2, gte: 1 },
    events: [
      [0, { k: 'x', s: 'bad' }],
      ...[1, 2, 3].map((at): [number, object] => [at, { k: 'y', s: 'good' }]),
      [4, { k: 'x', s: 'bad' }],
    ] as Row['events'],
    until: 9,
    alerts: [[4, 'firing']],
  },
  {
    name: 'avg: an event without the property takes no place',
    having: of('avg', { last: 3, gte: 20 }),
    events: inTurn('t', 10, undefined, 20, 30, 0),
    until: 9,
    alerts: [
      [3, 'firing'],
      [4, 'resolved'],
    ],
  },
  {
    name: 'where on avg: an event that does not match takes no place',
    having: of('avg', { last: 2, where: bad, gte: 20 }),
    events: [
      [0, { s: 'bad', t: 20 }],
      [1, { s: 'good', t: 0 }],
      [2, { s: 'good', t: 0 }],
      [3, { s: 'bad', t: 10 }],
    ],
    until: 9,
    alerts: [
      [0, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'sum',
    having: of('sum', { last: 2, gte: 30 }),
    events: inTurn('t', 10, 15, 15, 1),
    until: 9,
    alerts: [
      [2, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'max, and min after it has left',
    having: { any: [of('max', { last: 2, gt: 4 }), of('min', { last: 2, lt: 0 })] },
    events: inTurn('t', 5, 1, 2, -1, 3, 3),
    until: 9,
    alerts: [
      [0, 'firing'],
      [2, 'resolved'],
      [3, 'firing'],
      [5, 'resolved'],
    ],
  },
  {
    name: 'range',
    having: of('range', { last: 2, gte: 10 }),
    events: inTurn('t', 0, 5, 10, 20, 20),
    until: 9,
    alerts: [
      [3, 'firing'],
      [4, 'resolved'],
    ],
  },
  {
    name: 'stddev',
    having: of('stddev', { last: 2, gte: 2 }),
    events: inTurn('t', 0, 3, 7, 8),
    until: 9,
    alerts: [
      [2, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'percentile',
    having: of('percentile', { p: 50, last: 3, gte: 5 }),
    events: inTurn('t', 1, 5, 9, 1, 1),
    until: 9,
    alerts: [
      [2, 'firing'],
      [4, 'resolved'],
    ],
  },
  {
    name: 'delta',
    having: of('delta', { last: 2, gte: 10 }),
    events: inTurn('t', 10, 15, 30, 35),
    until: 9,
    alerts: [
      [2, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'deltaPercent',
    having: of('deltaPercent', { last: 2, gte: 50 }),
    events: inTurn('t', 10, 12, 18, 20),
    until: 9,
    alerts: [
      [2, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'increase: the value just before the window is the first',
    having: of('increase', { last: 2, gte: 20 }),
    events: inTurn('t', 10, 20, 30, 35),
    until: 9,
    alerts: [
      [2, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'changes takes the neighbour before',
    having: { calc: 'changes', property: 's', last: 2, gte: 1 },
    events: inTurn('s', 'a', 'b', 'b', 'b'),
    until: 9,
    alerts: [
      [1, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'distinct',
    having: { calc: 'distinct', property: 's', last: 3, gte: 3 },
    events: inTurn('s', 'a', 'b', 'c', 'c'),
    until: 9,
    alerts: [
      [2, 'firing'],
      [3, 'resolved'],
    ],
  },
  {
    name: 'distinct beside within',
    having: { calc: 'distinct', property: 's', last: 3, within: '10s', gte: 3 },
    events: inTurn('s', 'a', 'b', 'c'),
    until: 99,
    alerts: [
      [2, 'firing'],
      [10, 'resolved'],
    ],
  },
  {
    name: 'a text and a number are different values',
    having: { calc: 'distinct', property: 's', last: 2, gte: 2 },
    events: inTurn('s', 1, '1'),
    until: 9,
    alerts: [[1, 'firing']],
  },
  {
    name: 'minSamples: with fewer of the newest events the value is unknown',
    having: of('avg', { last: 5, minSamples: 3, gte: 10 }),
    events: inTurn('t', 10, 10, 10),
    until: 9,
    alerts: [[2, 'firing']],
  },
  {
    name: 'staleAfter drops them',
    having: count({ last: 2, gte: 2 }),
    events: [0, 30, 35].map((at) => [at, { s: 'bad' }]),
    until: 36,
    rule: { staleAfter: '20s' },
    alerts: [[35, 'firing']],
  },
  {
    name: 'a leaf’s for counts from the event that made it true',
    having: count({ last: 2, gte: 2, for: '5s' }),
    events: inTurn('s', 'bad', 'bad'),
    until: 9,
    alerts: [[6, 'firing']],
  },
];

describe.each(ROWS)('last: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});

describe('last', () => {
  it('is for each partition', () => {
    const set = driver({
      ...{ id: 'rule', clientId: 'client-01', partitionBy: ['m'], where: [{ property: 'type', equals: '*' }] },
      evaluate: { type: 'each', having: count({ last: 2, gte: 2 }) },
    });
    ['m1', 'm2', 'm2', 'm1'].forEach((m, at) => set.send(at, { m, s: 'bad' }));
    expect(alertsOf(set).map(({ at, partition }) => [at, partition])).toEqual([
      [2, { m: 'm2' }],
      [3, { m: 'm1' }],
    ]);
  });

  it('keeps as many samples as it says, however many come', () => {
    const set = driver({
      ...{ id: 'rule', clientId: 'client-01', partitionBy: ['m'], where: [{ property: 'type', equals: '*' }] },
      evaluate: { type: 'any', having: of('avg', { last: 256, gt: 1_000 }) },
    });
    for (let at = 0; at < 3_000; at++) set.send(at, { m: 'm1', t: at % 7 });
    const [partition] = Object.values(set.state().partitions);
    const store = partition?.stores[0] as { samples: unknown[]; slices: unknown[] };
    expect(store.slices).toEqual([]);
    expect(store.samples.length).toBeLessThanOrEqual(256 + 32);
    expect(alertsOf(set)).toEqual([]);
  });
});
