import { expect, test } from 'vitest';
import { eventWordsAt } from '../../../../src/console/rules/editor/code/event-words.ts';
import { namesAfter, textsOf } from '../../../../src/console/rules/editor/form/event-names.ts';

/* Completion of what events have. `|` is the cursor. */

const PROPERTIES = [
  { path: 'type', events: 9, values: ['status', '80', "it's: on"] },
  { path: 'motor.celsius', events: 7, values: [] },
  { path: 'a["b.c"]', events: 1, values: [] },
];
const NAMES = PROPERTIES.map(({ path }) => path);

function at(marked: string) {
  const position = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { text, found: eventWordsAt(text, position, PROPERTIES) };
}
const labels = (marked: string): string[] => at(marked).found?.options.map(({ label }) => label) ?? [];
const completed = (marked: string, label: string): string => {
  const { text, found } = at(marked);
  const option = found?.options.find((each) => each.label === label);
  return `${text.slice(0, found?.from)}${option?.text ?? '?'}${text.slice(found?.to)}`;
};

test.each<[what: string, marked: string, offered: string[]]>([
  ['names after property', 'where:\n  - property: |', NAMES],
  ['names for a word that is begun', 'where: [{ property: mo|, gt: 1 }]', NAMES],
  ['names in a condition', 'evaluate:\n  having: { calc: avg, property: motor.c|, within: 5m }', NAMES],
  ['names of partitions', 'partitionBy: [type, |]', NAMES],
  ['names of groups, a line each', 'groupBy:\n  - m|', NAMES],
  ['texts of the property', 'where:\n  - property: type\n    equals: |', ['status', '80', "it's: on"]],
  ['texts in a list', 'where:\n  - property: type\n    in: [status, s|]', ['status', '80', "it's: on"]],
  ['in quotes, texts that need no others', "where:\n  - { property: type, equals: 's|' }", ['status', '80']],
  ['nothing for a property without texts', 'where: [{ property: motor.celsius, equals: | }]', []],
  ['nothing where a number is compared', 'where: [{ property: type, gt: | }]', []],
  ['nothing elsewhere', 'severity: |', []],
  ['nothing for a key', 'where:\n  - pro|: type', []],
])('offers %s', (_what, marked, offered) => expect(labels(marked)).toEqual(offered));

test.each<[what: string, marked: string, label: string, becomes: string]>([
  [
    'a path, all of it',
    'where: [{ property: motor.c|, gt: 1 }]',
    'motor.celsius',
    'where: [{ property: motor.celsius, gt: 1 }]',
  ],
  ['a path with brackets in quotes', 'partitionBy: [|]', 'a["b.c"]', String.raw`partitionBy: ["a[\"b.c\"]"]`],
  [
    'a text that looks like a number in quotes',
    'where: [{ property: type, equals: | }]',
    '80',
    'where: [{ property: type, equals: "80" }]',
  ],
  [
    'in quotes, without others',
    "where: [{ property: type, equals: '|' }]",
    '80',
    "where: [{ property: type, equals: '80' }]",
  ],
])('writes %s', (_what, marked, label, becomes) => expect(completed(marked, label)).toBe(becomes));

test('a list of names in the form goes on after its last comma, with names that are not there', () => {
  expect(namesAfter('', PROPERTIES)).toEqual(NAMES);
  expect(namesAfter('type, mo', PROPERTIES)).toEqual(['type, motor.celsius', 'type, a["b.c"]']);
});

test('the form offers texts as its fields write them', () => {
  expect(textsOf('type', PROPERTIES)).toEqual(['status', '"80"', "it's: on"]);
  expect(textsOf(undefined, PROPERTIES)).toEqual([]);
});
