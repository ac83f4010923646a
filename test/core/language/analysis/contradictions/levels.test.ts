import { describe, expect, it } from 'vitest';
import { latest, levelled, warnings } from './rules-with-warnings.ts';

describe('times of levels', () => {
  const levels = (low: object, high: object): object => ({
    evaluate: {
      type: 'any',
      levels: [
        { severity: 'warning', having: latest({ gt: 80 }), ...low },
        { severity: 'critical', having: latest({ gt: 80 }), ...high },
      ],
    },
  });

  it.each<[string, object, string[]]>([
    ['make one condition with two severities an escalation', levels({}, { for: '10m' }), []],
    ['leave the for of the rule to other levels', { ...levels({}, { for: '10m' }), for: '5m' }, []],
    [
      'leave nothing to the rule if every level has its own',
      { ...levels({ for: '1m' }, { for: '10m' }), for: '5m', keepFiringFor: '5m' },
      ['for: has no effect: every level has its own'],
    ],
  ])('%s', (_what, rule, expected) => expect(warnings(rule)).toEqual(expected));
});

describe('levels', () => {
  const [over80, over100] = [latest({ gt: 80 }), latest({ gt: 100 })];
  const never = (path: string, severity: string, by: string) =>
    `${path}: never takes effect: whenever it holds, ${severity} (${by}) holds too`;
  const [first, second] = ['evaluate.levels[0]', 'evaluate.levels[1]'];

  it('that are duplicates', () => {
    expect(warnings(levelled({ type: 'any' }, ['warning', over80], ['critical', latest({ gt: 80 })]))).toEqual([
      `${second}.having: repeats ${first}.having`,
    ]);
  });

  it.each([
    ['in the wrong order', { type: 'any' }, over100, over80, [never(first, 'critical', second)]],
    ['in the right order', { type: 'any' }, over80, over100, []],
    [
      'of none, which fewer machines make true: reversed',
      { type: 'none' },
      over80,
      over100,
      [never(first, 'critical', second)],
    ],
    ['of none, in the right order', { type: 'none' }, over100, over80, []],
    ['of a count with a lower bound', { type: 'count', gte: 3 }, over100, over80, [never(first, 'critical', second)]],
    ['of a count with an upper bound', { type: 'count', lt: 3 }, over80, over100, [never(first, 'critical', second)]],
    ['of a count with neither', { type: 'count', equals: 3 }, over100, over80, []],
    ['of different properties', { type: 'any' }, latest({ gt: 100 }, 'u'), over80, []],
    ['of which the higher has for', { type: 'any' }, over100, latest({ gt: 80, for: '5m' }), []],
  ])('%s', (_name, evaluation, low, high, expected) => {
    expect(warnings(levelled(evaluation, ['warning', low], ['critical', high]))).toEqual(expected);
  });
});
