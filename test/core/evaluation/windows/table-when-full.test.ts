import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';
import { playRow, type Row } from '../../../support/evaluation/play-table.ts';

const events = (...times: number[]): Row['events'] => times.map((at) => [at, {}]);
const few = (more: object = {}): object => ({ calc: 'count', within: '10m', lt: 5, whenFull: true, ...more });
const many = { calc: 'count', within: '10m', gte: 5, whenFull: true };
const hot = (more: object): object => ({ calc: 'avg', property: 't', whenFull: true, gt: 10, ...more });
const of20 = (...times: number[]): Row['events'] => times.map((at) => [at, { t: 20 }]);

const ROWS: Row[] = [
  {
    name: 'not enough events: silence for ten minutes is right',
    having: { not: many },
    events: events(0),
    until: 3_600,
    alerts: [[600, 'firing']],
  },
  {
    name: 'few events: not before within has passed',
    having: few(),
    events: events(0),
    until: 3_600,
    alerts: [[600, 'firing']],
  },
  {
    name: 'without it a first event is enough',
    having: few({ whenFull: false }),
    events: events(0),
    until: 3_600,
    alerts: [[0, 'firing']],
  },
  {
    name: 'known from the first event, then it slides',
    having: few(),
    events: events(100, 200, 300, 400, 500, 550),
    until: 3_600,
    alerts: [[800, 'firing']],
  },
  {
    name: 'an event that ends a low count before it is known fires nothing',
    having: few({ lt: 2 }),
    events: events(0, 599, 600, 1_100),
    until: 1_198,
    alerts: [],
  },
  {
    name: 'many events are unknown too, until the window is full',
    having: many,
    events: events(1, 2, 3, 4, 5, 500, 501, 502, 503),
    until: 602,
    alerts: [[601, 'firing']],
  },
  {
    name: 'rate',
    having: { calc: 'rate', within: '10s', lt: 0.2, whenFull: true },
    events: events(0, 1, 2),
    until: 60,
    alerts: [[11, 'firing']],
  },
  {
    name: 'for begins when the value is known',
    having: few(),
    events: events(0),
    until: 3_600,
    rule: { for: '1m' },
    alerts: [[660, 'firing']],
  },
  {
    name: 'a leaf’s for begins when the value is known',
    having: few({ for: '1m' }),
    events: events(0),
    until: 3_600,
    alerts: [[660, 'firing']],
  },
  {
    name: 'anew after staleAfter',
    having: few(),
    events: events(0, 2_000),
    until: 2_700,
    rule: { staleAfter: '20m' },
    alerts: [
      [600, 'firing'],
      [1_200, 'resolved'],
      [2_600, 'firing'],
    ],
  },
  {
    name: 'none is unknown while a partition is',
    having: {},
    events: events(0),
    until: 3_600,
    rule: { evaluate: { type: 'none', having: many } },
    alerts: [[600, 'firing']],
  },
  {
    name: 'a value across partitions leaves out a partition that is not known yet',
    having: {},
    events: [
      [0, {}],
      [1, { m: 'm2' }],
      [2, { m: 'm2' }],
    ],
    until: 60,
    rule: { evaluate: { type: 'max', of: { calc: 'count', within: '10s', whenFull: true }, gte: 1 } },
    // m1 is known at 10 s, when its event has left; m2 at 11 s, with one event left, for a second.
    alerts: [
      [11, 'firing'],
      [12, 'resolved'],
    ],
  },
  {
    name: 'last: as soon as so many events have come',
    having: hot({ last: 3 }),
    events: of20(0, 1, 5),
    until: 99,
    alerts: [[5, 'firing']],
  },
  {
    name: 'last without within: never by time',
    having: hot({ last: 3 }),
    events: of20(0, 1),
    until: 1_000_000,
    alerts: [],
  },
  {
    name: 'last beside within: so many events, if they come first',
    having: hot({ last: 3, within: '10s' }),
    events: of20(0, 1, 2),
    until: 9,
    alerts: [[2, 'firing']],
  },
  {
    name: 'last beside within: the time, if it passes first',
    having: hot({ last: 3, within: '10s' }),
    events: of20(0, 5),
    until: 14,
    alerts: [[10, 'firing']],
  },
  {
    name: 'ratio of the last four',
    having: { calc: 'ratio', where: [{ property: 's', equals: 'bad' }], last: 4, whenFull: true, gte: 0.75 },
    events: ['bad', 'good', 'bad', 'bad', 'good'].map((s, at) => [at, { s }]),
    until: 9,
    alerts: [
      [3, 'firing'],
      [4, 'resolved'],
    ],
  },
  {
    name: 'an average: known by time, with nothing in the window it is unknown and the alert goes on',
    having: hot({ within: '10s' }),
    events: of20(0, 3),
    until: 60,
    alerts: [[10, 'firing']],
  },
  {
    name: 'minSamples and whenFull: both must hold',
    having: hot({ within: '10s', minSamples: 2 }),
    events: of20(0, 8, 12),
    until: 17,
    alerts: [[12, 'firing']],
  },
  {
    name: 'distinct with minSamples: unknown with fewer events, also when values are few',
    having: { calc: 'distinct', property: 's', within: '10s', minSamples: 3, lt: 2 },
    events: [0, 1, 2].map((at) => [at, { s: 'a' }]),
    until: 60,
    alerts: [[2, 'firing']],
  },
  {
    name: 'distinct with minSamples: events count, not values',
    having: { calc: 'distinct', property: 's', within: '10s', minSamples: 3, gte: 1 },
    events: [
      [0, { s: 'a' }],
      [1, {}],
      [2, { s: 'a' }],
      [3, { s: 'b' }],
    ],
    until: 60,
    // At 10 s two events are left: unknown, so the alert goes on.
    alerts: [[3, 'firing']],
  },
];

