import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { driver } from '../../../support/evaluation/driver.ts';

const START_MS = Date.UTC(2026, 0, 1);
const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };

type Event = [atS: number, v: unknown, timeS?: number];

const driverOf = (having: object): ReturnType<typeof driver> =>
  driver({ ...base, evaluate: { type: 'any', having }, message: '{{value}}' });

const lines = (set: ReturnType<typeof driver>): string[] =>
  set.alerts().map(({ data }) => `${(Date.parse(data.evaluatedAt) - START_MS) / 1000} ${data.status}`);

/** `<seconds> <status>` of all alerts. */
function played(having: object, events: Event[], untilS = 7_200): string[] {
  const set = driverOf({ property: 'v', hold: true, ...having });
  for (const [atS, v, time] of events)
    set.send(atS, { m: 'a', ...(v !== undefined && { v }), ...(time !== undefined && { time }) });
  set.advance(untilS);
  return lines(set);
}

const HOUR = 3_600;

describe('hold: the value at the start of the window belongs to the window', () => {
  it.each<[what: string, having: object, events: Event[], expected: string[]]>([
    [
      'delta: 90 reported once, an hour later 60, is −30 at that moment, and 0 when 60 holds at the start',
      { calc: 'delta', within: '10m', lte: -30 },
      [
        [0, 90],
        [HOUR, 60],
      ],
      ['3600 firing', '4200 resolved'],
    ],
    [
      'delta is not below −30',
      { calc: 'delta', within: '10m', lt: -30 },
      [
        [0, 90],
        [HOUR, 60],
      ],
      [],
    ],
    [
      'deltaPercent is of the value at the start',
      { calc: 'deltaPercent', within: '10m', equals: -50 },
      [
        [0, 90],
        [HOUR, 45],
      ],
      ['3600 firing', '4200 resolved'],
    ],
    [
      'deltaPercent of a value that holds all the time is 0, and of one that came within the window unknown',
      { calc: 'deltaPercent', within: '10m', equals: 0 },
      [[0, 90]],
      ['600 firing'],
    ],
    [
      'min of a value that nobody repeats is that value',
      { calc: 'min', within: '10m', lt: 5 },
      [
        [0, 3],
        [HOUR, 7],
      ],
      ['0 firing', '4200 resolved'],
    ],
    [
      'max counts the value at the start until another one takes its place',
      { calc: 'max', within: '10m', gte: 9 },
      [
        [0, 9],
        [60, 1],
        [120, 2],
      ],
      ['0 firing', '660 resolved'],
    ],
    [
      'range is between the value at the start and those after it',
      { calc: 'range', within: '10m', gt: 20 },
      [
        [0, 90],
        [HOUR, 60],
      ],
      ['3600 firing', '4200 resolved'],
    ],
    [
      'distinct counts the value at the start',
      { calc: 'distinct', within: '10m', gte: 2 },
      [
        [0, 'on'],
        [HOUR, 'off'],
      ],
      ['3600 firing', '4200 resolved'],
    ],
    [
      'distinct: a value that came again is one value, and does not hold longer',
      { calc: 'distinct', within: '10m', gte: 3 },
      [
        [0, 'c'],
        [60, 'a'],
        [120, 'b'],
        [180, 'a'],
      ],
      ['120 firing', '660 resolved'],
    ],
    [
      'a late value takes the place at the start',
      { calc: 'delta', within: '10m', equals: -20 },
      [
        [0, 90],
        [HOUR, 60],
        [HOUR + 60, 80, HOUR - 600],
      ],
      ['3660 firing', '4200 resolved'],
    ],
    [
      'an event without the property changes nothing',
      { calc: 'min', within: '10m', lt: 5 },
      [
        [0, 3],
        [HOUR, undefined],
      ],
      ['0 firing'],
    ],
    ['without any value, the value is unknown', { calc: 'min', within: '10m', exists: false }, [[0, undefined]], []],
    [
      'minSamples counts the events in the window, not the value at its start',
      { calc: 'max', within: '10m', minSamples: 1, gt: 5 },
      [
        [0, 3],
        [HOUR, 7],
      ],
      ['3600 firing'],
    ],
  ])('%s', (_what, having, events, expected) => {
    expect(played(having, events)).toEqual(expected);
  });

  it('is as if it were missing with hold: false', () => {
    expect(
      played({ calc: 'delta', within: '10m', hold: false, lte: -30 }, [
        [0, 90],
        [HOUR, 60],
      ]),
    ).toEqual([]);
  });

  it('counts only events that match where', () => {
    const set = driverOf({
      calc: 'delta',
      property: 'v',
      within: '10m',
      hold: true,
      where: [{ property: 'ok', equals: true }],
      equals: -30,
    });
    for (const [atS, v, ok] of [
      [0, 90, true],
      [60, 10, false],
      [HOUR, 60, true],
    ] as const)
      set.send(atS, { m: 'a', v, ok });
    expect(lines(set)).toEqual(['3600 firing']);
  });
});

