import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const HOUR = 3_600;

const hot = (more: object = {}) => ({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'v', gt: 80 } },
  ...more,
});

/** An event: its value, its own time and its arrival, in seconds. */
type Sent = [value: number, time: number, at: number];

const brief = (set: ReturnType<typeof driver>) => alertsOf(set).map(({ at, status }) => `${at} ${status}`);

function play(definition: object, sent: readonly Sent[], untilAt: number, restores = false) {
  const set = driver(definition);
  for (const [v, time, at] of sent) {
    set.send(at, { m: 'a', v, time });
    if (restores) set.restore();
  }
  set.advance(untilAt);
  return brief(set);
}

/** Events that arrive 3 ms apart, three hours later. */
const upload = (...events: [value: number, minutes: number][]): Sent[] =>
  events.map(([value, minutes], index) => [value, HOUR + minutes * 60, 3 * HOUR + index * 0.003]);

describe('with lateTolerance', () => {
  const cases: [what: string, more: object, sent: Sent[], expected: string[]][] = [
    ['an event is taken when the clock comes to its own time', {}, [[90, 20, 21]], ['20 firing']],
    [
      'events are taken in the order of their own times',
      {},
      [
        [20, 12, 13],
        [90, 11, 14],
      ],
      ['11 firing', '12 resolved'],
    ],
    [
      'equal times are ordered by sequence',
      {},
      [
        [90, 12, 13],
        [20, 12, 14],
      ],
      ['12 firing', '12 resolved'],
    ],
    [
      'an event that is older than the clock is taken at once',
      {},
      [
        [90, 12, 30],
        [20, 40, 40],
      ],
      ['20 firing', '40 resolved'],
    ],
    [
      'a deadline is handled as of its own time, after the events of that time',
      { for: '10s' },
      [
        [90, 20, 20],
        [20, 30, 38],
        [90, 40, 40],
      ],
      ['50 firing'],
    ],
    [
      'events from before the start are taken in the order of their own times',
      {},
      [
        [20, -2, 1],
        [90, -3, 2],
      ],
      ['0 firing', '0 resolved'],
    ],
    [
      'a window is that of the clock',
      countOf('5s'),
      [
        [1, 20, 20],
        [1, 21, 21],
        [1, 19, 28],
      ],
      ['21 firing', '24 resolved'],
    ],
  ];
  it.each(cases)('%s', (_what, more, sent, expected) => {
    const definition = hot({ lateTolerance: '10s', ...more });
    expect(play(definition, sent, 200)).toEqual(expected);
    expect(play(definition, sent, 200, true)).toEqual(expected);
  });

  it('noData, heartbeat and schedule follow the clock of the set', () => {
    const set = driver(
      hot({ lateTolerance: '10s', expect: [{ m: 'a' }], noData: { after: '30s', then: 'alert' }, heartbeat: '60s' }),
    );
    set.advance(39.999);
    expect([brief(set), set.nextDeadline()]).toEqual([[], 40]);
    set.advance(40);
    expect(brief(set)).toEqual(['30 firing']);
    set.send(45, { m: 'a', v: 1 });
    set.advance(70);
    expect(brief(set)).toEqual(['30 firing', '45 resolved', '60 heartbeat']);
  });

  it('the next deadline is that of the first event that waits', () => {
    const set = driver(hot({ lateTolerance: '10s' }));
    set.send(21, { m: 'a', v: 90, time: 20 });
    set.send(22, { m: 'a', v: 90, time: 18 });
    expect(set.nextDeadline()).toBe(28);
  });

  it('an event that waits is applied: a repetition changes nothing', () => {
    const set = driver(hot({ lateTolerance: '10s' }));
    const sequence = set.send(20, { m: 'a', v: 90 });
    set.restore();
    set.send(20, { m: 'a', v: 90 }, sequence);
    expect([set.state().mark, set.state().counters.repeated, set.state().waiting?.events.length]).toEqual([1, 1, 1]);
  });

  it('a new version takes the events that wait', () => {
    const set = driver(hot({ lateTolerance: '10s' }));
    set.send(20, { m: 'a', v: 90 });
    set.change({ message: 'hot' });
    set.advance(60);
    expect(brief(set)).toEqual(['20 firing']);
  });

  it('a new version with a shorter lateTolerance takes them when its clock has come to their times', () => {
    const set = driver(hot({ lateTolerance: '10s' }));
    set.send(20, { m: 'a', v: 90 });
    set.change({ lateTolerance: undefined });
    set.send(21, { m: 'a', v: 20 });
    expect([brief(set), set.state().waiting?.events]).toEqual([['20 firing', '21 resolved'], []]);
  });

  it('what waits ends with its rule', () => {
    const set = driver(hot({ lateTolerance: '10s' }));
    set.send(20, { m: 'a', v: 90 });
    set.end(21, 'ruleDeleted');
    expect([brief(set), set.state().waiting?.events]).toEqual([[], []]);
  });
});

it('a value across partitions that grows ends the condition at its own time, also in a set that resumes at that time', () => {
  const of = { calc: 'unchanged', property: 'v' };
  const set = driver(hot({ lateTolerance: '4s', evaluate: { type: 'sum', of, lt: '1s' } }));
  set.send(0, { m: 'a', v: 1 });
  set.send(5, { m: 'a' });
  set.restore();
  set.advance(20);
  expect(brief(set)).toEqual(['0 firing', '1 resolved']);
});

