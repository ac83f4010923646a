import { describe, expect, it } from 'vitest';
import { playRow, type Row } from '../../../../support/evaluation/play-table.ts';

const of = (calc: string, more: object): object => ({ calc, property: 't', within: '10s', hold: true, ...more });
const values = (...pairs: [at: number, t: unknown][]): Row['events'] => pairs.map(([at, t]) => [at, { t }]);
const states = (...pairs: [at: number, s: string][]): Row['events'] => pairs.map(([at, s]) => [at, { s }]);
const HOUR = 3_600;
/** Reported once, and again much later. */
const FALLS = values([0, 90], [100, 60]);

const ROWS: Row[] = [
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
  {
    name: 'delta is not below −30',
    having: of('delta', { within: '10m', lt: -30 }),
    events: values([0, 90], [HOUR, 60]),
    until: 7_200,
    alerts: [],
  },
  {
    name: 'deltaPercent is of the value at the start',
    having: of('deltaPercent', { within: '10m', equals: -50 }),
    events: values([0, 90], [HOUR, 45]),
    until: 7_200,
    alerts: [
      [3600, 'firing'],
      [4200, 'resolved'],
    ],
  },
  {
    name: 'deltaPercent of a value that holds all the time is 0, and of one that came within the window unknown',
    having: of('deltaPercent', { within: '10m', equals: 0 }),
    events: values([0, 90]),
    until: 7_200,
    alerts: [[600, 'firing']],
  },
  {
    name: 'min of a value that nobody repeats is that value',
    having: of('min', { within: '10m', lt: 5 }),
    events: values([0, 3], [HOUR, 7]),
    until: 7_200,
    alerts: [
      [0, 'firing'],
      [4200, 'resolved'],
    ],
  },
  {
    name: 'max counts the value at the start until another one takes its place',
    having: of('max', { within: '10m', gte: 9 }),
    events: values([0, 9], [60, 1], [120, 2]),
    until: 7_200,
    alerts: [
      [0, 'firing'],
      [660, 'resolved'],
    ],
  },
  {
    name: 'range is between the value at the start and those after it',
    having: of('range', { within: '10m', gt: 20 }),
    events: values([0, 90], [HOUR, 60]),
    until: 7_200,
    alerts: [
      [3600, 'firing'],
      [4200, 'resolved'],
    ],
  },
  {
    name: 'distinct counts the value at the start',
    having: of('distinct', { within: '10m', gte: 2 }),
    events: values([0, 'on'], [HOUR, 'off']),
    until: 7_200,
    alerts: [
      [3600, 'firing'],
      [4200, 'resolved'],
    ],
  },
  {
    name: 'distinct: a value that came again is one value, and does not hold longer',
    having: of('distinct', { within: '10m', gte: 3 }),
    events: values([0, 'c'], [60, 'a'], [120, 'b'], [180, 'a']),
    until: 7_200,
    alerts: [
      [120, 'firing'],
      [660, 'resolved'],
    ],
  },
  {
    name: 'a late value takes the place at the start',
    having: of('delta', { within: '10m', equals: -20 }),
    events: [
      [0, { t: 90 }],
      [HOUR, { t: 60 }],
      [HOUR + 60, { t: 80, time: HOUR - 600 }],
    ],
    until: 7_200,
    alerts: [
      [3660, 'firing'],
      [4200, 'resolved'],
    ],
  },
  {
    name: 'an event without the property changes nothing',
    having: of('min', { within: '10m', lt: 5 }),
    events: [
      [0, { t: 3 }],
      [HOUR, {}],
    ],
    until: 7_200,
    alerts: [[0, 'firing']],
  },
  {
    name: 'without any value, the value is unknown',
    having: of('min', { within: '10m', exists: false }),
    events: [[0, {}]],
    until: 7_200,
    alerts: [],
  },
  {
    name: 'minSamples counts the events in the window, not the value at its start',
    having: of('max', { within: '10m', minSamples: 1, gt: 5 }),
    events: values([0, 3], [HOUR, 7]),
    until: 7_200,
    alerts: [[3600, 'firing']],
  },
  {
    name: 'delta with hold: false knows nothing of it either',
    having: of('delta', { within: '10m', hold: false, lte: -30 }),
    events: values([0, 90], [HOUR, 60]),
    until: 7_200,
    alerts: [],
  },
  {
    name: 'only events that match where count',
    having: of('delta', { within: '10m', where: [{ property: 'ok', equals: true }], equals: -30 }),
    events: [
      [0, { t: 90, ok: true }],
      [60, { t: 10, ok: false }],
      [HOUR, { t: 60, ok: true }],
    ],
    until: HOUR,
    alerts: [[HOUR, 'firing']],
  },
];

describe.each(ROWS)('hold: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});
