import { describe, expect, it } from 'vitest';
import { driver } from '../../../support/evaluation/driver.ts';

const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };
const AVG = { calc: 'avg', property: 't', within: '2m', gt: 80 };
const START_MS = Date.UTC(2026, 0, 1);

type Event = [atS: number, data: Record<string, unknown>];

/** `<second> <status>` of all alerts. */
function played(words: object, events: Event[], untilS = 3600): string[] {
  const set = driver({ ...base, ...words });
  for (const [atS, data] of events) set.send(atS, data);
  set.advance(untilS);
  return set
    .alerts()
    .map(({ data }) => `${(Date.parse(data.evaluatedAt) - START_MS) / 1000} ${data.status} ${data.severity}`);
}

const any = (having: object): object => ({ evaluate: { type: 'any', having } });
const a = (t: number): Record<string, unknown> => ({ m: 'a', t });
const b = (t: number): Record<string, unknown> => ({ m: 'b', t });

describe('while a condition is unknown', () => {
  it.each<[what: string, words: object, events: Event[], expected: string[]]>([
    ['nothing fires under not', any({ not: AVG }), [[0, { m: 'a' }]], []],
    ['what is known under not fires', any({ not: AVG }), [[0, a(20)]], ['0 firing warning']],
    ['for of the rule does not pass', { ...any(AVG), for: '6m' }, [[0, a(95)]], []],
    ['for of a comparison does not pass', any({ ...AVG, for: '6m' }), [[0, a(95)]], []],
    [
      'for of a comparison begins anew',
      any({ ...AVG, for: '3m' }),
      [
        [0, a(95)],
        [150, a(95)],
        [240, a(95)],
        [330, a(95)],
      ],
      ['330 firing warning'],
    ],
    [
      'a for that has passed has passed',
      any({ ...AVG, for: '1m' }),
      [
        [0, a(95)],
        [600, a(95)],
        [700, a(20)],
      ],
      ['60 firing warning', '700 resolved warning'],
    ],
    ['a firing alert goes on', any(AVG), [[0, a(95)]], ['0 firing warning']],
    [
      'an alert whose condition has stopped resolves after keepFiringFor',
      { ...any(AVG), keepFiringFor: '10m' },
      [
        [0, a(95)],
        [60, a(10)],
      ],
      ['0 firing warning', '660 resolved warning'],
    ],
    [
      'any is true by another part, all is false by another part',
      any({
        any: [
          AVG,
          {
            all: [
              { not: AVG },
              { calc: 'latest', property: 's', equals: 'on' },
              { calc: 'latest', property: 's', equals: 'off' },
            ],
          },
          { calc: 'latest', property: 's', equals: 'on' },
        ],
      }),
      [
        [0, { m: 'a', s: 'on' }],
        [5, { m: 'a', s: 'idle' }],
        [9, a(10)],
      ],
      // From 5 s on, the average and with it the whole is unknown.
      ['0 firing warning', '9 resolved warning'],
    ],
    [
      'none does not hold, unless every partition is known',
      { evaluate: { type: 'none', having: AVG } },
      [
        [0, a(10)],
        [300, b(10)],
        [310, a(10)],
      ],
      ['0 firing warning'],
    ],
    ['none of nobody knows what does not hold', { evaluate: { type: 'none', having: AVG } }, [[0, { m: 'a' }]], []],
    [
      'all fails by a partition that is known',
      { evaluate: { type: 'all', having: AVG } },
      [
        [0, a(95)],
        [10, { m: 'b' }],
        [20, b(10)],
        [300, b(95)],
        [310, a(95)],
      ],
      // b: unknown until 20 s, then false; a is unknown from 2 min until 310 s.
      ['0 firing warning', '20 resolved warning', '310 firing warning'],
    ],
    [
      'count is compared if it does not depend on what is unknown',
      { evaluate: { type: 'count', gte: 2, having: AVG } },
      [
        [0, a(95)],
        [1, { m: 'x' }],
        [2, b(95)],
      ],
      ['2 firing warning'],
    ],
    [
      'count is not compared if it does',
      { evaluate: { type: 'count', lt: 1, having: AVG } },
      [
        [0, { m: 'x' }],
        [1, { m: 'y' }],
        [2, { m: 'x', t: 10 }],
        [3, { m: 'y', t: 10 }],
      ],
      ['3 firing warning'],
    ],
    [
      'percent likewise',
      { evaluate: { type: 'percent', gt: 40, having: AVG } },
      [
        [0, { m: 'x' }],
        [1, a(95)],
      ],
      ['1 firing warning'],
    ],
    [
      'an alert stays at its level, and a higher one that holds goes before it',
      {
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'warning', having: { calc: 'latest', property: 's', equals: 'on' } },
            { severity: 'critical', having: AVG },
          ],
        },
      },
      [
        [0, { m: 'a', s: 'on' }],
        [10, a(95)],
        [400, a(10)],
      ],
      ['0 firing warning', '10 severity critical', '400 severity warning'],
    ],
    [
      'silence that fired ends with it',
      { ...any(AVG), noData: { after: '5m', then: 'alert' } },
      [
        [0, a(10)],
        [600, { m: 'a' }],
      ],
      ['300 firing warning', '600 resolved warning', '900 firing warning'],
    ],
  ])('%s', (_what, words, events, expected) => {
    expect(played(words, events)).toEqual(expected);
  });
});

describe('a value is unknown', () => {
  const not = (having: object): string[] => played(any({ not: having }), [[0, a(1)]], 600);
  it.each<[having: object, known: boolean]>([
    [{ calc: 'avg', property: 'v', within: '1m', gt: 80 }, false],
    [{ calc: 'min', property: 'v', within: '1m', gt: 80 }, false],
    [{ calc: 'deltaPercent', property: 't', within: '1m', gt: 80 }, false],
    [{ calc: 'increase', property: 't', within: '1m', gt: 80 }, false],
    [{ calc: 'count', within: '1m', minSamples: 2, gt: 80 }, false],
    [{ calc: 'ratio', within: '1m', where: [{ property: 't', gt: 5 }], gt: 80 }, true],
    [{ calc: 'sum', property: 'v', within: '1m', gt: 80 }, true],
    [{ calc: 'latest', property: 'v', gt: 80 }, true],
  ])('%j: known %s', (having, known) => {
    expect(not(having)).toEqual(known ? ['0 firing warning'] : []);
  });
});
