import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const RULE = {
  id: 'rule',
  clientId: 'client-01',
  where: [{ property: 'kind', in: ['reading', 'settings'] }],
  settings: [{ property: 'kind', equals: 'settings' }],
  partitionBy: ['m'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'v', gt: { latest: 'max' } } },
};

type Sent = [at: number, data: Record<string, unknown>];
const reading = (m: string, v: number): Record<string, unknown> => ({ kind: 'reading', m, v });
const setting = (max: unknown, m?: string): Record<string, unknown> => ({
  kind: 'settings',
  max,
  ...(m !== undefined && { m }),
});

function published(sent: Sent[], changes: object = {}, until = 100): string[] {
  const set = driver({ ...RULE, ...changes });
  for (const [at, data] of sent) {
    set.advance(at - 0.001);
    set.send(at, data);
    set.restore();
  }
  set.advance(until);
  return alertsOf(set).map(({ at, status, partition }) => `${at} ${status} ${partition?.['m'] as string}`);
}

describe('settings', () => {
  it.each<[what: string, sent: Sent[], alerts: string[]]>([
    [
      'of one partition, before its first event',
      [
        [1, setting(5, 'a')],
        [2, reading('a', 6)],
        [3, reading('b', 6)],
      ],
      ['2 firing a'],
    ],
    [
      'for all partitions',
      [
        [1, setting(5)],
        [2, reading('a', 6)],
        [3, reading('b', 6)],
      ],
      ['2 firing a', '3 firing b'],
    ],
    [
      'of a partition go before those for all',
      [
        [1, setting(8, 'a')],
        [2, setting(5)],
        [3, reading('a', 6)],
        [4, reading('b', 6)],
      ],
      ['4 firing b'],
    ],
    [
      're-evaluate all partitions at once',
      [
        [1, reading('a', 6)],
        [2, reading('b', 9)],
        [3, setting(8)],
        [4, setting(5)],
      ],
      ['3 firing b', '4 firing a'],
    ],
    [
      're-evaluate their partition at once',
      [
        [1, reading('a', 6)],
        [2, setting(5, 'a')],
        [3, setting(7, 'a')],
      ],
      ['2 firing a', '3 resolved a'],
    ],
    [
      'of a partition that comes in an ordinary event',
      [
        [1, setting(8)],
        [2, { ...reading('a', 6), max: 5 }],
      ],
      ['2 firing a'],
    ],
    [
      'the newest by its own time',
      [
        [1, { ...setting(5, 'a'), time: 1 }],
        [2, { ...setting(9, 'a'), time: 0 }],
        [3, reading('a', 6)],
      ],
      ['3 firing a'],
    ],
    [
      'that null takes back',
      [
        [1, setting(5)],
        [2, setting(9, 'a')],
        [3, reading('a', 6)],
        [4, setting(null, 'a')],
      ],
      ['4 firing a'],
    ],
    [
      'bring no other values',
      [
        [1, setting(5)],
        [2, { ...setting(5, 'a'), v: 9 }],
      ],
      [],
    ],
  ])('%s', (_what, sent, alerts) => expect(published(sent)).toEqual(alerts));

  it('stay when the data of a partition expires', () => {
    const sent: Sent[] = [
      [1, setting(5, 'a')],
      [2, reading('a', 1)],
      [30, reading('a', 6)],
    ];
    expect(published(sent, { staleAfter: '10s' }, 31)).toEqual(['30 firing a']);
  });

  it('are no event of a partition: its data expires as if they had not come', () => {
    const sent: Sent[] = [
      [1, setting(5)],
      [2, reading('a', 6)],
      [11, setting(4, 'a')],
    ];
    expect(published(sent, { staleAfter: '10s' })).toEqual(['2 firing a', '12 resolved a']);
  });

  it('do not end silence', () => {
    const sent: Sent[] = [
      [1, reading('a', 1)],
      [8, setting(5, 'a')],
    ];
    expect(published(sent, { noData: { after: '10s', then: 'alert' } })).toEqual(['11 firing a']);
  });

  it('enter no calculation', () => {
    const evaluate = { type: 'each', having: { calc: 'count', within: '1m', gte: { latest: 'max' } } };
    expect(
      published(
        [
          [1, setting(2, 'a')],
          [2, reading('a', 1)],
          [3, setting(2, 'a')],
          [4, reading('a', 1)],
        ],
        { evaluate },
        5,
      ),
    ).toEqual(['4 firing a']);
  });

  it('end no strict step', () => {
    const is = (v: number): object => ({ where: [{ property: 'v', equals: v }] });
    const evaluate = { type: 'sequence', steps: [is(1), { ...is(2), strict: true }] };
    expect(
      published(
        [
          [1, reading('a', 1)],
          [2, { ...setting(5, 'a'), v: 0 }],
          [3, reading('a', 2)],
        ],
        { evaluate },
      ),
    ).toEqual(['3 firing a', '3 resolved a']);
  });

  it('change a condition when they arrive, whatever their own time is', () => {
    const sent: Sent[] = [
      [60, reading('a', 6)],
      [70, { ...setting(5, 'a'), time: 0 }],
    ];
    expect(published(sent, { for: '5s' })).toEqual(['75 firing a']);
  });

  it('begin anew when other events bring them', () => {
    const set = driver(RULE);
    set.send(1, setting(5));
    set.change({ for: '1s' });
    expect(set.state().settings).toBeDefined();
    set.change({ settings: [{ property: 'kind', equals: 'limits' }] });
    expect(set.state().settings).toBeUndefined();
  });

  it('of an event with some of the properties of partitionBy belong to nobody', () => {
    const set = driver({ ...RULE, partitionBy: ['m', 'n'] });
    set.send(1, setting(5, 'a'));
    expect(set.state().counters.applied).toBe(0);
  });
});
