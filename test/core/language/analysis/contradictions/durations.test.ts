import { describe, expect, it } from 'vitest';
import { latest, any, each, warnings } from './rules-with-warnings.ts';

describe('durations', () => {
  const count = { calc: 'count', within: '1m', gt: 3 };
  const age = (comparison: object) => ({ calc: 'age', ...comparison });

  it('a window shorter than the heartbeat, in any condition', () => {
    const having = { any: [latest({ gt: 1 }), { not: count }] };
    expect(warnings(any(having, { heartbeat: '5m', clear: { calc: 'count', within: '30s', lt: 2 } }))).toEqual([
      'evaluate.having.any[1].not.within: is shorter than heartbeat (5m): each heartbeat covers only the last 1m',
      'clear.within: is shorter than heartbeat (5m): each heartbeat covers only the last 30s',
    ]);
    expect(warnings(any(having, { heartbeat: '1m' }))).toEqual([]);
  });

  it.each([{ gt: '10m' }, { gte: '10m' }, { between: ['10m', '20m'] }])(
    'an age that no live partition reaches: %j',
    (comparison) => {
      const warning =
        'evaluate.having: can never hold: a partition stops being live when its newest event is 10m old (staleAfter)';
      expect(warnings(each(age(comparison), { staleAfter: '10m' }))).toEqual([warning]);
    },
  );

  it.each([
    ['an age below staleAfter', each(age({ gte: '9m59s' }), { staleAfter: '10m' })],
    ['an age without staleAfter', each(age({ gt: '10m' }))],
    [
      'for longer than staleAfter: regular events keep it live',
      any(latest({ gt: 1 }), { for: '10m', staleAfter: '1m' }),
    ],
    [
      'noData alert after staleAfter: it still fires',
      each(latest({ gt: 1 }), { staleAfter: '1m', noData: { after: '5m', then: 'alert' } }),
    ],
    [
      'noData resolve while keepFiringFor runs',
      any(latest({ gt: 1 }), { staleAfter: '1m', keepFiringFor: '5m', noData: { after: '5m', then: 'resolve' } }),
    ],
    [
      'noData resolve of a count, which 0 may satisfy',
      {
        evaluate: { type: 'count', lt: 3, having: latest({ gt: 1 }) },
        staleAfter: '1m',
        noData: { after: '5m', then: 'resolve' },
      },
    ],
  ])('no warning for %s', (_name, rule) => {
    expect(warnings(rule)).toEqual([]);
  });

  it.each([['any'], ['each']])('noData too late to resolve, with %s', (type) => {
    const rule = {
      evaluate: { type, having: latest({ gt: 1 }) },
      staleAfter: '5m',
      keepFiringFor: '1m',
      noData: { after: '6m1ms', then: 'resolve' },
    };
    expect(warnings(rule)).toEqual([
      'noData.after: is too late to resolve anything: staleAfter (5m) resolves alerts first',
    ]);
  });

  it.each([
    [
      'shorter than for',
      { for: '2h' },
      '1h',
      ['backfill: is shorter than for (2h): when the rule starts, it does not know that far back'],
    ],
    ['as long', { for: '2h' }, '2h', []],
    [
      'shorter than a window',
      { for: '2h', evaluate: { type: 'any', having: { calc: 'count', within: '3h', gt: 1 } } },
      '1h',
      ['backfill: is shorter than evaluate.having.within (3h): when the rule starts, it does not know that far back'],
    ],
  ])('backfill %s', (_name, words, backfill, expected) => {
    expect(warnings({ evaluate: { type: 'any', having: latest({ gt: 1 }) }, ...words, backfill })).toEqual(expected);
  });
});
