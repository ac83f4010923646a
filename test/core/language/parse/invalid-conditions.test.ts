import { describe, it } from 'vitest';
import { latest, rule, any, nested, expectIssue, type Issue } from './rules-to-check.ts';

describe('an invalid condition is reported with its path and what would be valid', () => {
  it.each<[string, unknown, Issue]>([
    [
      'an empty path',
      any({ ...latest, property: '' }),
      { path: 'evaluate.having.property', message: /names joined by dots/ },
    ],
    [
      'an unknown type',
      { ...rule, evaluate: { type: 'some', having: latest } },
      {
        path: 'evaluate.type',
        message: /must be one of all, any, none, each, count, percent, sum, avg, min, max, sequence/,
      },
    ],
    [
      'no type',
      { ...rule, evaluate: { having: latest } },
      { path: 'evaluate.type', message: /is missing; it must be one of all, any, none/ },
    ],
    [
      'an unknown calculation',
      any({ calc: 'mean', property: 'x', gt: 1 }),
      { path: 'evaluate.having.calc', message: /must be one of latest, unchanged, changes, sum, stddev/ },
    ],
    [
      'an object as an operand',
      any({ ...latest, equals: {} }),
      { path: 'evaluate.having.equals', message: /must be a value, \{latest: …\} or \{calc: …\}/ },
    ],
    [
      'neither having nor levels',
      { ...rule, evaluate: { type: 'any' } },
      { path: 'evaluate', message: /needs exactly one of having and levels/ },
    ],
    [
      'having and levels',
      { ...rule, evaluate: { type: 'any', having: latest, levels: [{ severity: 'info', having: latest }] } },
      { path: 'evaluate', message: /needs exactly one of having and levels/ },
    ],
    [
      'a count without a comparison',
      { ...rule, evaluate: { type: 'count', having: latest } },
      { path: 'evaluate', message: /needs a comparison/ },
    ],
    [
      'an unknown calc',
      any({ calc: 'median', property: 'a', gt: 1 }),
      { path: 'evaluate.having.calc', message: /must be one of/ },
    ],
    [
      'a window without a length',
      any({ calc: 'count', gte: 1 }),
      { path: 'evaluate.having.within', message: /is missing/ },
    ],
    [
      'an age compared with a number',
      any({ calc: 'age', gt: 5 }),
      { path: 'evaluate.having.gt', message: /must be a duration such as 5m, because age is a duration/ },
    ],
    [
      'as with another type',
      any({ ...latest, as: 'text' }),
      { path: 'evaluate.having.as', message: /must be one of number/ },
    ],
    [
      'a count as a number',
      any({ calc: 'count', within: '1m', as: 'number', gt: 1 }),
      { path: 'evaluate.having.as', message: /is not allowed here/ },
    ],
    [
      'an age that contains a text',
      any({ calc: 'age', contains: '5m' }),
      { path: 'evaluate.having.contains', message: /compares texts, but age is a duration/ },
    ],
    [
      'a duration without case',
      any({ calc: 'unchanged', property: 'a', equals: '5m', ignoreCase: true }),
      { path: 'evaluate.having.ignoreCase', message: /compares texts, but unchanged is a duration/ },
    ],
    [
      'an order without case',
      any({ ...latest, gt: 'a', ignoreCase: true }),
      { path: 'evaluate.having.ignoreCase', message: /applies to equals, in, glob, .* only: remove it, or move/ },
    ],
    [
      'an empty text to search',
      any({ calc: 'latest', property: 'a', contains: '' }),
      { path: 'evaluate.having.contains', message: /must not be empty/ },
    ],
    [
      'conditions nine deep',
      any(nested(9)),
      { path: 'evaluate.having', message: /nests conditions 9 deep; the maximum is 8/ },
    ],
    [
      '65 leaves',
      any({ any: Array.from({ length: 65 }, () => latest) }),
      { path: 'evaluate', message: /the maximum is 64/ },
    ],
    [
      'two levels of one severity',
      {
        ...rule,
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'info', having: latest },
            { severity: 'info', having: latest },
          ],
        },
      },
      { path: 'evaluate.levels[1].severity', message: /each severity can have only one level/ },
    ],
    [
      'a list that is too long',
      any({ calc: 'latest', property: 'a', in: Array.from({ length: 1_001 }, (_, index) => index) }),
      { path: 'evaluate.having.in', message: /^must have at most 1000 entries$/ },
    ],
    [
      'an empty list',
      any({ calc: 'latest', property: 'a', in: [] }),
      { path: 'evaluate.having.in', message: /^must have at least 1 entry$/ },
    ],
    [
      'an expect that is too large',
      {
        ...any({
          all: Array.from({ length: 60 }, (_, index) => ({ calc: 'avg', property: `p${index}`, within: '1h', gt: 1 })),
        }),
        expect: Array.from({ length: 1_000 }, (_, machineId) => ({ machineId })),
      },
      { path: 'expect', message: /^creates a state of \d+ bytes before any event; the maximum is 800000: / },
    ],
    [
      'within on any',
      { ...rule, evaluate: { type: 'any', within: '1m', having: latest } },
      { path: 'evaluate.within', message: /is not allowed here/ },
    ],
  ])('%s', (_, definition, issue) => expectIssue(definition, issue));
});
