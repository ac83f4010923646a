import { describe, expect, it } from 'vitest';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import { pathText } from '../../../../src/core/language/parse/explain-issue.ts';
import { checkRule, parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { latest, rule, any, nested, levels, expectIssue, type Issue } from './rules-to-check.ts';

describe('an invalid rule is reported with its path and what would be valid', () => {
  it.each<[string, unknown, Issue]>([
    ['a string', 'rule', { path: '', message: /must be an object/ }],
    ['nothing', undefined, { path: '', message: /must be an object/ }],
    ['a list', [rule], { path: '', message: /must be an object/ }],
    ['no id', { ...rule, id: undefined }, { path: 'id', message: /is missing; it must be a string/ }],
    ['an id with capitals', { ...rule, id: 'All' }, { path: 'id', message: /1 to 64 characters of a-z, 0-9 and "-"/ }],
    ['an id with a dot', { ...rule, clientId: 'a.b' }, { path: 'clientId', message: /1 to 64 characters of a-z/ }],
    [
      'an empty where',
      { ...rule, where: [] },
      { path: 'where', message: /must not be empty; to match every event, use/ },
    ],
    [
      'a where without a comparison',
      { ...rule, where: [{ property: 'a' }] },
      { path: 'where[0]', message: /needs a comparison: one of equals/ },
    ],
    [
      'a path to a prototype',
      { ...rule, where: [{ property: '__proto__.x', equals: 1 }] },
      { path: 'where[0].property', message: /must be names joined by dots/ },
    ],
    [
      'a constructor',
      { ...rule, partitionBy: ['constructor'] },
      { path: 'partitionBy[0]', message: /must be names joined by dots/ },
    ],
    ['a text in place of a list', { ...rule, where: 'x' }, { path: 'where', message: /must be a list/ }],
    [
      'an invalid duration',
      { ...rule, for: '5 minutes' },
      { path: 'for', message: /must be a duration such as 500ms/ },
    ],
    ['a duration of zero', { ...rule, for: '0s' }, { path: 'for', message: /must be greater than zero/ }],
    [
      'a duration of more than 400 days',
      { ...rule, for: '401d' },
      { path: 'for', message: /must be at most 400 days/ },
    ],
    [
      'a heartbeat that is too short',
      { ...rule, heartbeat: '999ms' },
      { path: 'heartbeat', message: /must be at least 1s/ },
    ],
    [
      'an expect entry without its key',
      { ...rule, expect: [{}] },
      { path: 'expect[0].machineId', message: /is missing; an expected partition needs every property of partitionBy/ },
    ],
    [
      'an expect entry with an unknown key',
      { ...rule, expect: [{ machineId: 'a', site: 'b' }] },
      { path: 'expect[0].site', message: /in neither partitionBy nor groupBy/ },
    ],
    [
      'an invalid template',
      { ...rule, message: '{{#open}}' },
      { path: 'message', message: /is not a valid Mustache template/ },
    ],
    [
      'a template that reaches a prototype',
      { ...rule, message: '{{#labels.__proto__}}{{evidence.items.pop}}{{/labels.__proto__}}' },
      { path: 'message', message: /__proto__/ },
    ],
    [
      'a template that reaches a constructor',
      { ...rule, message: '{{#a}}{{{evidence.total.constructor}}}{{/a}}' },
      { path: 'message', message: /constructor/ },
    ],
    [
      'a path that is too long',
      { ...rule, partitionBy: ['a'.repeat(257)] },
      { path: 'partitionBy[0]', message: /^must have at most 256 characters$/ },
    ],
    [
      'a label that is too long',
      { ...rule, labels: { team: 'a'.repeat(257) } },
      { path: 'labels.team', message: /^must have at most 256 characters$/ },
    ],
    [
      'a label with a key that is too long',
      { ...rule, labels: { ['a'.repeat(65)]: 'x' } },
      { path: `labels.${'a'.repeat(65)}`, message: /^the key must have at most 64 characters$/ },
    ],
    [
      'labels that are too large together',
      {
        ...rule,
        labels: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`label-${index}`, 'x'.repeat(250)])),
      },
      {
        path: 'labels',
        message: /^have 105891 bytes of JSON in total; the maximum is 16384, .*: use fewer or shorter labels$/,
      },
    ],
    [
      'a name that is too long',
      { ...rule, name: '温'.repeat(201) },
      { path: 'name', message: /^has 603 bytes of UTF-8; the maximum is 600: shorten it$/ },
    ],
    [
      'an invalid resolved message',
      { ...rule, resolvedMessage: '{{#open}}' },
      { path: 'resolvedMessage', message: /is not a valid Mustache template/ },
    ],
  ])('%s', (_, definition, issue) => expectIssue(definition, issue));

  it.each([
    [{ ...rule, evalute: rule.evaluate }, 'evaluate'],
    [{ ...rule, kepFiringFor: '1m' }, 'keepFiringFor'],
    [{ ...rule, staleafter: '1m' }, 'staleAfter'],
    [{ ...rule, schedule: { timezone: 'UTC', onclose: 'resolve' } }, 'onClose'],
    [{ ...rule, partitonBy: ['a'] }, 'partitionBy'],
    [any({ ...latest, equls: 1 }), 'equals'],
    [any({ ...latest, proprty: 'a' }), 'property'],
    [{ ...rule, noData: { afer: '1m', after: '1m' } }, 'after'],
    [{ ...rule, schedule: { timezone: 'UTC', dyas: ['mon'] } }, 'days'],
    [{ ...rule, evaluate: { type: 'any', havng: latest, having: latest } }, 'having'],
  ])('%j: did you mean "%s"?', (definition, word) =>
    expect(checkRule(definition).issues.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`did you mean "${word}"?`),
    ),
  );

  it('with every problem in one error', () => {
    const bad = { ...rule, id: 'A', for: 'x', repeat: '1' };
    const fail = (): unknown => parseRule(bad);
    expect(fail).toThrow(VigilError);
    expect(
      checkRule(bad)
        .issues.map(({ path }) => path)
        .sort(),
    ).toEqual(['for', 'id', 'repeat']);
    expect(fail).toThrow(/The rule is not valid\. .*id: must have/);
  });

  it('with paths, in the text and for programs', () => {
    const failure = (bad: unknown): VigilError => {
      try {
        parseRule(bad);
      } catch (error) {
        if (error instanceof VigilError) return error;
      }
      throw new Error('a VigilError is expected');
    };
    const bad = { ...rule, for: 'x', repeat: '1' };
    const { issues } = checkRule(bad);
    expect(failure(bad).fields).toEqual({ issues });
    expect(failure(bad).message).toContain(issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
    expect(failure('text').message).toContain('rule: must be an object');
  });

  it.each<[string, object, string[]]>([
    [
      'an unknown field',
      { ...rule, evaluate: { type: 'any', having: { ...latest, equls: 1 } } },
      ['evaluate.having.equls'],
    ],
    ['a level nine deep', levels(latest, nested(9)), ['evaluate.levels[1].having']],
    [
      'an age compared with a number in a level',
      levels({ calc: 'age', gt: 5 }, latest),
      ['evaluate.levels[0].having.gt'],
    ],
  ])('%s by its path', (_, definition, paths) =>
    expect(checkRule(definition).issues.map(({ path }) => path)).toEqual(paths),
  );
});

it('a path is written as in the rule', () =>
  expect(pathText(['evaluate', 'all', 0, 'property'])).toBe('evaluate.all[0].property'));
