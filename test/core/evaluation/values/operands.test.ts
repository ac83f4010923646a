import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const rule = (having: object, more: object = {}): object => ({
  id: 'rule',
  clientId: 'client-01',
  where: [{ property: 'type', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'each', having },
  ...more,
});

type Sent = [at: number, data: object];

/** `12 firing`: what is published when, in seconds. */
function published(definition: object, sent: Sent[], until = 1000): string[] {
  const set = driver(definition);
  for (const [at, data] of sent) {
    set.advance(at - 0.001);
    set.send(at, { m: 'a', ...data });
  }
  set.advance(until);
  return alertsOf(set).map(({ at, status }) => `${at} ${status}`);
}

const compared = (side: object, word = 'gt'): object => rule({ calc: 'latest', property: 'v', [word]: side });

describe('the newest value of another property', () => {
  it.each<[what: string, side: object, sent: Sent[], alerts: string[]]>([
    ['in the same event', { latest: 'max' }, [[1, { v: 9, max: 8 }]], ['1 firing']],
    ['is not exceeded', { latest: 'max' }, [[1, { v: 8, max: 8 }]], []],
    [
      'of an earlier event',
      { latest: 'max' },
      [
        [1, { max: 8 }],
        [2, { v: 9 }],
      ],
      ['2 firing'],
    ],
    [
      're-evaluates at once',
      { latest: 'max' },
      [
        [1, { v: 9, max: 10 }],
        [2, { max: 8 }],
        [3, { max: 9 }],
      ],
      ['2 firing', '3 resolved'],
    ],
    ['is missing', { latest: 'max' }, [[1, { v: 9 }]], []],
    ['has a default', { latest: 'max', default: 8 }, [[1, { v: 9 }]], ['1 firing']],
    [
      'goes before the default',
      { latest: 'max', default: 8 },
      [
        [1, { v: 9 }],
        [2, { max: 10 }],
      ],
      ['1 firing', '2 resolved'],
    ],
    ['has another type', { latest: 'max' }, [[1, { v: 9, max: '8' }]], []],
    ['is a text that counts as a number', { latest: 'max', as: 'number' }, [[1, { v: 9, max: ' 8 ' }]], ['1 firing']],
    ['is null', { latest: 'max', default: 8 }, [[1, { v: 9, max: null }]], ['1 firing']],
    ['is an object', { latest: 'max' }, [[1, { v: 9, max: { is: 8 } }]], []],
    ['is a text like the value', { latest: 'max' }, [[1, { v: 'b', max: 'a' }]], ['1 firing']],
    ['times and plus', { latest: 'max', times: 2, plus: -1 }, [[1, { v: 9, max: 4.9 }]], ['1 firing']],
    ['times and plus, not exceeded', { latest: 'max', times: 2, plus: -1 }, [[1, { v: 9, max: 5 }]], []],
    ['times of a text', { latest: 'max', times: 2 }, [[1, { v: 'b', max: 'a' }]], []],
    ['times and plus of the default', { latest: 'max', default: 4, times: 2 }, [[1, { v: 9 }]], ['1 firing']],
    ['too large for a number', { latest: 'max', times: 1e308, plus: 1 }, [[1, { v: 9, max: 1e308 }]], []],
  ])('%s', (_what, side, sent, alerts) => expect(published(compared(side), sent)).toEqual(alerts));

  it.each<[word: string, side: object, data: object, fires: boolean]>([
    ['equals', { latest: 'w' }, { v: 'a', w: 'a' }, true],
    ['equals', { latest: 'w' }, { v: true, w: true }, true],
    ['equals', { latest: 'w' }, { v: 'a', w: '*' }, false],
    ['notEquals', { latest: 'w' }, { v: 'a', w: 'b' }, true],
    ['notEquals', { latest: 'w' }, { v: 'a', w: 1 }, false],
    ['notEquals', { latest: 'w' }, { v: 'a' }, false],
    ['lt', { latest: 'w' }, { v: 1, w: 2 }, true],
    ['lte', { latest: 'w' }, { v: 2, w: 2 }, true],
    ['gte', { latest: 'w' }, { v: 1, w: 2 }, false],
  ])('%s %j of %j: %s', (word, side, data, fires) =>
    expect(published(compared(side, word), [[1, data]])).toEqual(fires ? ['1 firing'] : []),
  );

  it.each([
    [{ v: 5, low: 4, high: 6 }, ['1 firing']],
    [{ v: 7, low: 4, high: 6 }, []],
    [{ v: 5, low: 4 }, []],
  ])('on both sides of between: %j', (data, alerts) =>
    expect(published(compared([{ latest: 'low' }, { latest: 'high' }], 'between'), [[1, data]])).toEqual(alerts),
  );

  it('ignores case like a constant', () => {
    const having = { calc: 'latest', property: 'v', equals: { latest: 'w' }, ignoreCase: true };
    expect(published(rule(having), [[1, { v: 'On', w: 'oN' }]])).toEqual(['1 firing']);
  });

  it('belongs to the partition', () => {
    const set = driver(compared({ latest: 'max' }));
    set.send(1, { m: 'a', v: 9, max: 8 });
    set.send(2, { m: 'b', v: 9, max: 10 });
    expect(alertsOf(set).map(({ partition }) => partition)).toEqual([{ m: 'a' }]);
  });

  it('expires with its partition', () => {
    const sent: Sent[] = [
      [1, { v: 5, max: 8 }],
      [20, { v: 9 }],
    ];
    expect(
      published(rule({ calc: 'latest', property: 'v', gt: { latest: 'max' } }, { staleAfter: '10s' }), sent),
    ).toEqual([]);
  });
});

describe('another calculation', () => {
  const overOwnPast = { calc: 'avg', property: 'v', within: '60s', times: 1.5 };

  it.each<[what: string, having: object, sent: Sent[], alerts: string[]]>([
    [
      'above its own past',
      { calc: 'latest', property: 'v', gt: overOwnPast },
      [
        [0, { v: 10 }],
        [1, { v: 10 }],
        [2, { v: 30 }],
      ],
      // (10 + 10 + 30) / 3 × 1.5 = 25; when the first has left, it is 30.
      ['2 firing', '60 resolved'],
    ],
    [
      'falls by itself, to the millisecond',
      { calc: 'latest', property: 'v', gt: { calc: 'max', property: 'w', within: '60s' } },
      [
        [0, { w: 9 }],
        [10.001, { v: 5, w: 1 }],
      ],
      // At 70.001 s the last w has left: the maximum is unknown, so that the alert goes on.
      ['60 firing'],
    ],
    [
      'while both sides change by themselves',
      {
        calc: 'count',
        within: '10s',
        lt: { calc: 'count', within: '20s', where: [{ property: 'v', exists: true }], times: 0.5 },
      },
      [
        [0, { v: 1 }],
        [1, { v: 1 }],
        [2, { v: 1 }],
      ],
      // 3 < 1.5; at 10 s 2 < 1.5; at 11 s 1 < 1.5; at 12 s 0 < 1.5; at 20 s 0 < 1; at 22 s 0 < 0.
      ['11 firing', '22 resolved'],
    ],
    [
      'that is unknown',
      { calc: 'latest', property: 'v', gt: { calc: 'avg', property: 'w', within: '60s' } },
      [[0, { v: 1 }]],
      [],
    ],
    [
      'that is unknown, with a default',
      { calc: 'latest', property: 'v', gt: { calc: 'avg', property: 'w', within: '60s', default: 0 } },
      [[0, { v: 1 }]],
      ['0 firing'],
    ],
    [
      'with too few samples',
      { calc: 'latest', property: 'v', gt: { calc: 'avg', property: 'v', within: '60s', minSamples: 2 } },
      [
        [0, { v: 1 }],
        [1, { v: 3 }],
      ],
      ['1 firing'],
    ],
  ])('%s', (_what, having, sent, alerts) => expect(published(rule(having), sent)).toEqual(alerts));

  it('shares the accumulator of an equal calculation', () => {
    const set = driver(
      rule({ calc: 'avg', property: 'v', within: '1m', gt: { calc: 'max', property: 'v', within: '1m' } }),
    );
    set.send(0, { m: 'a', v: 1 });
    expect(Object.values(set.state().partitions)[0]?.stores).toHaveLength(1);
  });
});

describe('another property of the same event', () => {
  const exceeds = { property: 'used', gt: { property: 'quota', times: 0.9, default: 100 } };

  it.each([
    [{ used: 95, quota: 100 }, true],
    [{ used: 90, quota: 100 }, false],
    [{ used: 91 }, true],
    [{ used: '95', quota: 100 }, false],
  ])('where: %j: %s', (data, fires) => {
    const counts = { calc: 'count', within: '1m', gte: 1 };
    expect(published({ ...rule(counts), where: [exceeds] }, [[1, data]], 2)).toEqual(fires ? ['1 firing'] : []);
    expect(published(rule({ ...counts, where: [exceeds] }), [[1, data]], 2)).toEqual(fires ? ['1 firing'] : []);
  });

  it('is no required value', () => {
    const same = { property: 'a', equals: { property: 'b' } };
    expect(
      published({ ...rule({ calc: 'count', within: '1m', gte: 1 }), where: [same] }, [[1, { a: 1, b: 1 }]], 2),
    ).toEqual(['1 firing']);
  });
});

describe('clear and levels', () => {
  it('compare with operands, too', () => {
    const definition = {
      ...rule({}),
      evaluate: {
        type: 'each',
        levels: [
          { severity: 'warning', having: { calc: 'latest', property: 'v', gt: { latest: 'max' } } },
          { severity: 'critical', having: { calc: 'latest', property: 'v', gt: { latest: 'max', times: 2 } } },
        ],
      },
      clear: { calc: 'latest', property: 'v', lt: { latest: 'max', plus: -2 } },
    };
    const sent: Sent[] = [
      [1, { v: 9, max: 8 }],
      [2, { v: 17 }],
      [3, { v: 7 }],
      [4, { v: 5 }],
    ];
    expect(published(definition, sent)).toEqual(['1 firing', '2 severity', '4 resolved']);
  });
});
