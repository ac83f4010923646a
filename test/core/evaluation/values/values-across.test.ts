import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

type Sent = [at: number, m: string, data: object];

const base = {
  ...{ id: 'r', clientId: 'c', where: [{ property: 'type', equals: 'status' }], partitionBy: ['m'] },
  message: '{{value}} of {{count}} in {{total}}',
};
const kw = { calc: 'latest', property: 'kw' };

/** The transitions of a rule as `at status`, up to `until` seconds. */
function play(evaluate: object, events: Sent[], until: number, more: object = {}): string[] {
  const set = driver({ ...base, evaluate, ...more });
  for (const [at, m, data] of events) set.send(at, { m, ...data });
  set.advance(until);
  return alertsOf(set).map(({ at, status, reason }) => `${at} ${status} ${reason}`);
}

const started = (at: number): string => `${at} firing condition`;
const cleared = (at: number): string => `${at} resolved cleared`;

describe('the value of a set', () => {
  const three: Sent[] = [
    [1, 'a', { kw: 10 }],
    [2, 'b', { kw: 30 }],
    [3, 'c', { kw: 50 }],
  ];
  const then = (...events: Sent[]): Sent[] => [...three, ...events];

  it.each<[string, object, Sent[], string[]]>([
    ['sum: of the values of all partitions', { type: 'sum', gt: 80 }, three, [started(3)]],
    ['sum: exactly, whatever the order', { type: 'sum', equals: 90 }, three, [started(3)]],
    [
      'sum: a new value replaces that of its partition',
      { type: 'sum', gte: 90 },
      then([4, 'c', { kw: 49 }]),
      [started(3), cleared(4)],
    ],
    ['avg', { type: 'avg', equals: 30 }, three, [started(3)]],
    ['min', { type: 'min', lt: 20 }, then([4, 'a', { kw: 20 }]), [started(1), cleared(4)]],
    [
      'max: without the partition that was the greatest',
      { type: 'max', gte: 50 },
      then([4, 'c', { kw: 1 }]),
      [started(3), cleared(4)],
    ],
    [
      'levels are compared with the same value',
      {
        type: 'max',
        levels: [
          { severity: 'warning', gt: 20 },
          { severity: 'critical', gt: 40 },
        ],
      },
      three,
      [started(2), '3 severity condition'],
    ],
  ])('%s', (_what, evaluate, events, expected) => expect(play({ ...evaluate, of: kw }, events, 10)).toEqual(expected));

  it.each<[string, object]>([
    ['a text', { kw: '100' }],
    ['nothing', {}],
    ['null', { kw: null }],
    ['a boolean', { kw: true }],
  ])('leaves out a partition whose value is %s', (_what, data) =>
    expect(
      play(
        { type: 'max', of: kw, lt: 5 },
        [
          [1, 'a', { kw: 3 }],
          [2, 'b', data],
        ],
        10,
      ),
    ).toEqual([started(1)]),
  );

  it('takes a text that is a number with as: number', () =>
    expect(play({ type: 'sum', of: { ...kw, as: 'number' }, gt: 5 }, [[1, 'a', { kw: ' 6 ' }]], 10)).toEqual([
      started(1),
    ]));

  it('is unknown while no live partition has a value: nothing fires', () =>
    expect(play({ type: 'sum', of: kw, lt: 5 }, [[1, 'a', { s: 1 }]], 10)).toEqual([]));

  it('is unknown while no live partition has a value: a firing alert goes on', () => {
    const of = { calc: 'avg', property: 'kw', within: '2s' };
    expect(play({ type: 'sum', of, gt: 5 }, [[1, 'a', { kw: 6 }]], 60)).toEqual([started(1)]);
  });

  it('ends with the last live partition', () =>
    expect(play({ type: 'sum', of: kw, gt: 5 }, [[1, 'a', { kw: 6 }]], 60, { staleAfter: '10s' })).toEqual([
      started(1),
      '11 resolved staleData',
    ]));

  it('has no part of a partition that is stale', () =>
    expect(
      play(
        { type: 'sum', of: kw, gt: 15 },
        [
          [1, 'a', { kw: 10 }],
          [5, 'b', { kw: 10 }],
        ],
        12,
        { staleAfter: '10s' },
      ),
    ).toEqual([started(5), '11 resolved staleData']));

  it('adds ten times 0.1 to 1, and takes them away again without a rest', () => {
    const ten = (value: number, from: number): Sent[] =>
      Array.from({ length: 10 }, (_, m) => [from + m, `m${m}`, { kw: value }]);
    expect(play({ type: 'sum', of: kw, equals: 1 }, ten(0.1, 1), 20)).toEqual([started(10)]);
    const large: Sent[] = [
      [1, 'a', { kw: Number.MAX_VALUE }],
      [2, 'b', { kw: Number.MAX_VALUE }],
      [3, 'c', { kw: 0.5 }],
    ];
    const gone: Sent[] = [
      [4, 'a', { kw: 0 }],
      [5, 'b', { kw: 0 }],
    ];
    expect(play({ type: 'sum', of: kw, equals: 0.5 }, [...large, ...gone], 9)).toEqual([started(5)]);
  });
});