describe.each(ROWS)('whenFull: $name', (row) => {
  it.each([false, true])('(restored after every event: %s)', (restores) => {
    expect(playRow(row, restores)).toEqual(row.alerts);
  });
});

describe('whenFull', () => {
  const rule = (more: object = {}): object => ({
    ...{ id: 'rule', clientId: 'client-01', partitionBy: ['m'], where: [{ property: 'type', equals: '*' }] },
    evaluate: { type: 'each', having: few() },
    ...more,
  });
  const firings = (set: ReturnType<typeof driver>): unknown[] =>
    alertsOf(set)
      .filter(({ status }) => status === 'firing')
      .map(({ at, partition }) => [at, (partition as { m: string } | undefined)?.m]);

  it('counts from the set’s start for an expected partition, from its first event for another', () => {
    const set = driver(rule({ expect: [{ m: 'm1' }] }));
    set.send(500, { m: 'm1' });
    set.send(500, { m: 'm2' });
    set.advance(3_600);
    expect(firings(set)).toEqual([
      [600, 'm1'],
      [1_100, 'm2'],
    ]);
  });

  it('knows an expected partition at once that reports after the first within of the set', () => {
    const set = driver(rule({ expect: [{ m: 'm1' }] }));
    set.send(1_000, { m: 'm1' });
    expect(firings(set)).toEqual([[1_000, 'm1']]);
  });

  it('counts anew for an expected partition that was forgotten and reports again', () => {
    const set = driver(rule({ expect: [{ m: 'm1' }], forgetOn: [{ property: 'state', equals: 'scrapped' }] }));
    set.send(0, { m: 'm1' });
    set.send(300, { m: 'm1', state: 'scrapped' });
    set.send(5_000, { m: 'm1' });
    set.advance(6_000);
    expect(firings(set)).toEqual([[5_600, 'm1']]);
  });

  it('waits again for a window that a new version of the rule begins', () => {
    const set = driver(rule({ evaluate: { type: 'each', having: { calc: 'latest', property: 't', equals: 1 } } }));
    set.send(0, { m: 'm1' });
    set.advance(5_000);
    set.change(rule());
    set.advance(5_599);
    expect(firings(set)).toEqual([]);
    set.advance(5_600);
    expect(firings(set)).toEqual([[5_600, 'm1']]);
  });

  it('keeps nothing in the state of a rule without the word', () => {
    const set = driver(rule({ evaluate: { type: 'each', having: { calc: 'count', within: '10m', gte: 5 } } }));
    set.send(0, { m: 'm1' });
    const [partition] = Object.values(set.state().partitions);
    expect(Object.keys(partition ?? {}).sort()).toEqual(
      ['alert', 'holds', 'key', 'last', 'memory', 'moment', 'stale', 'stores'].sort(),
    );
  });
});
