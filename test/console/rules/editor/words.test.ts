import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../../../src/api/package-files.ts';
import { completionsAt, helpAt } from '../../../../src/console/rules/editor/code/completions.ts';
import type { Schema } from '../../../../src/console/rules/editor/code/schema.ts';
import { ruleSchema } from '../../../../src/core/model/rule/rule-schema.ts';

/* Completion and help of the rule editor, from vigil's own JSON Schema. `|` is the cursor. */

const schema = JSON.parse(readFileSync(packagePath('schema/rule.schema.json'), 'utf8')) as Schema;

function at(marked: string): [text: string, position: number] {
  const position = marked.indexOf('|');
  return [marked.slice(0, position) + marked.slice(position + 1), position];
}

const options = (marked: string) => completionsAt(schema, ...at(marked))?.options ?? [];
const words = (marked: string): string[] => options(marked).map(({ label }) => label);
const completed = (marked: string, label: string): string => {
  const [text] = at(marked);
  const { from, to, options: all } = completionsAt(schema, ...at(marked)) ?? { from: 0, to: 0, options: [] };
  return text.slice(0, from) + (all.find((option) => option.label === label)?.text ?? '?') + text.slice(to);
};

const HAVING = 'evaluate:\n  type: each\n  having:\n    ';

describe('completion', () => {
  test('an empty rule may have every word of the rule, in the order of the schema', () => {
    expect(words('|')).toEqual(Object.keys(ruleSchema.shape));
  });

  test.each<[what: string, marked: string, includes: string[], excludes: string[]]>([
    ['the words of a rule that are not there yet', 'id: hot\n|', ['where', 'evaluate'], ['id', 'calc', 'gt']],
    ['a word that is begun', 'id: hot\nwhe|', ['where'], ['id']],
    ['a word with its colon', 'id: hot\nwhe|: []\nfor: 5m', ['where'], ['for']],
    ['the types of an evaluation', 'evaluate:\n  type: |', ['all', 'each', 'sequence'], ['latest']],
    ['the first word of an evaluation', 'evaluate:\n  |', ['type', 'having', 'steps'], ['id']],
    ['of a sequence, its steps', 'evaluate:\n  type: sequence\n  |', ['steps', 'within'], ['having', 'type']],
    ['of each, its condition', 'evaluate:\n  type: each\n  |', ['having', 'levels'], ['steps', 'gte']],
    ['of count, its comparison too', 'evaluate:\n  type: count\n  |', ['having', 'gte'], ['steps', 'of']],
    ['the calculations', `${HAVING}calc: |`, ['latest', 'avg', 'timeIn'], ['each']],
    ['of a calculation, its own words', `${HAVING}calc: percentile\n    |`, ['p', 'within', 'gt'], ['among', 'all']],
    ['in braces', 'evaluate: { type: each, having: { calc: latest, | } }', ['property', 'gt'], ['calc', 'within']],
    ['in an entry of a list', 'where:\n  - |', ['property', 'all', 'equals'], ['where']],
    ['in a further line of an entry', 'where:\n  - property: type\n    |', ['equals', 'glob'], ['all', 'property']],
    ['in a nested condition', 'where:\n  - any:\n      - |', ['property', 'not'], ['calc']],
    ['the severities', 'severity: |', ['info', 'warning', 'critical'], []],
    ['true and false', 'enabled: |', ['true', 'false'], []],
    ['between other words', 'id: hot\n|\nevaluate:\n  type: each\n', ['where'], ['evaluate']],
  ])('offers %s', (_what, marked, includes, excludes) => {
    expect(words(marked)).toEqual(expect.arrayContaining(includes));
    expect(words(marked).filter((word) => excludes.includes(word))).toEqual([]);
  });

  test.each<[what: string, marked: string]>([
    ['in a comment', 'id: hot # wh|'],
    ['in a text', "message: 'is at val|'"],
    ['where any text is possible', 'id: |'],
    ['for an object, in the line of its key', 'evaluate: |'],
    ['in what is no place of a rule', 'nothing:\n  |'],
  ])('offers nothing %s', (_what, marked) => expect(words(marked)).toEqual([]));

  test.each<[marked: string, label: string, text: string]>([
    ['id: hot\nsev|', 'severity', 'id: hot\nseverity: '],
    ['whe|', 'where', 'where:\n  - '],
    ['eva|', 'evaluate', 'evaluate:\n  '],
    ['whe|: []', 'where', 'where: []'],
    ['evaluate:\n  type: each\n  hav|', 'having', 'evaluate:\n  type: each\n  having:\n    '],
    ['evaluate: { type: each, hav| }', 'having', 'evaluate: { type: each, having:  }'],
    ['where:\n  - an|', 'any', 'where:\n  - any:\n      - '],
    ['severity: warn|', 'critical', 'severity: critical'],
  ])('%j with %s becomes %j', (marked, label, text) => expect(completed(marked, label)).toBe(text));

  test('says what each word means', () => {
    const about = (marked: string, label: string) => options(marked).find((option) => option.label === label)?.about;
    expect(about('|', 'id')).toMatch(/^unique within its client/);
    expect(about('evaluate:\n  type: |', 'any')).toBe('at least one live partition satisfies');
    expect(about(`${HAVING}calc: |`, 'latest')).toBe('the newest value, ordered by (event time, stream sequence)');
    expect(about('|', 'severity')).toContain('(default: warning)');
  });

  test('a text nested too deeply, or an alias to nothing, offers nothing', () => {
    expect(words(`${'['.repeat(20_000)}|`)).toEqual([]);
    expect(words('id: *nothing\n|')).toEqual([]);
  });
});

describe('help', () => {
  const help = (marked: string) => helpAt(schema, ...at(marked));
  test.each<[marked: string, word: string, about: RegExp]>([
    ['wh|ere: []', 'where', /^which events the rule reads/],
    ['evaluate:\n  type: ea|ch', 'type', /^every partition has its own alert/],
    [`${HAVING}calc: latest\n    g|t: 80`, 'gt', /^greater than/],
    [`${HAVING}calc: ra|nge\n    within: 5m`, 'calc', /range|largest/],
    ['for: 5|m', 'for', /^how long the condition must hold/],
    ['partitionBy: [machine|Id]', 'partitionBy', /property of the event/],
  ])('of %j', (marked, word, about) =>
    expect(help(marked)).toEqual(expect.objectContaining({ word, about: expect.stringMatching(about) as string })),
  );

  test.each(['labels:\n  te|am: ops', 'id: hot # com|ment', '|'])('there is none of %j', (marked) =>
    expect(help(marked)).toBeNull(),
  );
});
