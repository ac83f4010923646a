import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

type Sent = [at: number, data: Record<string, unknown>];

const buy = { where: [{ property: 'kind', equals: 'buy' }], as: 'buy' };
const of = (kind: string, comparison: object): object[] => [
  { property: 'kind', equals: kind },
  { property: 'price', ...comparison },
];
const twice = { gt: { step: 'buy', property: 'price', times: 2 } };
const sameOrder = [
  { property: 'kind', equals: 'paid' },
  { property: 'order', equals: { step: 'buy', property: 'order' } },
];

function published(steps: object[], sent: readonly Sent[], more: object = {}): string[] {
  const set = driver({
    ...{ id: 'r', clientId: 'c', where: [{ property: 'kind', equals: '*' }], ...more },
    evaluate: { type: 'sequence', steps },
  });
  for (const [at, data] of sent) {
    set.advance(at - 0.001);
    set.send(at, data);
    set.restore();
  }
  set.advance(100);
  return alertsOf(set).map(({ at, status }) => `${at} ${status}`);
}

const buys = (price: unknown): Record<string, unknown> => ({ kind: 'buy', price });
const sells = (price: number): Record<string, unknown> => ({ kind: 'sell', price });

describe('a step that compares with an earlier one', () => {
  const steps = [buy, { where: of('sell', twice), within: '1h' }];

  it.each<[what: string, sent: Sent[], alerts: string[]]>([
    [
      'matches',
      [
        [1, buys(10)],
        [2, sells(21)],
      ],
      ['2 firing', '2 resolved'],
    ],
    [
      'does not match',
      [
        [1, buys(10)],
        [2, sells(20)],
      ],
      [],
    ],
    [
      'compares with each match',
      [
        [1, buys(10)],
        [2, buys(4)],
        [3, sells(9)],
      ],
      ['3 firing', '3 resolved'],
    ],
    [
      'whose event lacks the property',
      [
        [1, { kind: 'buy' }],
        [2, sells(21)],
      ],
      [],
    ],
  ])('%s', (_what, sent, alerts) => expect(published(steps, sent)).toEqual(alerts));

  it('compares with the last event of several (times)', () => {
    const sent: Sent[] = [
      [1, buys(10)],
      [2, buys(3)],
      [3, sells(7)],
    ];
    expect(published([{ ...buy, times: 2 }, { where: of('sell', twice) }], sent)).toEqual(['3 firing', '3 resolved']);
  });
});

describe('a not that compares with an earlier step', () => {
  const steps = [buy, { not: { where: sameOrder }, within: '10s' }];

  it.each<[what: string, sent: Sent[], alerts: string[]]>([
    ['passes', [[1, { kind: 'buy', order: 7 }]], ['11 firing']],
    [
      'is met',
      [
        [1, { kind: 'buy', order: 7 }],
        [2, { kind: 'paid', order: 7 }],
      ],
      [],
    ],
    [
      'is not met by another order',
      [
        [1, { kind: 'buy', order: 7 }],
        [2, { kind: 'paid', order: 8 }],
      ],
      ['11 firing'],
    ],
    [
      'keeps the value while the alert holds',
      [
        [1, { kind: 'buy', order: 7 }],
        [12, { kind: 'paid', order: 8 }],
        [13, { kind: 'paid', order: 7 }],
      ],
      ['11 firing', '13 resolved'],
    ],
    [
      'is met by an event that arrived before the step',
      [
        [1, { kind: 'paid', order: 7, time: 1 }],
        [2, { kind: 'buy', order: 7, time: 0 }],
      ],
      [],
    ],
    [
      'is not met by another order that arrived before the step',
      [
        [1, { kind: 'paid', order: 8, time: 1 }],
        [2, { kind: 'buy', order: 7, time: 0 }],
      ],
      ['10 firing'],
    ],
  ])('%s', (_what, sent, alerts) => expect(published(steps, sent)).toEqual(alerts));
});

it('unless compares with the match, too', () => {
  const steps = [buy, { where: of('sell', { gt: 0 }), unless: { where: sameOrder } }];
  const paid = (order: number): Sent => [2, { kind: 'paid', order }];
  const [first, last]: Sent[] = [
    [1, { kind: 'buy', order: 7 }],
    [3, sells(1)],
  ] as [Sent, Sent];
  expect(published(steps, [first, paid(7), last])).toEqual([]);
  expect(published(steps, [first, paid(8), last])).toEqual(['3 firing', '3 resolved']);
});
