import { describe, expect, it } from 'vitest';
import { latest, any, step, sequence, warnings } from './rules-with-warnings.ts';

describe('the path of a condition', () => {
  const never = { property: 'v', gt: 5, lt: 3 };
  const message = 'can never hold: no value satisfies gt 5 and lt 3';

  it.each<[string, object, string]>([
    ['a step', sequence([{ where: [never] }, step('b', { within: '1m' })]), 'evaluate.steps[0].where[0]'],
    [
      'a not step',
      sequence([step('a'), { not: { where: [{ not: { not: never } }] }, within: '1m' }]),
      'evaluate.steps[1].not.where[0].not.not',
    ],
    [
      'an unless',
      sequence([step('a'), step('b', { unless: { where: [never] } })]),
      'evaluate.steps[1].unless.where[0]',
    ],
    [
      'several conditions',
      any({ all: [latest({ gt: 1 }), { any: [latest({ gt: 5, lt: 3 }), latest({ gt: 1 }, 'u')] }] }),
      'evaluate.having.all[1].any[0]',
    ],
    ['a count', { evaluate: { type: 'count', gt: 5, lt: 3, having: latest({ gt: 1 }) } }, 'evaluate'],
  ])('is reported: %s', (_what, rule, path) => expect(warnings(rule)).toEqual([`${path}: ${message}`]));
});

describe('numbers of partitions', () => {
  const counted = (type: string, comparison: object) => ({
    evaluate: { type, having: latest({ gt: 1 }), ...comparison },
  });
  const percentage = (word: string, value: number) =>
    `evaluate.${word}: ${value} is out of range: a percentage is between 0 and 100`;

  it.each([
    ['percent', { between: [50, 150] }, percentage('between', 150)],
    ['percent', { gt: 50, lt: 101 }, percentage('lt', 101)],
    ['percent', { gte: -1, lt: 50 }, percentage('gte', -1)],
    ['percent', { gt: 100 }, 'evaluate: can never hold: no value satisfies gt 100'],
    ['percent', { notEquals: 120 }, 'evaluate: always holds: notEquals 120 excludes nothing'],
    ['count', { between: [-5, 3] }, 'evaluate.between: -5 is out of range: a number of partitions is at least 0'],
    ['count', { lt: 0 }, 'evaluate: can never hold: no value satisfies lt 0'],
    ['count', { gt: -1 }, 'evaluate: always holds: gt -1 excludes nothing'],
  ])('%s %j', (type, comparison, warning) => {
    expect(warnings(counted(type, comparison))).toEqual([warning]);
  });

  it.each([
    ['percent', { between: [0, 100], notEquals: 50 }],
    ['percent', { equals: 100 }],
    ['count', { equals: 0 }],
    ['count', { gte: 1_000_000 }],
  ])('no warning for %s %j', (type, comparison) => {
    expect(warnings(counted(type, comparison))).toEqual([]);
  });
});

describe('one of several conditions', () => {
  it('is identified by its path', () => {
    const never = 'can never hold: no value satisfies gt 5 and lt 3';
    expect(
      warnings(any({ all: [latest({ gt: 1 }), { any: [latest({ gt: 2 }, 'u'), latest({ gt: 5, lt: 3 })] }] })),
    ).toEqual([`evaluate.having.all[1].any[1]: ${never}`]);
  });
});
