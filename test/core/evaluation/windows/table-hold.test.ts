import { describe, expect, it } from 'vitest';
import { playRow, type Row } from '../../../support/evaluation/play-table.ts';

const of = (calc: string, more: object): object => ({ calc, property: 't', within: '10s', hold: true, ...more });
const values = (...pairs: [at: number, t: unknown][]): Row['events'] => pairs.map(([at, t]) => [at, { t }]);
const states = (...pairs: [at: number, s: string][]): Row['events'] => pairs.map(([at, s]) => [at, { s }]);
const on = [{ property: 's', equals: 'on' }];
const timeIn = (more: object): object => ({ calc: 'timeIn', within: '10s', where: on, ...more });
/** Reported once, and again much later. */
const FALLS = values([0, 90], [100, 60]);

const HELD: Row[] = [
  {
    name: 'delta: reported once at 90, an hour later 60',
    having: { calc: 'delta', property: 't', within: '10m', hold: true, lte: -30 },
    events: values([0, 90], [3_600, 60]),
    until: 9_000,
    alerts: [
      [3_600, 'firing'],
      [4_200, 'resolved'],
    ],
  },
  {
    name: 'delta without hold knows nothing of it',
    having: { calc: 'delta', property: 't', within: '10m', lte: -30 },
    events: values([0, 90], [3_600, 60]),
    until: 9_000,
    alerts: [],
  },
  {
    name: 'delta: one value does not differ from itself',
    having: of('delta', { equals: 0 }),
    events: values([0, 90]),
    until: 9_000,
    alerts: [[0, 'firing']],
  },
  {
    name: 'delta: a value that is exactly as old as the window is its first',
    having: of('delta', { lte: -30 }),
    events: values([0, 90], [5, 80], [15, 50]),
    until: 16,
    alerts: [[15, 'firing']],
  },
  {
    name: 'deltaPercent',
    having: of('deltaPercent', { lte: -30 }),
    events: FALLS,
    until: 999,
    alerts: [
      [100, 'firing'],
      [110, 'resolved'],
    ],
  },
  {
    name: 'range',
    having: of('range', { gte: 30 }),
    events: FALLS,
    until: 999,
    alerts: [
      [100, 'firing'],
      [110, 'resolved'],
    ],
  },
  {
    name: 'max',
    having: of('max', { gte: 90 }),
    events: FALLS,
    until: 999,
    alerts: [
      [0, 'firing'],
      [110, 'resolved'],
    ],
  },
  {
    name: 'min',
    having: of('min', { gt: 60 }),
    events: FALLS,
    until: 999,
    alerts: [
      [0, 'firing'],
      [100, 'resolved'],
    ],
  },
  {
    name: 'distinct',
    having: { calc: 'distinct', property: 's', within: '10s', hold: true, gte: 2 },
    events: states([0, 'on'], [100, 'off']),
    until: 999,
    alerts: [
      [100, 'firing'],
      [110, 'resolved'],
    ],
  },
  {
    name: 'distinct: one value is never gone',
    having: { calc: 'distinct', property: 's', within: '10s', hold: true, gte: 1 },
    events: states([0, 'on']),
    until: 99_999,
    alerts: [[0, 'firing']],
  },
  {
    name: 'avg: half of the window at 100',
    having: of('avg', { gte: 50 }),
    events: values([0, 0], [10, 100]),
    until: 60,
    alerts: [[15, 'firing']],
  },
  {
    name: 'avg: greater only in the next millisecond',
    having: of('avg', { gt: 50 }),
    events: values([0, 0], [10, 100]),
    until: 60,
    alerts: [[15.001, 'firing']],
  },
  {
    name: 'avg: from the first value if that is later than the window’s start',
    having: of('avg', { lte: 50 }),
    events: values([0, 100], [4, 0]),
    until: 9,
    alerts: [[8, 'firing']],
  },
  {
    name: 'avg: less only in the next millisecond',
    having: of('avg', { lt: 50 }),
    events: values([0, 100], [4, 0]),
    until: 9,
    alerts: [[8.001, 'firing']],
  },
  {
    name: 'avg: the first whole millisecond, if the value is reached between two',
    having: of('avg', { gte: 33 }),
    events: values([0, 0], [10, 70]),
    until: 60,
    // 70 × ms / 10,000 ≥ 33 from 4,714.28 ms on.
    alerts: [[14.715, 'firing']],
  },
  {
    name: 'avg: a single value is its own average, at once and for ever',
    having: of('avg', { gt: 50 }),
    events: values([0, 100]),
    until: 99_999,
    alerts: [[0, 'firing']],
  },
  {
    name: 'avg: up and down again, without further events',
    having: of('avg', { gte: 50 }),
    events: values([0, 0], [10, 100], [16, 0]),
    until: 60,
    // 60 at 16 s. It falls from 20 s on, when the 100 begins to leave: 50 at 21 s.
    alerts: [
      [15, 'firing'],
      [21.001, 'resolved'],
    ],
  },
  {
    name: 'avg: of three pieces',
    having: of('avg', { equals: 40 }),
    events: values([0, 40], [2, 10], [4, 70], [6, 40]),
    until: 7,
    alerts: [
      [0, 'firing'],
      [2.001, 'resolved'],
      [6, 'firing'],
    ],
  },
  {
    name: 'avg: a late value counts from its own time',
    having: of('avg', { gte: 50 }),
    events: [...values([0, 0], [10, 100]), [14, { t: 0, time: 12 }]],
    until: 60,
    alerts: [],
  },
  {
    name: 'avg: a value ahead of the clock counts when the clock reaches it',
    having: of('avg', { gte: 50 }),
    events: [
      [0, { t: 0 }],
      [8, { t: 100, time: 10 }],
    ],
    until: 60,
    alerts: [[15, 'firing']],
  },
  {
    name: 'avg: an event without the property does not end a value',
    having: of('avg', { gte: 50 }),
    events: [...values([0, 0], [10, 100]), [12, {}]],
    until: 60,
    alerts: [[15, 'firing']],
  },
  {
    name: 'avg: nor does one that does not match where',
    having: of('avg', { gte: 50, where: on }),
    events: [
      [0, { t: 0, s: 'on' }],
      [10, { t: 100, s: 'on' }],
      [12, { t: 0, s: 'off' }],
    ],
    until: 60,
    alerts: [[15, 'firing']],
  },
  {
    name: 'for counts from the millisecond at which it begins',
    having: of('avg', { gte: 50 }),
    events: values([0, 0], [10, 100]),
    until: 60,
    rule: { for: '20s' },
    alerts: [[35, 'firing']],
  },
  {
    name: 'staleAfter ends the value',
    having: of('max', { gte: 90 }),
    events: values([0, 90], [100, 60]),
    until: 999,
    rule: { staleAfter: '30s' },
    alerts: [
      [0, 'firing'],
      [30, 'resolved'],
    ],
  },
  {
    name: 'a value across partitions changes when the value at the start of the window does',
    having: {},
    events: [...values([0, 90]), [20, { m: 'm2', t: 10 }], ...values([100, 60])],
    until: 999,
    rule: { evaluate: { type: 'sum', of: { calc: 'max', property: 't', within: '10s', hold: true }, gte: 100 } },
    alerts: [
      [20, 'firing'],
      [110, 'resolved'],
    ],
  },
  {
    name: 'whenFull: the average waits until the partition has been known for the whole window',
    having: of('avg', { gte: 50, whenFull: true }),
    events: values([0, 100], [4, 60]),
    until: 60,
    alerts: [[10, 'firing']],
  },
  {
    name: 'distinct with minSamples: events in the window, not the value at its start',
    having: { calc: 'distinct', property: 's', within: '10s', hold: true, minSamples: 2, gte: 1 },
    events: states([0, 'on'], [20, 'on'], [21, 'on']),
    until: 60,
    alerts: [[21, 'firing']],
  },
  {
    name: 'hold: false changes nothing',
    having: of('max', { gte: 90, hold: false }),
    events: FALLS,
    until: 999,
    // Unknown from 10 s on: the alert goes on until 60 ends it.
    alerts: [
      [0, 'firing'],
      [100, 'resolved'],
    ],
  },
];

