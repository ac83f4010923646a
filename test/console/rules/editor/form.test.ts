import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { withEdits, type Edit } from '../../../../src/console/rules/editor/yaml/edit-text.ts';
import { formOf } from '../../../../src/console/rules/editor/form/form-model.ts';
import { fieldText, scalarOf } from '../../../../src/console/rules/editor/yaml/scalar-text.ts';
import { textOf, TEMPLATES } from '../../../../src/console/rules/editor/templates/templates.ts';
import { pathOf } from '../../../../src/console/rules/editor/yaml/yaml-text.ts';

/* The form of the rule editor: what it shows of a YAML text, and how it changes it. */

const RULE = `# owned by ops
id: hot   # stays
clientId: c

where:
  - { property: type, equals: temperature }  # only these
  - property: site
    equals: 'north'
partitionBy: [machineId,line]
evaluate:
  type: each
  having: { calc: latest, property: celsius, gt: 80 }
# five minutes are enough
for: 5m
message: >-
  too hot,
  really
`;
const ORDER = ['id', 'clientId', 'name', 'where', 'partitionBy', 'evaluate', 'for', 'severity', 'labels', 'message'];

const edited = (path: string, change: unknown, text = RULE): string =>
  withEdits(text, [{ path: pathOf(path), value: change }], ORDER);
const changedLines = (before: string, after: string): { removed: string[]; added: string[] } => {
  const [old, next] = [before.split('\n'), after.split('\n')];
  return { removed: old.filter((line) => !next.includes(line)), added: next.filter((line) => !old.includes(line)) };
};

describe('an edit changes one thing, and no other line', () => {
  test.each<[what: string, path: string, value: unknown, removed: string[], added: string[]]>([
    ['a word', 'id', 'cold', ['id: hot   # stays'], ['id: cold   # stays']],
    [
      'a number in braces',
      'evaluate.having.gt',
      90.5,
      ['  having: { calc: latest, property: celsius, gt: 80 }'],
      ['  having: { calc: latest, property: celsius, gt: 90.5 }'],
    ],
    [
      'a number with many digits',
      'evaluate.having.gt',
      9007199254740993n,
      ['  having: { calc: latest, property: celsius, gt: 80 }'],
      ['  having: { calc: latest, property: celsius, gt: 9007199254740993 }'],
    ],
    ['a text in quotes', 'where[1].equals', "it's", ["    equals: 'north'"], ["    equals: 'it''s'"]],
    ['a text that looks like a number', 'id', '80', ['id: hot   # stays'], ['id: "80"   # stays']],
    [
      'a text with a comma, in braces',
      'evaluate.having.property',
      'a, b',
      ['  having: { calc: latest, property: celsius, gt: 80 }'],
      ['  having: { calc: latest, property: "a, b", gt: 80 }'],
    ],
    ['a new word of the rule, in its place', 'severity', 'critical', [], ['severity: critical']],
    ['a new list', 'groupBy', ['site'], [], ['groupBy: [ site ]']],
    ['labels, which were none', 'labels.team', 'ops', [], ['labels:', '  team: ops']],
    ['a word that goes; its comment stays', 'for', undefined, ['for: 5m'], []],
    ['a folded text', 'message', 'hot', ['message: >-', '  too hot,', '  really'], ['message: hot']],
    ['a text of two lines', 'id', 'a\nb', ['id: hot   # stays'], ['id: "a\\nb"   # stays']],
  ])('%s', (_what, path, value, removed, added) => {
    const after = edited(path, value);
    expect(changedLines(RULE, after)).toEqual({ removed, added });
    const expected = parse(RULE, { intAsBigInt: true }) as object;
    const read = parse(after, { intAsBigInt: true }) as Record<string, unknown>;
    expect(Object.keys(read).filter((key) => !Object.hasOwn(expected, key)).length).toBe(
      ['severity', 'groupBy', 'labels.team'].includes(path) ? 1 : 0,
    );
  });

  test('a new word comes before the words that follow it', () => {
    expect(edited('severity', 'critical').indexOf('severity')).toBeGreaterThan(RULE.indexOf('for: 5m'));
    expect(edited('severity', 'critical')).toMatch(/for: 5m\nseverity: critical\nmessage:/);
    expect(edited('name', 'Hot')).toMatch(/clientId: c\nname: Hot\n\nwhere:/);
  });

  test('another comparison takes the place of the old one', () => {
    const rename: Edit = { path: ['evaluate', 'having', 'gt'], name: 'lte' };
    expect(withEdits(RULE, [rename], ORDER)).toContain('having: { calc: latest, property: celsius, lte: 80 }');
  });

  test('entries of a list are added and removed', () => {
    const more = edited('where[2]', { property: 'line', equals: 3 });
    expect(more).toContain('  - { property: line, equals: 3 }\npartitionBy: [machineId,line]\n');
    expect(more).toContain('{ property: type, equals: temperature } # only these');
    expect(changedLines(RULE, edited('where[1]', undefined)).removed).toEqual(
      expect.arrayContaining(['  - property: site', "    equals: 'north'"]),
    );
  });

  test.each(['', '{"id": "hot", "clientId": "c"}', 'id: hot'])('%j gets a word too', (text) =>
    expect(parse(edited('severity', 'info', text))).toEqual({ ...(parse(text) as object | null), severity: 'info' }),
  );
});

