import { describe, expect, it } from 'vitest';
import { playRow, type Row } from '../../../../support/evaluation/play-table.ts';

const bad = [{ property: 's', equals: 'bad' }];
const count = (more: object): object => ({ calc: 'count', where: bad, last: 3, gte: 3, ...more });
/** One event a second. */
const inTurn = (property: string, ...values: unknown[]): Row['events'] =>
  values.map((value, at) => [at, value === undefined ? {} : { [property]: value }]);
/** One event each ten seconds. */
const everyTen = (property: string, ...values: unknown[]): Row['events'] =>
  values.map((value, index) => [10 * index, { [property]: value }]);

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
  {
    name: 'count: so many events are looked at, and the matching ones counted',
    having: { calc: 'count', where: bad, last: 3, gte: 3 },
    events: everyTen('s', 'bad', 'good', 'bad', 'bad', 'bad'),
    until: 3_600,
    alerts: [[40, 'firing']],
  },
  {
    name: 'count: an event that does not match pushes one out',
    having: { calc: 'count', where: bad, last: 3, gte: 2 },
    events: everyTen('s', 'bad', 'bad', 'good', 'good'),
    until: 3_600,
    alerts: [
      [10, 'firing'],
      [30, 'resolved'],
    ],
  },
  {
    name: 'count without where is at most so many',
    having: { calc: 'count', last: 2, gte: 2 },
    events: everyTen('t', 1, 1, 1),
    until: 3_600,
    alerts: [[10, 'firing']],
  },
  {
    name: 'ratio: of so many events that among lets in',
    having: { calc: 'ratio', where: bad, among: [{ property: 's', in: ['bad', 'good'] }], last: 2, gte: 1 },
    events: everyTen('s', 'bad', 'good', 'idle', 'bad', 'idle', 'bad', 'good'),
    until: 3_600,
    alerts: [
      [0, 'firing'],
      [10, 'resolved'],
      [50, 'firing'],
      [60, 'resolved'],
    ],
  },
  {
    name: 'beside within, both must hold: time passes',
    having: { calc: 'count', last: 3, within: '1m', gte: 3 },
    events: everyTen('t', 1, 1, 1),
    until: 3_600,
    alerts: [
      [20, 'firing'],
      [60, 'resolved'],
    ],
  },
  {
    name: 'expires with the data of the partition',
    having: { calc: 'count', last: 2, gte: 2 },
    events: [
      [0, { t: 1 }],
      [100, { t: 1 }],
      [110, { t: 1 }],
    ],
    until: 3_600,
    rule: { staleAfter: '1m' },
    alerts: [
      [110, 'firing'],
      [170, 'resolved'],
    ],
  },
];

describe.each(ROWS)('last: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});