const TIMED: Row[] = [
  {
    name: 'gte: at that moment; it ends when less is left',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on'], [6, 'off']),
    until: 60,
    // 6 s, and less from 10 s on: 5 s at 11 s.
    alerts: [
      [5, 'firing'],
      [11.001, 'resolved'],
    ],
  },
  {
    name: 'gt: in the next millisecond; it ends at that moment',
    having: timeIn({ gt: '5s' }),
    events: states([0, 'on'], [6, 'off']),
    until: 60,
    alerts: [
      [5.001, 'firing'],
      [11, 'resolved'],
    ],
  },
  {
    name: 'all stretches count',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on'], [2, 'off'], [4, 'on']),
    until: 9,
    alerts: [[7, 'firing']],
  },
  {
    name: 'an event that repeats the state changes nothing',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on'], [1, 'on'], [3, 'on']),
    until: 9,
    alerts: [[5, 'firing']],
  },
  {
    name: 'the whole window, for ever',
    having: timeIn({ gte: '10s' }),
    events: states([0, 'on']),
    until: 99_999,
    alerts: [[10, 'firing']],
  },
  {
    name: 'nothing before the first event',
    having: timeIn({ lt: '5s' }),
    events: states([0, 'on']),
    until: 60,
    alerts: [
      [0, 'firing'],
      [5, 'resolved'],
    ],
  },
  {
    name: 'whenFull: little time is not known before the whole window is',
    having: timeIn({ lt: '5s', whenFull: true }),
    events: states([0, 'on'], [3, 'off']),
    until: 60,
    alerts: [[10, 'firing']],
  },
  {
    name: 'the newest event decides, also one without the property',
    having: timeIn({ gte: '5s' }),
    events: [
      [0, { s: 'on' }],
      [3, {}],
    ],
    until: 60,
    alerts: [],
  },
  {
    name: 'a late event ends the stretch at its own time',
    having: timeIn({ gte: '5s' }),
    events: [
      [0, { s: 'on' }],
      [4, { s: 'off', time: 2 }],
    ],
    until: 60,
    alerts: [],
  },
  {
    name: 'a late event that is older than the newest begins a stretch that the newest ends',
    having: timeIn({ gte: '3s' }),
    events: [
      [5, { s: 'off' }],
      [6, { s: 'on', time: 2 }],
    ],
    until: 60,
    // 2 s to 5 s; less is left from 12 s on.
    alerts: [
      [6, 'firing'],
      [12.001, 'resolved'],
    ],
  },
  {
    name: 'between',
    having: timeIn({ between: ['2s', '4s'] }),
    events: states([0, 'on']),
    until: 60,
    alerts: [
      [2, 'firing'],
      [4.001, 'resolved'],
    ],
  },
  {
    name: 'staleAfter ends the stretch',
    having: timeIn({ gte: '5s' }),
    events: states([0, 'on']),
    until: 60,
    rule: { staleAfter: '8s' },
    alerts: [
      [5, 'firing'],
      [8, 'resolved'],
    ],
  },
];

describe.each(HELD)('hold: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});

describe.each(TIMED)('timeIn: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});
