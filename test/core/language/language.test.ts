import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../support/evaluation/driver.ts';

/** Times are seconds. Every feature once, from a user's view; the property tests cover combinations. */
const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
};
const any = (having: object, more: object = {}) => ({ ...base, evaluate: { type: 'any', having }, ...more });
const brief = (set: ReturnType<typeof driver>) =>
  alertsOf(set).map(({ at, status, reason }) => `${at} ${status} ${reason}`);

describe('time in the rule language', () => {
  it('for: fires on time, without an event', () => {
    const set = driver(any({ calc: 'latest', property: 't', gt: 80 }, { for: '5m' }));
    set.send(0, { m: 'a', t: 90 });
    expect(set.nextDeadline()).toBe(300);
    set.advance(299);
    expect(brief(set)).toEqual([]);
    set.advance(1000);
    expect(brief(set)).toEqual(['300 firing condition']);
  });

  it('an event at the exact moment still counts', () => {
    const set = driver(any({ calc: 'latest', property: 't', gt: 80 }, { for: '5m' }));
    set.send(0, { m: 'a', t: 90 });
    set.send(300, { m: 'a', t: 70 });
    set.advance(1000);
    expect(brief(set)).toEqual([]);
  });

  it('changes: more than N in a window, and fewer again as time passes', () => {
    const set = driver(any({ calc: 'changes', property: 's', within: '1m', gt: 2 }));
    for (const [at, s] of [
      [0, 'on'],
      [10, 'off'],
      [20, 'on'],
      [30, 'off'],
    ] as const)
      set.send(at, { m: 'a', s });
    set.advance(500);
    expect(brief(set)).toEqual(['30 firing condition', '70 resolved cleared']);
  });

  it('avg: an empty window is unknown, so it neither fires nor resolves', () => {
    const set = driver(any({ calc: 'avg', property: 't', within: '1m', gt: 80 }));
    set.send(0, { m: 'a', t: 90 });
    set.advance(500);
    set.send(501, { m: 'a', t: 10 });
    expect(brief(set)).toEqual(['0 firing condition', '501 resolved cleared']);
  });

  it('unchanged and age: durations that grow with the clock', () => {
    const set = driver(
      any({
        all: [
          { calc: 'unchanged', property: 's', gte: '1m' },
          { calc: 'age', gt: '30s' },
        ],
      }),
    );
    set.send(0, { m: 'a', s: 'x' });
    set.send(40, { m: 'a', s: 'x' });
    set.advance(200);
    expect(brief(set)).toEqual(['70.001 firing condition']);
  });

  it('a leaf with its own for', () => {
    const set = driver(
      any({
        any: [
          { calc: 'latest', property: 't', gt: 80, for: '10s' },
          { calc: 'latest', property: 't', gt: 100 },
        ],
      }),
    );
    set.send(0, { m: 'a', t: 90 });
    set.advance(100);
    set.send(101, { m: 'a', t: 70 });
    set.send(102, { m: 'a', t: 110 });
    expect(brief(set)).toEqual(['10 firing condition', '101 resolved cleared', '102 firing condition']);
  });

  it('clear: holds until the clear condition holds', () => {
    const set = driver(
      any({ calc: 'latest', property: 't', gt: 80 }, { clear: { calc: 'latest', property: 't', lt: 70 } }),
    );
    for (const [at, t] of [
      [0, 90],
      [1, 75],
      [2, 81],
      [3, 69],
    ] as const)
      set.send(at, { m: 'a', t });
    expect(brief(set)).toEqual(['0 firing condition', '3 resolved cleared']);
  });

  it('noData: alerts on silence, and ends when data returns', () => {
    const set = driver(any({ calc: 'latest', property: 't', gt: 80 }, { noData: { after: '10m', then: 'alert' } }));
    set.send(0, { m: 'a', t: 10 });
    set.advance(700);
    set.send(800, { m: 'a', t: 10 });
    expect(brief(set)).toEqual(['600 firing noData', '800 resolved cleared']);
  });

  it('noData resolve: ends the alert, and suppresses it until the next event', () => {
    const set = driver(any({ calc: 'latest', property: 't', gt: 80 }, { noData: { after: '10m', then: 'resolve' } }));
    set.send(0, { m: 'a', t: 90 });
    set.advance(2000);
    set.send(2001, { m: 'a', t: 91 });
    expect(brief(set)).toEqual(['0 firing condition', '600 resolved noData', '2001 firing condition']);
  });

  it('noData with each and expect: a machine that never reported', () => {
    const rule = {
      ...base,
      evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
      expect: [{ m: 'a' }, { m: 'b' }],
      noData: { after: '1m', then: 'alert' },
    };
    const set = driver(rule);
    set.send(30, { m: 'a', t: 1 });
    set.advance(80);
    expect(alertsOf(set)).toEqual([{ at: 60, status: 'firing', reason: 'noData', episode: 1, partition: { m: 'b' } }]);
  });

  it('levels: the severity follows within the episode', () => {
    const set = driver({
      ...base,
      evaluate: {
        type: 'any',
        levels: [
          { severity: 'critical', having: { calc: 'latest', property: 't', gt: 100 } },
          { severity: 'warning', having: { calc: 'latest', property: 't', gt: 80 } },
        ],
      },
    });
    for (const [at, t] of [
      [0, 90],
      [1, 110],
      [2, 85],
      [3, 10],
    ] as const)
      set.send(at, { m: 'a', t });
    expect(set.alerts().map(({ data }) => `${data.status} ${data.severity} #${data.episode}`)).toEqual([
      'firing warning #1',
      'severity critical #1',
      'severity warning #1',
      'resolved warning #1',
    ]);
  });

  it('schedule: what holds when it opens fires then', () => {
    const set = driver(
      any(
        { calc: 'latest', property: 't', gt: 80 },
        { schedule: { timezone: 'Europe/Berlin', from: '06:00', to: '22:00' } },
      ),
    );
    set.send(0, { m: 'a', t: 90 });
    set.advance(86_400);
    // 06:00 in Berlin is 05:00 UTC in winter; the tests start at midnight UTC.
    expect(brief(set)).toEqual([`${5 * 3600} firing condition`]);
  });

  it('flapping: starts above half, stops below a quarter', () => {
    const set = driver(any({ calc: 'flapping', property: 's' }));
    for (let at = 0; at < 30; at++) set.send(at, { m: 'a', s: at % 2 === 0 ? 'on' : 'off' });
    for (let at = 30; at < 60; at++) set.send(at, { m: 'a', s: 'on' });
    const [fired, resolved] = alertsOf(set);
    // The nine newest pairs weigh 1.2, 1.179, … 1.032: together 10.04 of 20, the first sum above half.
    expect(fired).toMatchObject({ status: 'firing', at: 9 });
    expect(resolved).toMatchObject({ status: 'resolved' });
  });

  it('sequence: A then B within, and A and then no B within', () => {
    const steps = [
      { where: [{ property: 's', equals: 'open' }] },
      { not: { where: [{ property: 's', equals: 'shut' }] }, within: '2m' },
    ];
    const set = driver({ ...base, evaluate: { type: 'sequence', steps } });
    set.send(0, { m: 'a', s: 'open' });
    set.send(60, { m: 'a', s: 'shut' });
    set.send(100, { m: 'a', s: 'open' });
    set.advance(400);
    set.send(500, { m: 'a', s: 'shut' });
    expect(brief(set)).toEqual(['220 firing condition', '500 resolved cleared']);
  });

  it('state survives a JSON round trip at any point', () => {
    const set = driver(any({ calc: 'count', within: '1m', gte: 3 }, { keepFiringFor: '10s' }));
    for (const at of [0, 1, 2, 3]) {
      set.send(at, { m: 'a' });
      set.restore();
    }
    set.advance(200);
    expect(brief(set)).toEqual(['2 firing condition', '71 resolved cleared']);
  });
});