describe('the form', () => {
  const formOfText = (text: string) => formOf(parse(text, { intAsBigInt: true }) as Record<string, unknown>);

  test('shows the common shape of a rule', () => {
    const form = formOfText(RULE);
    expect(form).toMatchObject({
      texts: { id: 'hot', clientId: 'c', for: '5m', severity: '', message: 'too hot, really' },
      partitionBy: 'machineId, line',
      where: [
        { property: 'type', comparison: { word: 'equals', value: 'temperature' } },
        { property: 'site', comparison: { word: 'equals', value: 'north' } },
      ],
      type: 'each',
      having: { calc: 'latest', property: 'celsius', comparison: { word: 'gt', value: 80n } },
      clear: null,
      onlyInYaml: [],
    });
  });

  test.each<[what: string, words: string, onlyInYaml: string[]]>([
    ['other words of a rule', 'schedule: { open: [] }\nlatch: true', ['schedule', 'latch']],
    ['levels', 'evaluate: { type: each, levels: [] }', ['evaluate.levels']],
    ['a sequence', 'evaluate: { type: sequence, steps: [] }', ['evaluate']],
    ['a combined condition', 'evaluate: { type: any, having: { not: { calc: age, gt: 5m } } }', ['evaluate.having']],
    [
      'more of a calculation',
      'evaluate: { type: any, having: { calc: avg, property: x, last: 3, gt: 1 } }',
      ['evaluate.having.last'],
    ],
    ['a comparison with a list', 'where: [{ property: x, in: [1, 2] }, { any: [] }]', ['where[0].in', 'where[1]']],
    ['two comparisons', 'where: [{ property: x, gt: 1, lt: 5 }]', ['where[0].lt']],
    ['an operand', 'clear: { calc: latest, property: x, lt: { calc: latest, property: y } }', ['clear.lt']],
    ['a property with a comma', 'partitionBy: ["a,b"]', ['partitionBy']],
  ])('says that it cannot show %s', (_what, words, onlyInYaml) =>
    expect(formOfText(words).onlyInYaml).toEqual(onlyInYaml),
  );

  test('shows what is no rule as an empty form', () => {
    expect(formOf({ where: 'x', evaluate: 7, labels: [], id: {} })).toMatchObject({ where: [], type: '', labels: [] });
  });

  test.each(TEMPLATES.filter(({ id }) => !['did-not-follow', 'failing-share'].includes(id)))(
    'shows all of the template $id',
    ({ id }) => expect(formOfText(textOf(id, 'c') ?? '').onlyInYaml).toEqual([]),
  );
});

describe('a value in a field', () => {
  test.each<[text: string, value: unknown]>([
    ['80', 80n],
    ['80.5', 80.5],
    ['9007199254740993', 9007199254740993n],
    ['"80"', '80'],
    ['stopped', 'stopped'],
    ['true', true],
    ['"true"', 'true'],
    ['null', null],
    ['*', '*'],
    ['[a', '[a'],
  ])('%s', (text, value) => {
    expect(scalarOf(text)).toEqual(value);
    expect(fieldText(value)).toBe(text);
  });

  test.each<[text: string, value: string]>([
    ['{a: 1}', '{a: 1}'],
    ['a: b', 'a: b'],
    ['"half', '"half'],
  ])('%s is a text, as YAML would make more of it', (text, value) => expect(scalarOf(text)).toBe(value));
});