describe('time alone', () => {
  it('changes the sum of a window in the millisecond in which a sample leaves', () => {
    const of = { calc: 'count', within: '10s' };
    expect(
      play(
        { type: 'sum', of, gte: 3 },
        [
          [1, 'a', {}],
          [2, 'b', {}],
          [3, 'a', {}],
        ],
        60,
      ),
    ).toEqual([started(3), cleared(11)]);
  });

  it('fires when the greatest window of all gets smaller', () => {
    const of = { calc: 'sum', property: 'kw', within: '10s' };
    expect(
      play(
        { type: 'max', of, lt: 5 },
        [
          [1, 'a', { kw: 9 }],
          [2, 'b', { kw: 4 }],
        ],
        60,
      ),
    ).toEqual([started(11)]);
  });

  it('counts a sample from its own time', () => {
    const of = { calc: 'count', within: '10s' };
    expect(
      play(
        { type: 'sum', of, gte: 2 },
        [
          [1, 'a', {}],
          [2, 'b', { time: 4 }],
        ],
        5,
      ),
    ).toEqual([started(4)]);
  });

  it.each<[string, object, Sent[], string[]]>([
    [
      'the longest silence',
      { type: 'max', of: { calc: 'age' }, gt: '10s' },
      [
        [1, 'a', {}],
        [3, 'b', {}],
        [8, 'a', {}],
      ],
      [started(13.001)],
    ],
    [
      'the shortest silence',
      { type: 'min', of: { calc: 'age' }, gte: '10s' },
      [
        [1, 'a', {}],
        [3, 'b', {}],
      ],
      [started(13)],
    ],
    [
      'the sum of silences',
      { type: 'sum', of: { calc: 'age' }, gte: '10s' },
      [
        [1, 'a', {}],
        [2, 'b', {}],
      ],
      [started(6.5)],
    ],
    [
      'the average time without a change',
      { type: 'avg', of: { calc: 'unchanged', property: 's' }, gt: '10s' },
      [
        [1, 'a', { s: 1 }],
        [2, 'b', { s: 1 }],
        [9, 'b', { s: 1 }],
      ],
      [started(11.501)],
    ],
  ])('lets %s grow', (_what, evaluate, events, expected) => expect(play(evaluate, events, 14)).toEqual(expected));

  it('does not let a silence grow whose event is ahead of the clock', () =>
    expect(
      play(
        { type: 'sum', of: { calc: 'age' }, gte: '5s' },
        [
          [1, 'a', { time: 4 }],
          [1, 'b', { time: 5 }],
        ],
        20,
      ),
    ).toEqual([started(7)]));

  it('sets one deadline, not one for each millisecond', () => {
    const set = driver({ ...base, evaluate: { type: 'sum', of: { calc: 'age' }, gt: '1h' } });
    set.send(1, { m: 'a' });
    expect(set.nextDeadline()).toBe(3601);
  });
});

describe('an alert', () => {
  const many = Array.from({ length: 30 }, (_, place): Sent => [1, `m${place}`, { kw: place }]);
  const firing = (evaluate: object) => {
    const set = driver({ ...base, evaluate: { of: kw, ...evaluate }, for: '5s' });
    for (const [at, m, data] of many) set.send(at, { m, ...data });
    set.advance(6);
    return set.alerts()[0]?.data;
  };

  it.each<[string, object, number[]]>([
    ['sum: the greatest', { type: 'sum', gt: 100 }, [29, 28, 27]],
    ['sum below a bound: the smallest', { type: 'sum', lt: 1000 }, [0, 1, 2]],
    ['max: the greatest', { type: 'max', lt: 30 }, [29, 28, 27]],
    ['min: the smallest', { type: 'min', gte: 0 }, [0, 1, 2]],
  ])('shows first those that contribute most. %s', (_what, evaluate, values) => {
    const { items, total } = firing(evaluate)?.evidence ?? { items: [], total: 0 };
    expect(items.slice(0, 3).map(({ value }) => value)).toEqual(values);
    expect([items.length, total]).toEqual([LIMITS.evidenceItems, 30]);
  });

  it('prints the value of the set', () => expect(firing({ type: 'sum', gt: 100 })?.message).toBe('435 of 30 in 30'));

  it('stays the same after a restart', () => {
    const set = driver({
      ...base,
      evaluate: { type: 'max', of: { calc: 'sum', property: 'kw', within: '1m' }, gte: 9 },
    });
    set.send(1, { m: 'a', kw: 4 });
    set.send(2, { m: 'b', kw: 3 });
    set.restore();
    set.send(3, { m: 'a', kw: 5 });
    set.restore();
    set.advance(61);
    expect(alertsOf(set).map(({ at, status }) => `${at} ${status}`)).toEqual(['3 firing', '61 resolved']);
  });

  it('goes on if a new version compares the same value with something else', () => {
    const evaluate = { type: 'sum', of: kw };
    const set = driver({ ...base, evaluate: { ...evaluate, gt: 5 } });
    set.send(1, { m: 'a', kw: 6 });
    set.change({ evaluate: { ...evaluate, gt: 4 } });
    set.change({ evaluate: { ...evaluate, gt: 8 } });
    expect(alertsOf(set)).toMatchObject([{ status: 'firing' }, { status: 'resolved', reason: 'ruleUpdated' }]);
  });

  it('of a rule that compared a value does not latch in a new version with clear', () => {
    const set = driver({ ...base, evaluate: { type: 'sum', of: kw, gt: 100 } });
    set.send(1, { m: 'a', kw: 6 });
    set.change({ evaluate: { type: 'any', having: { ...kw, gt: 10 } }, clear: { ...kw, lt: 5 } });
    expect(alertsOf(set)).toEqual([]);
  });
});
