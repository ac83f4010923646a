import { describe, expect, it } from 'vitest';
import { latest, any, levelled, step, sequence, warnings, NO_EFFECT, REVERSED } from './rules-with-warnings.ts';

describe('clear', () => {
  it.each([
    ['the opposite', latest({ gt: 80 }), latest({ lte: 80 }), NO_EFFECT],
    ['one that overlaps', latest({ gt: 80 }), latest({ lt: 90 }), NO_EFFECT],
    ['the negation of the condition', latest({ gt: 80 }), { not: latest({ gt: 80 }) }, NO_EFFECT],
    [
      'the negation of several conditions',
      { all: [latest({ gt: 8 }), latest({ gt: 9 }, 'u')] },
      { not: { all: [latest({ gt: 8 }), latest({ gt: 9 }, 'u')] } },
      NO_EFFECT,
    ],
    ['the condition itself', latest({ gt: 80 }), latest({ gt: 80 }), REVERSED],
    ['a limit on the wrong side', latest({ gt: 80 }), latest({ gt: 70 }), REVERSED],
    [
      'a duration on the wrong side',
      { calc: 'unchanged', property: 't', lt: '5m' },
      { calc: 'unchanged', property: 't', lt: '10m' },
      REVERSED,
    ],
    [
      'one that never holds',
      latest({ gt: 80 }),
      latest({ gt: 5, lt: 3 }),
      'clear: can never hold: no value satisfies gt 5 and lt 3',
    ],
  ])('%s', (_name, having, clear, warning) => {
    expect(warnings(any(having, { clear }))).toEqual([warning]);
  });

  it('is reported with levels if it applies to each', () => {
    const evaluation = levelled({ type: 'any' }, ['warning', latest({ gt: 80 })], ['critical', latest({ gt: 100 })]);
    expect(warnings({ ...evaluation, clear: latest({ lt: 110 }) })).toEqual([NO_EFFECT]);
    expect(warnings({ ...evaluation, clear: latest({ lt: 90 }) })).toEqual([]);
    expect(warnings({ ...evaluation, clear: latest({ gt: 90 }) })).toEqual([]);
    expect(warnings({ ...evaluation, clear: latest({ gt: 70 }) })).toEqual([REVERSED]);
  });

  it.each<[string, own: object[], rule: object, string[]]>([
    [
      'of a level, that level',
      [{}, { clear: latest({ lte: 100 }) }],
      {},
      [NO_EFFECT.replace('clear', 'evaluate.levels[1].clear')],
    ],
    [
      'of a level, on the wrong side',
      [{ clear: latest({ gt: 70 }) }, {}],
      {},
      [REVERSED.replace('clear', 'evaluate.levels[0].clear')],
    ],
    [
      'of a level, that never holds',
      [{ clear: latest({ gt: 5, lt: 3 }) }, {}],
      {},
      ['evaluate.levels[0].clear: can never hold: no value satisfies gt 5 and lt 3'],
    ],
    [
      'of the rule, if every level has its own',
      [{ clear: latest({ lt: 70 }) }, { clear: latest({ lt: 90 }) }],
      { clear: latest({ lt: 60 }) },
      ['clear: has no effect: every level has its own'],
    ],
    [
      'of the rule, for the other levels',
      [{}, { clear: latest({ lt: 100 }) }],
      { clear: latest({ lte: 80 }) },
      [NO_EFFECT],
    ],
    ['hysteresis of each level', [{ clear: latest({ lt: 70 }) }, { clear: latest({ lt: 90 }) }], {}, []],
  ])('%s', (_what, own, rule, expected) => {
    const levels = [80, 100].map((gt, index) => ({
      severity: ['warning', 'critical'][index],
      having: latest({ gt }),
      ...own[index],
    }));
    expect(warnings({ evaluate: { type: 'any', levels }, ...rule })).toEqual(expected);
  });

  it('has no effect in a sequence', () => {
    expect(warnings(sequence([step('a')], { clear: latest({ lt: 1 }) }))).toEqual([
      'clear: has no effect: sequences do not use clear',
    ]);
  });

  it.each([
    ['hysteresis', latest({ gt: 80 }), latest({ lt: 70 })],
    ['another property', latest({ gt: 80 }), latest({ lt: 90 }, 'u')],
    [
      'another window',
      { calc: 'avg', property: 't', within: '1m', gt: 80 },
      { calc: 'avg', property: 't', within: '5m', lte: 80 },
    ],
    ['a condition with for', latest({ gt: 80, for: '1m' }), latest({ lte: 80 })],
    ['a clear with for', latest({ gt: 80 }), latest({ lte: 80, for: '1m' })],
  ])('has no warning for %s', (_name, having, clear) => {
    expect(warnings(any(having, { clear }))).toEqual([]);
  });
});