describe('what waits is bounded', () => {
  it.each([
    ['in number', 'x', LIMITS.waitingEvents],
    ['in bytes', 'x'.repeat(1_000), Math.floor(LIMITS.waitingBytes / 1_107)],
  ])('%s: the oldest is taken first, and an alert says so', (_what, text, atMost) => {
    const set = driver(
      hot({ lateTolerance: '1h', evaluate: { type: 'each', having: { calc: 'latest', property: 's', equals: 'y' } } }),
    );
    set.send(1, { m: 'a', s: 'y', time: 0.5 });
    for (let n = 0; n < atMost + 1; n++) set.send(2 + n / 1_000, { m: 'a', s: text });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing', 'limit', 'resolved']);
    expect(set.alerts()[1]?.id).toMatch(/:limit\.waitingEvents@/);
    expect(set.state().waiting?.events.length).toBeLessThanOrEqual(atMost);
    expect(set.state().waiting?.events.length).toBeGreaterThan(atMost * 0.9);
  });
});

describe('an upload of the past, with for: 10m and lateTolerance: 5s', () => {
  const clock = 3 * HOUR;
  const cases: [what: string, sent: Sent[], expected: string[]][] = [
    ['a break before for has passed: silence', upload([20, 0], [95, 10], [20, 11]), []],
    [
      'an event proves by its own time that for has passed: it fires and resolves, once',
      upload([20, 0], [95, 10], [96, 25], [20, 26]),
      [`${clock - 5 + 0.006} firing`, `${clock - 5 + 0.009} resolved`],
    ],
    ['an event proves it at exactly that time', upload([95, 10], [96, 20]), [`${clock - 5 + 0.003} firing`]],
    [
      'an event before that proves nothing: the clock decides at its arrival',
      upload([95, 10], [96, 19]),
      [`${clock} firing`],
    ],
    ['the end of the condition proves nothing', upload([95, 10], [20, 30]), []],
    ['a known break counts', upload([95, 10], [20, 12], [95, 15], [95, 24], [20, 24.5]), []],
    ['a break that comes too late is not known', upload([95, 10], [95, 25], [20, 12]), [`${clock - 5 + 0.003} firing`]],
  ];
  it.each(cases)('%s', (_what, sent, expected) => {
    const [held, late] = [{ for: '10m' }, { lateTolerance: '5s' }];
    const definition = hot({ ...held, ...late });
    expect(play(definition, sent, 3 * HOUR + 60)).toEqual(expected);
    expect(play(definition, sent, 3 * HOUR + 60, true)).toEqual(expected);
    expect(play({ ...definition, evaluate: { ...definition.evaluate, type: 'any' } }, sent, 3 * HOUR + 60)).toEqual(
      expected,
    );
    const having = { ...definition.evaluate.having, ...held };
    expect(play(hot({ ...late, evaluate: { type: 'each', having } }), sent, 3 * HOUR + 60)).toEqual(expected);
  });
});

describe('own time', () => {
  it('proves for in an upload of one millisecond, without lateTolerance', () => {
    const sent: Sent[] = [
      [95, 31 * 60, 2 * HOUR],
      [95, 41 * 60, 2 * HOUR],
      [20, 42 * 60, 2 * HOUR],
    ];
    expect(play(hot({ for: '5m' }), sent, 3 * HOUR)).toEqual(['7200 firing', '7200 resolved']);
    expect(play(hot({ for: '11m' }), sent, 3 * HOUR)).toEqual([]);
  });

  it('proves keepFiringFor', () => {
    const sent: Sent[] = [
      [95, 60, 7_000],
      [20, 120, 7_000],
      [20, 720, 7_000],
      [95, 721, 7_000],
    ];
    const statuses = (keepFiringFor: string) => play(hot({ keepFiringFor, lateTolerance: '5s' }), sent, 7_010);
    expect(statuses('10m')).toEqual(['6995 firing', '6995 resolved', '6995 firing']);
    expect(statuses('11m')).toEqual(['6995 firing']);
  });

  it('a gap of staleAfter counts: what is stale by the clock proves nothing', () => {
    expect(
      play(hot({ for: '10m', lateTolerance: '5s', staleAfter: '1h' }), upload([95, 10], [96, 25]), 3 * HOUR + 60),
    ).toEqual([]);
  });

  it('of another partition proves nothing for a condition across partitions', () => {
    const set = driver(hot({ for: '10m', lateTolerance: '5s', evaluate: { ...hot().evaluate, type: 'any' } }));
    set.send(10_000, { m: 'a', v: 95, time: 4_000 });
    set.send(10_000.003, { m: 'b', v: 95, time: 5_000 });
    set.send(10_000.006, { m: 'a', v: 20, time: 4_100 });
    set.send(10_000.009, { m: 'b', v: 20, time: 5_100 });
    set.advance(11_000);
    expect(brief(set)).toEqual([]);
  });

  it('an upload that ends a not in time is taken before the not is judged', () => {
    const is = (s: string) => [{ property: 's', equals: s }];
    const steps = [{ where: is('open') }, { not: { where: is('closed') }, within: '10m' }];
    const set = driver(hot({ lateTolerance: '5s', evaluate: { type: 'sequence', steps } }));
    set.send(10_000, { m: 'a', s: 'open', time: 4_000 });
    set.send(10_001, { m: 'a', s: 'closed', time: 4_500 });
    set.send(10_002, { m: 'a', s: 'open', time: 5_000 });
    set.advance(11_000);
    expect(brief(set)).toEqual(['10002 firing']);
  });
});

function countOf(within: string) {
  return { evaluate: { type: 'any', having: { calc: 'count', within, gte: 3 } }, for: undefined };
}
