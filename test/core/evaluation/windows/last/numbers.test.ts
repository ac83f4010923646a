import { describe, expect, it } from 'vitest';
import { playRow, type Row } from '../../../../support/evaluation/play-table.ts';

const bad = [{ property: 's', equals: 'bad' }];
const of = (calc: string, more: object): object => ({ calc, property: 't', ...more });
/** One event a second. */
const inTurn = (property: string, ...values: unknown[]): Row['events'] =>
  values.map((value, at) => [at, value === undefined ? {} : { [property]: value }]);
/** One event each ten seconds. */
const everyTen = (property: string, ...values: unknown[]): Row['events'] =>
  values.map((value, index) => [10 * index, { [property]: value }]);

const ROWS: Row[] = [
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
    name: 'avg: of the newest numbers only; a text and an event without the property do not count',
    having: { calc: 'avg', property: 't', last: 2, gt: 10 },
    events: [...everyTen('t', 20, 20, 'hot', 0), [50, { m: 'a' }], [60, { t: 1 }]],
    until: 3_600,
    alerts: [
      [0, 'firing'],
      [30, 'resolved'],
    ],
  },
  {
    name: 'max: of matching events only, on another calculation than count and ratio',
    having: { calc: 'max', property: 't', last: 2, where: [{ property: 't', gt: 0 }], gte: 9 },
    events: everyTen('t', 9, -1, -1, 1, 1),
    until: 3_600,
    alerts: [
      [0, 'firing'],
      [40, 'resolved'],
    ],
  },
  {
    name: 'time alone changes nothing',
    having: { calc: 'sum', property: 't', last: 3, gte: 3 },
    events: everyTen('t', 1, 1, 1),
    until: 3_600,
    alerts: [[20, 'firing']],
  },
  {
    name: 'beside within, both must hold: more events come',
    having: { calc: 'sum', property: 't', last: 2, within: '1m', gte: 9 },
    events: everyTen('t', 9, 1, 1),
    until: 3_600,
    alerts: [
      [0, 'firing'],
      [20, 'resolved'],
    ],
  },
  {
    name: 'changes: the neighbour before belongs to it',
    having: { calc: 'changes', property: 't', last: 2, gte: 2 },
    events: everyTen('t', 1, 2, 3, 3),
    until: 3_600,
    alerts: [
      [20, 'firing'],
      [30, 'resolved'],
    ],
  },
  {
    name: 'increase: the number before is the first',
    having: { calc: 'increase', property: 't', last: 1, gte: 5 },
    events: everyTen('t', 1, 6, 7),
    until: 3_600,
    alerts: [
      [10, 'firing'],
      [20, 'resolved'],
    ],
  },
  {
    name: 'distinct: of the newest values',
    having: { calc: 'distinct', property: 't', last: 3, gte: 3 },
    events: everyTen('t', 1, 2, '1', '1', '1'),
    until: 3_600,
    alerts: [
      [20, 'firing'],
      [30, 'resolved'],
    ],
  },
  {
    name: 'the order is that of event times: an older event that comes later does not enter a full window',
    having: { calc: 'max', property: 't', last: 2, gte: 9 },
    events: [
      [100, { t: 1 }],
      [110, { t: 1 }],
      [120, { t: 9, time: 50 }],
    ],
    until: 3_600,
    alerts: [],
  },
  {
    name: 'an older event that comes later takes its place in the order',
    having: { calc: 'max', property: 't', last: 2, gte: 9 },
    events: [
      [100, { t: 1 }],
      [110, { t: 1 }],
      [120, { t: 9, time: 105 }],
      [130, { t: 1 }],
    ],
    until: 3_600,
    alerts: [
      [120, 'firing'],
      [130, 'resolved'],
    ],
  },
  {
    name: 'an event ahead of the clock enters when the clock comes to it, and pushes one out',
    having: { calc: 'max', property: 't', last: 1, gte: 9 },
    events: [
      [0, { t: 9, time: 30 }],
      [10, { t: 1 }],
      [20, { t: 1, time: 60 }],
    ],
    until: 3_600,
    alerts: [
      [30, 'firing'],
      [60, 'resolved'],
    ],
  },
  {
    name: 'an operand: more than the newest values before',
    having: { calc: 'latest', property: 't', gt: { calc: 'avg', property: 't', last: 3, minSamples: 3, times: 2 } },
    events: everyTen('t', 10, 10, 10, 90),
    until: 3_600,
    alerts: [[30, 'firing']],
  },
];

describe.each(ROWS)('last: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});
