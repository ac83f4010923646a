import { describe, expect, it } from 'vitest';
import { driver } from '../../../../support/evaluation/driver.ts';
import { playRow, type Row } from '../../../../support/evaluation/play-table.ts';

const of = (calc: string, more: object): object => ({ calc, property: 't', within: '10s', hold: true, ...more });
const values = (...pairs: [at: number, t: unknown][]): Row['events'] => pairs.map(([at, t]) => [at, { t }]);
const on = [{ property: 's', equals: 'on' }];
const HOUR = 3_600;

const ROWS: Row[] = [
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
    name: 'whenFull: the average waits until the partition has been known for the whole window',
    having: of('avg', { gte: 50, whenFull: true }),
    events: values([0, 100], [4, 60]),
    until: 60,
    alerts: [[10, 'firing']],
  },
  {
    name: 'a single value is its own average from the start, and for ever',
    having: of('avg', { within: '10m', gte: 90 }),
    events: values([0, 90]),
    until: 7_200,
    alerts: [[0, 'firing']],
  },
  {
    name: 'a new value has no weight yet: of 0 and 100 over 10 m it is above 50 after more than 5 m',
    having: of('avg', { within: '10m', gt: 50 }),
    events: values([0, 0], [HOUR, 100]),
    until: 7_200,
    alerts: [[3900.001, 'firing']],
  },
  {
    name: 'at least 50 is reached 1 ms before',
    having: of('avg', { within: '10m', gte: 50 }),
    events: values([0, 0], [HOUR, 100]),
    until: 7_200,
    alerts: [[3900, 'firing']],
  },
  {
    name: 'a third of 10 s is passed between two milliseconds',
    having: of('avg', { within: '10s', gt: 1 }),
    events: values([0, 0], [HOUR, 3]),
    until: 7_200,
    alerts: [[3603.334, 'firing']],
  },
  {
    name: 'from the first value, if it is later than the start',
    having: of('avg', { within: '10m', lt: 50 }),
    events: values([0, 100], [60, 0]),
    until: 7_200,
    alerts: [[120.001, 'firing']],
  },
  {
    name: 'many reports of a value weigh no more than one',
    having: of('avg', { within: '10m', gt: 50 }),
    events: values([0, 0], [HOUR, 100], [HOUR + 1, 100], [HOUR + 2, 100]),
    until: 7_200,
    alerts: [[3900.001, 'firing']],
  },
  {
    name: 'a value at the same time as another does not count',
    having: of('avg', { within: '10m', gt: 0 }),
    events: values([0, 5], [0, 0]),
    until: 7_200,
    alerts: [
      [0, 'firing'],
      [0, 'resolved'],
    ],
  },
  {
    name: 'the average of equal numbers is that number',
    having: of('avg', { within: '3s', notEquals: 0.1 }),
    events: values([0, 0.1], [1, 0.1], [1.7, 0.1], [40, 0.1]),
    until: 7_200,
    alerts: [],
  },
  {
    name: 'large numbers stay in range',
    having: of('avg', { within: '400d', gte: Number.MAX_VALUE }),
    events: values([0, Number.MAX_VALUE], [1, Number.MAX_VALUE]),
    until: 7_200,
    alerts: [[0, 'firing']],
  },
  {
    name: 'rises and falls again',
    having: of('avg', { within: '10m', gt: 50 }),
    events: values([0, 0], [1_000, 100], [1_400, 0]),
    until: 7_200,
    alerts: [
      [1300.001, 'firing'],
      [1700, 'resolved'],
    ],
  },
  {
    name: 'an operand that moves with time is reached to the millisecond',
    having: of('avg', { within: '20s', gt: { calc: 'avg', property: 't', within: '10s', hold: true, plus: -40 } }),
    events: values([0, 0], [HOUR, 100]),
    until: 7_200,
    // 5 t > 10 t − 40 until 8 s; then until 5 t > 60.
    alerts: [
      [0, 'firing'],
      [3608, 'resolved'],
      [3612.001, 'firing'],
    ],
  },
];

describe.each(ROWS)('hold: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});

const START_MS = Date.UTC(2026, 0, 1);
const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };

const driverOf = (having: object): ReturnType<typeof driver> =>
  driver({ ...base, evaluate: { type: 'any', having }, message: '{{value}}' });

const lines = (set: ReturnType<typeof driver>): string[] =>
  set.alerts().map(({ data }) => `${(Date.parse(data.evaluatedAt) - START_MS) / 1000} ${data.status}`);

describe('hold: an average is weighted by time', () => {
  it('survives its state: a set that is resumed fires at the same millisecond', () => {
    const set = driverOf({ calc: 'avg', property: 'v', within: '10s', hold: true, gt: 1 });
    set.send(0, { m: 'a', v: 0 });
    set.send(60, { m: 'a', v: 3 });
    expect(JSON.parse(JSON.stringify(set.state().partitions))).toEqual(set.state().partitions);
    set.advance(100);
    expect(lines(set)).toEqual(['63.334 firing']);
  });
});
