import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../../src/core/language/analysis/analysis.ts';
import { describeRule } from '../../../../src/core/language/describe.ts';
import { checkRule, parseRule } from '../../../../src/core/language/parse/parse-rule.ts';

const base = { id: 'r', clientId: 'c', where: [{ property: 'type', equals: 'power' }], partitionBy: ['m'] };
const kw = { calc: 'latest', property: 'kw' };
const age = { calc: 'age' };
const on = { calc: 'latest', property: 's', equals: 'on' };
const measured = (evaluate: object, more: object = {}) => ({
  ...base,
  evaluate: { type: 'sum', ...evaluate },
  ...more,
});
const expected = { type: 'percent', of: 'expected', gt: 50, having: on };

const errors = (rule: object): string[] => checkRule(rule).issues.map(({ path, message }) => `${path}: ${message}`);
const warnings = (rule: object): string[] =>
  analyseRule(parseRule(rule)).map(({ path, message }) => `${path}: ${message}`);

describe('a rule that compares a value of all partitions', () => {
  it.each<[string, object]>([
    [
      'with any calculation',
      measured({ of: { calc: 'percentile', property: 'kw', p: 95, within: '5m', minSamples: 3 }, gt: 1 }),
    ],
    [
      'with chosen events',
      measured({ of: { ...kw, as: 'number', where: [{ property: 's', equals: 'on' }] }, between: [1, 2] }),
    ],
    ['without partitionBy', measured({ of: kw, gt: 1 }, { partitionBy: undefined })],
    [
      'with levels',
      measured({
        of: kw,
        levels: [
          { severity: 'info', gt: 1 },
          { severity: 'critical', gt: 2 },
        ],
      }),
    ],
    ['of durations', measured({ type: 'max', of: age, gt: '5m' })],
    ['or a percentage of expected ones', { ...base, evaluate: expected, expect: [{ m: 'a' }] }],
  ])('may be written %s', (_what, rule) => expect(errors(rule)).toEqual([]));

  it.each<[string, object, string]>([
    ['no of', measured({ gt: 1 }), 'evaluate.of: is missing; it must be an object'],
    ['no comparison', measured({ of: kw }), 'evaluate: needs exactly one of a comparison (such as gt: 100) and levels'],
    [
      'both',
      measured({ of: kw, gt: 1, levels: [{ severity: 'info', gt: 1 }] }),
      'evaluate: needs exactly one of a comparison (such as gt: 100) and levels',
    ],
    ['a comparison in of', measured({ of: { ...kw, gt: 1 }, gt: 1 }), 'evaluate.of.gt: is not allowed here'],
    ['a for in of', measured({ of: { ...kw, for: '5m' }, gt: 1 }), 'evaluate.of.for: is not allowed here'],
    [
      'a condition as of',
      measured({ of: { all: [kw] }, gt: 1 }),
      'evaluate.of.calc: is missing; it must be one of latest, unchanged, changes, sum, stddev, increase, avg, min, max, range, delta, deltaPercent, percentile, distinct, count, rate, ratio, timeIn, age, flapping',
    ],
    ['having', measured({ of: kw, gt: 1, having: on }), 'evaluate.having: is not allowed here'],
    [
      'having in a level',
      measured({ of: kw, levels: [{ severity: 'info', gt: 1, having: on }] }),
      'evaluate.levels[0].having: is not allowed here',
    ],
    [
      'a level without a comparison',
      measured({ of: kw, levels: [{ severity: 'info' }] }),
      'evaluate.levels[0]: needs a comparison: one of equals, notEquals, in, notIn, gt, gte, lt, lte, between, exists, glob, contains, startsWith, endsWith',
    ],
    [
      'a severity twice',
      measured({
        of: kw,
        levels: [
          { severity: 'info', gt: 1 },
          { severity: 'info', gt: 2 },
        ],
      }),
      'evaluate.levels[1].severity: repeats info; each severity can have only one level',
    ],
    [
      'clear of a level',
      measured({ of: kw, levels: [{ severity: 'info', gt: 1, clear: { ...kw, lt: 1 } }] }),
      'evaluate.levels[0].clear: is not allowed here',
    ],
    [
      'clear',
      measured({ of: kw, gt: 1 }, { clear: { ...kw, lt: 1 } }),
      'clear: is not allowed with sum: no partition satisfies a condition; use keepFiringFor, or levels',
    ],
    ['a text', measured({ of: kw, gt: '1' }), 'evaluate.gt: must be a number'],
    [
      'a text in a level',
      measured({ of: kw, levels: [{ severity: 'info', between: [1, '2'] }] }),
      'evaluate.levels[0].between: must be a number',
    ],
    [
      'a number for a duration',
      measured({ of: age, gt: 5 }),
      'evaluate.gt: must be a duration such as 5m, because age is a duration',
    ],
    ['no roster', { ...base, evaluate: expected }, 'evaluate.of: needs expect: it lists the partitions that count'],
    [
      'another kind of percentage',
      { ...base, evaluate: { ...expected, of: 'all' } },
      'evaluate.of: must be one of expected',
    ],
    [
      'no event to forget on',
      { ...base, evaluate: { type: 'any', having: on }, forgetOn: [] },
      'forgetOn: must have at least 1 entry',
    ],
    [
      'a wrong comparison to forget on',
      { ...base, evaluate: { type: 'any', having: on }, forgetOn: [{ property: 's', gt: 1, ignoreCase: true }] },
      'forgetOn[0].ignoreCase: applies to equals, in, glob, contains, startsWith, endsWith only: remove it, or move gt to another entry',
    ],
    [
      'a wrong choice of events',
      measured({ of: { ...kw, where: [{ property: 's', gt: 1, ignoreCase: true }] }, gt: 1 }),
      'evaluate.of.where[0].ignoreCase: applies to equals, in, glob, contains, startsWith, endsWith only: remove it, or move gt to another entry',
    ],
  ])('is refused with %s', (_what, rule, error) => expect(errors(rule)).toContain(error));

  it.each<[string, object, string]>([
    ['never', measured({ of: kw, gt: 5, lt: 3 }), 'evaluate: can never hold: no value satisfies gt 5 and lt 3'],
    [
      'never, as counts are not negative',
      measured({ of: { calc: 'count', within: '5m' }, lt: 0 }),
      'evaluate: can never hold: no value satisfies lt 0',
    ],
    [
      'never, of durations',
      measured({ type: 'max', of: age, gt: '5m', lt: '3m' }),
      'evaluate: can never hold: no value satisfies gt "5m" and lt "3m"',
    ],
    [
      'never, in a level',
      measured({ of: kw, levels: [{ severity: 'info', gt: 5, lt: 3 }] }),
      'evaluate.levels[0]: can never hold: no value satisfies gt 5 and lt 3',
    ],
    [
      'always below another level',
      measured({
        of: kw,
        levels: [
          { severity: 'info', gt: 5 },
          { severity: 'critical', gt: 3 },
        ],
      }),
      'evaluate.levels[0]: never takes effect: whenever it holds, critical (evaluate.levels[1]) holds too',
    ],
    [
      'the same level twice',
      measured({
        of: kw,
        levels: [
          { severity: 'info', gt: 5 },
          { severity: 'critical', gt: 5 },
        ],
      }),
      'evaluate.levels[1]: repeats evaluate.levels[0]',
    ],
    [
      'the same event twice',
      {
        ...base,
        evaluate: { type: 'any', having: on },
        forgetOn: [
          { property: 's', equals: 1 },
          { property: 's', equals: 1 },
        ],
      },
      'forgetOn[1]: repeats forgetOn[0]',
    ],
    [
      'a window shorter than the heartbeat',
      measured({ of: { calc: 'count', within: '1m' }, gt: 1 }, { heartbeat: '5m' }),
      'evaluate.of.within: is shorter than heartbeat (5m): each heartbeat covers only the last 1m',
    ],
  ])('is warned of: %s', (_what, rule, warning) => expect(warnings(rule)).toEqual([warning]));

  it.each<[object, string]>([
    [measured({ of: kw, gt: 100 }), 'sum of latest(kw) gt 100, by m'],
    [
      measured({
        type: 'max',
        of: { calc: 'count', within: '5m' },
        levels: [
          { severity: 'info', gt: 1 },
          { severity: 'critical', gt: 2 },
        ],
      }),
      'max of count(5m) gt 1 (info); gt 2 (critical), by m',
    ],
    [
      { ...base, evaluate: expected, expect: [{ m: 'a' }] },
      'percent of the expected gt 50 having latest(s) equals "on", by m',
    ],
    [
      { ...base, evaluate: { type: 'any', having: on }, forgetOn: [{ property: 's', equals: 'gone' }] },
      'any having latest(s) equals "on", by m, forgotten on [{"property":"s","equals":"gone"}]',
    ],
  ])('is shown in one line', (rule, text) => expect(describeRule(parseRule(rule))).toBe(text));
});
