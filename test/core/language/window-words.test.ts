import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../src/core/language/analysis/analysis.ts';
import { checkRule, parseRule } from '../../../src/core/language/parse/parse-rule.ts';

const base = { id: 'r', clientId: 'c', where: [{ property: 'type', equals: 'status' }], partitionBy: ['m'] };
const any = (having: object): object => ({ ...base, evaluate: { type: 'any', having } });
const lines = (issues: readonly { path: string; message: string }[]): string[] =>
  issues.map(({ path, message }) => `${path}: ${message}`);
const errors = (having: object): string[] => lines(checkRule(any(having)).issues);
const warnings = (rule: object): string[] => lines(analyseRule(parseRule(rule)));

describe('a window', () => {
  it.each<[what: string, having: object, expected: string[]]>([
    [
      'of neither a time nor a number of events',
      { calc: 'avg', property: 't', gt: 1 },
      ['evaluate.having.within: is missing; it must be a duration such as 10m, or use last: the newest so many events'],
    ],
    [
      'of an operand',
      { calc: 'latest', property: 't', gt: { calc: 'avg', property: 't' } },
      [
        'evaluate.having.gt.within: is missing; it must be a duration such as 10m, or use last: the newest so many events',
      ],
    ],
    [
      'of a rate, of a number of events',
      { all: [{ calc: 'rate', last: 3, gt: 1 }] },
      ['evaluate.having.all[0].last: does not apply to rate, which is per second of within: use count'],
    ],
    [
      'of a rate, missing',
      { calc: 'rate', gt: 1 },
      ['evaluate.having.within: is missing; it must be a duration such as 10m'],
    ],
    ['of too many events', { calc: 'count', last: 257, gt: 1 }, ['evaluate.having.last: must be at most 256']],
    ['of no event', { calc: 'count', last: 0, gt: 1 }, ['evaluate.having.last: must be at least 1']],
    [
      'of a text',
      { calc: 'count', within: '1m', whenFull: 'yes', gt: 1 },
      ['evaluate.having.whenFull: must be true or false'],
    ],
    ['of a value', { calc: 'latest', property: 't', last: 3, gt: 1 }, ['evaluate.having.last: is not allowed here']],
    ['of time and of events', { calc: 'count', last: 256, within: '1m', whenFull: true, gt: 1 }, []],
    ['of distinct with minSamples', { calc: 'distinct', property: 't', last: 3, minSamples: 2, gt: 1 }, []],
  ])('%s', (_what, having, expected) => expect(errors(having)).toEqual(expected));
});

describe('a warning', () => {
  const AT_ONCE =
    'holds as soon as a partition has its first event: add whenFull: true to wait until within has passed';
  const count = (words: object): object => ({ calc: 'count', within: '10m', ...words });

  it.each<[what: string, rule: object, expected: string[]]>([
    ['a low count', any(count({ lt: 5 })), [`evaluate.having: ${AT_ONCE}`]],
    ['a low rate', any({ calc: 'rate', within: '10m', lte: 5 }), [`evaluate.having: ${AT_ONCE}`]],
    ['whenFull: false', any(count({ lt: 5, whenFull: false })), [`evaluate.having: ${AT_ONCE}`]],
    [
      'last',
      any({ calc: 'count', where: [{ property: 's', equals: 'ok' }], last: 5, lt: 3 }),
      [
        'evaluate.having: holds as soon as a partition has its first event: add whenFull: true to wait until the window is full',
      ],
    ],
    [
      'a level, inside of others',
      {
        ...base,
        evaluate: {
          type: 'each',
          levels: [{ severity: 'info', having: { all: [count({ lt: 5 }), count({ gte: 1 })] } }],
        },
      },
      [`evaluate.levels[0].having.all[0]: ${AT_ONCE}`],
    ],
    ['a low count with whenFull', any(count({ lt: 5, whenFull: true })), []],
    ['a high count', any(count({ gt: 5 })), []],
    ['what is not a low count', any({ not: count({ lt: 5 }) }), []],
    ['clear', { ...any(count({ gte: 9 })), clear: count({ lt: 5 }) }, []],
    [
      'distinct above its cap',
      any({ calc: 'distinct', property: 't', within: '1m', gt: 256 }),
      ['evaluate.having: can never hold: no value satisfies gt 256; distinct counts at most 256 values'],
    ],
    [
      'distinct below more than its cap',
      any({ calc: 'distinct', property: 't', within: '1m', lt: 300 }),
      ['evaluate.having: always holds: lt 300 excludes nothing; distinct counts at most 256 values'],
    ],
    ['distinct at its cap', any({ calc: 'distinct', property: 't', within: '1m', gte: 256 }), []],
    [
      'more than so many events',
      any({ calc: 'count', last: 3, gte: 4 }),
      ['evaluate.having: can never hold: no value satisfies gte 4; count is at most 3 (last)'],
    ],
    ['so many events', any({ calc: 'count', last: 3, gte: 3 }), []],
    [
      'more changes than events',
      any({ calc: 'changes', property: 't', last: 3, gt: 3 }),
      ['evaluate.having: can never hold: no value satisfies gt 3; changes is at most 3 (last)'],
    ],
    [
      'more samples than the window has',
      any({ calc: 'avg', property: 't', last: 3, minSamples: 4, gt: 1 }),
      [
        'evaluate.having.minSamples: can never be reached: the window has at most 3 events (last), so the value is always unknown',
      ],
    ],
    ['as many samples as the window has', any({ calc: 'avg', property: 't', last: 3, minSamples: 3, gt: 1 }), []],
    [
      'a value below 0',
      any(count({ lt: 0, whenFull: true })),
      ['evaluate.having: can never hold: no value satisfies lt 0'],
    ],
    ['every number', any(count({ gte: 0 })), ['evaluate.having: always holds: gte 0 excludes nothing']],
    [
      'every number, if it may be unknown, too',
      any(count({ gte: 0, minSamples: 3 })),
      ['evaluate.having: holds for every number: gte 0 excludes nothing'],
    ],
    [
      'every number, if it is unknown until the window is full',
      any(count({ gte: 0, whenFull: true })),
      ['evaluate.having: holds for every number: gte 0 excludes nothing'],
    ],
    [
      'different windows do not exclude each other',
      any({
        all: [
          { calc: 'count', last: 3, gte: 3 },
          { calc: 'count', last: 5, lt: 3, whenFull: true },
        ],
      }),
      [],
    ],
  ])('%s', (_what, rule, expected) => expect(warnings(rule)).toEqual(expected));
});