describe('hold: an average is weighted by time', () => {
  it.each<[what: string, having: object, events: Event[], expected: string[]]>([
    [
      'a single value is its own average from the start, and for ever',
      { within: '10m', gte: 90 },
      [[0, 90]],
      ['0 firing'],
    ],
    [
      'a new value has no weight yet: of 0 and 100 over 10 m it is above 50 after more than 5 m',
      { within: '10m', gt: 50 },
      [
        [0, 0],
        [HOUR, 100],
      ],
      ['3900.001 firing'],
    ],
    [
      'at least 50 is reached 1 ms before',
      { within: '10m', gte: 50 },
      [
        [0, 0],
        [HOUR, 100],
      ],
      ['3900 firing'],
    ],
    [
      'a third of 10 s is passed between two milliseconds',
      { within: '10s', gt: 1 },
      [
        [0, 0],
        [HOUR, 3],
      ],
      ['3603.334 firing'],
    ],
    [
      'from the first value, if it is later than the start',
      { within: '10m', lt: 50 },
      [
        [0, 100],
        [60, 0],
      ],
      ['120.001 firing'],
    ],
    [
      'many reports of a value weigh no more than one',
      { within: '10m', gt: 50 },
      [
        [0, 0],
        [HOUR, 100],
        [HOUR + 1, 100],
        [HOUR + 2, 100],
      ],
      ['3900.001 firing'],
    ],
    [
      'a value at the same time as another does not count',
      { within: '10m', gt: 0 },
      [
        [0, 5],
        [0, 0],
      ],
      ['0 firing', '0 resolved'],
    ],
    [
      'the average of equal numbers is that number',
      { within: '3s', notEquals: 0.1 },
      [
        [0, 0.1],
        [1, 0.1],
        [1.7, 0.1],
        [40, 0.1],
      ],
      [],
    ],
    [
      'large numbers stay in range',
      { within: '400d', gte: Number.MAX_VALUE },
      [
        [0, Number.MAX_VALUE],
        [1, Number.MAX_VALUE],
      ],
      ['0 firing'],
    ],
    [
      'rises and falls again',
      { within: '10m', gt: 50 },
      [
        [0, 0],
        [1_000, 100],
        [1_400, 0],
      ],
      ['1300.001 firing', '1700 resolved'],
    ],
    [
      'an operand that moves with time is reached to the millisecond',
      { within: '20s', gt: { calc: 'avg', property: 'v', within: '10s', hold: true, plus: -40 } },
      [
        [0, 0],
        [HOUR, 100],
      ],
      // 5 t > 10 t − 40 until 8 s; then until 5 t > 60.
      ['0 firing', '3608 resolved', '3612.001 firing'],
    ],
  ])('%s', (_what, having, events, expected) => {
    expect(played({ calc: 'avg', ...having }, events)).toEqual(expected);
  });

  it('survives its state: a set that is resumed fires at the same millisecond', () => {
    const set = driverOf({ calc: 'avg', property: 'v', within: '10s', hold: true, gt: 1 });
    set.send(0, { m: 'a', v: 0 });
    set.send(60, { m: 'a', v: 3 });
    expect(JSON.parse(JSON.stringify(set.state().partitions))).toEqual(set.state().partitions);
    set.advance(100);
    expect(lines(set)).toEqual(['63.334 firing']);
  });
});

describe('hold: many samples', () => {
  it('in slices, an average is exact but for the part of one slice', () => {
    const set = driverOf({ calc: 'avg', property: 'v', within: '1h', hold: true, gt: 50 });
    // Every second; 0 for an hour, then 100.
    for (let second = 0; second < 2 * HOUR; second++) set.send(second, { m: 'a', v: second < HOUR ? 0 : 100 });
    const fired = set.alerts().find(({ data }) => data.status === 'firing');
    const at = (Date.parse(fired?.data.evaluatedAt ?? '') - START_MS) / 1000;
    expect(Math.abs(at - 1.5 * HOUR)).toBeLessThanOrEqual(1);
    expect(set.alerts().filter(({ data }) => data.status === 'limit').length).toBeGreaterThan(0);
  });

  it('in slices, the value at the start is at most one slice old', () => {
    const set = driverOf({ calc: 'delta', property: 'v', within: '1h', hold: true, lte: -30 });
    for (let second = 0; second < HOUR; second += 10) set.send(second, { m: 'a', v: 90 });
    set.send(3 * HOUR, { m: 'a', v: 60 });
    set.advance(6 * HOUR);
    expect(lines(set).filter((line) => !line.endsWith('limit'))).toEqual(['10800 firing', '14400 resolved']);
  });

  it('distinct keeps a bounded number of samples, and loses no value that still counts', () => {
    const set = driverOf({ calc: 'distinct', property: 'v', within: '1h', hold: true, gte: 3 });
    for (let n = 0; n < 2_000; n++) set.send(n, { m: 'a', v: n === 0 ? 'first' : n % 2 });
    const [store] = Object.values(set.state().partitions)[0]?.stores ?? [];
    expect((store as unknown[]).length).toBeLessThanOrEqual(LIMITS.windowSamples);
    set.advance(2 * HOUR);
    expect(lines(set).filter((line) => !line.endsWith('limit'))).toEqual(['2 firing', '3601 resolved']);
  });
});
