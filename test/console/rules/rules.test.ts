import type { z } from '@hono/zod-openapi';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type * as alerts from '../../../src/api/schemas/alerts/alert-records.ts';
import type * as events from '../../../src/api/schemas/events.ts';
import type * as explanations from '../../../src/api/schemas/rules/explanation.ts';
import type * as sets from '../../../src/api/schemas/rules/partition-sets.ts';
import type * as previews from '../../../src/api/schemas/rules/preview.ts';
import type * as changes from '../../../src/api/schemas/rules/rule-change.ts';
import type * as rules from '../../../src/api/schemas/rules/rules.ts';
import { ageText } from '../../../src/console/design/time/age.ts';
import { visibleRows } from '../../../src/console/design/table/visible-rows.ts';
import { rulePath, withQuery, workflowPage } from '../../../src/console/rules/addresses.ts';
import { filteredRows, filterOf, labelsOf, statusCounts } from '../../../src/console/rules/list/rule-filter.ts';
import { ruleRows, type RuleRow } from '../../../src/console/rules/list/rule-row.ts';
import { lineDiff } from '../../../src/console/rules/one/versions/line-diff.ts';
import {
  pagesWith,
  replacePages,
  type PartitionPage,
} from '../../../src/console/rules/one/partitions/partition-pages.ts';
import { partitionQuery } from '../../../src/console/rules/one/partitions/partition-query.ts';
import { setName, statusOf } from '../../../src/console/rules/one/rule-status.ts';
import { asJson, asYaml, ruleIn } from '../../../src/console/rules/one/rule-yaml.ts';
import type * as types from '../../../src/console/rules/types.ts';

test('the API types match the types of the console', () => {
  expectTypeOf<z.infer<typeof rules.storedRule>>().toExtend<types.StoredRule>();
  expectTypeOf<z.infer<typeof rules.ruleList>>().toExtend<types.RuleList>();
  expectTypeOf<z.infer<typeof rules.versionList>>().toExtend<types.VersionList>();
  expectTypeOf<z.infer<typeof alerts.alertList>['alerts'][number]>().toExtend<types.OpenAlert>();
  expectTypeOf<z.infer<typeof sets.partitionSetList>['partitionSets'][number]>().toExtend<types.PartitionSet>();
  expectTypeOf<z.infer<typeof sets.resetPartitionSets>>().toExtend<types.Reset>();
  expectTypeOf<z.infer<typeof explanations.explanation>>().toExtend<types.Explanation>();
  expectTypeOf<z.infer<typeof sets.partitionList>>().toExtend<types.PartitionList>();
  expectTypeOf<z.infer<typeof changes.dryRun>>().toExtend<types.DryRun>();
  expectTypeOf<z.infer<typeof events.eventProperties>['properties']>().toExtend<types.EventProperty[]>();
  expectTypeOf<z.infer<typeof previews.previewLine>>().toExtend<types.PreviewLine>();
  expectTypeOf<types.ResumeMode>().toExtend<z.input<typeof rules.resumeInput>['mode']>();
});

const listed = (
  id: string,
  more: Partial<types.ListedRule> & { words?: Partial<types.Rule> } = {},
): types.ListedRule => {
  const { words, ...rest } = more;
  return {
    ...{ version: 1, edition: 1, storedAt: '2026-01-01T00:00:00Z', paused: null, status: 'inactive', sets: null },
    rule: { id, clientId: 'c', ...words },
    ...rest,
  };
};

describe('the rows of the list', () => {
  test('count the open alerts of each rule, and say when it fired last', () => {
    const open = (ruleId: string, startsAt: string) => ({ ruleId, state: 'firing', startsAt });
    const rows = ruleRows('c', [listed('hot'), listed('cold'), listed('new')], {
      open: [open('hot', '2026-01-01T01:00:00Z'), open('hot', '2026-01-01T02:00:00Z')],
      newest: [open('cold', '2026-01-01T03:00:00Z'), { ruleId: 'new', state: 'notice', startsAt: null }],
    });
    expect(rows.map(({ ruleId, openAlerts, firedAt }) => [ruleId, openAlerts, firedAt])).toEqual([
      ['hot', 2, '2026-01-01T02:00:00Z'],
      ['cold', 0, '2026-01-01T03:00:00Z'],
      ['new', 0, null],
    ]);
  });

  const ALL: readonly RuleRow[] = [
    ...ruleRows('a', [listed('hot', { status: 'firing', words: { name: 'Too hot', labels: { team: 'ops' } } })], {
      ...{ open: [], newest: [] },
    }),
    ...ruleRows(
      'b',
      [
        listed('idle', { words: { message: 'HOT air', labels: { team: 'ops', site: 'x' } } }),
        listed('off', { status: 'disabled' }),
      ],
      { open: [], newest: [] },
    ),
  ];
  test.each([
    ['', ['hot', 'idle', 'off']],
    ['?text=hot', ['hot', 'idle']],
    ['?text=%20Too%20HOT', ['hot']],
    ['?client=b', ['idle', 'off']],
    ['?status=disabled&status=firing', ['hot', 'off']],
    ['?status=no-such-status', ['hot', 'idle', 'off']],
    ['?label=team%3Dops&label=site%3Dx', ['idle']],
    ['?client=a&status=disabled', []],
  ])('are those that the address %s chooses', (query, expected) => {
    expect(filteredRows(ALL, filterOf(`/rules${query}`)).map(({ ruleId }) => ruleId)).toEqual(expected);
  });

  test('are counted by status, whatever status is chosen', () => {
    expect(Object.fromEntries(statusCounts(ALL, filterOf('/rules?client=b&status=disabled')))).toEqual({
      ...{ inactive: 1, disabled: 1 },
    });
  });

  test('offer their most frequent labels', () => {
    expect(labelsOf(ALL, 1)).toEqual(['team=ops']);
    expect(labelsOf(ALL, 9)).toEqual(['team=ops', 'site=x']);
  });
});

describe('addresses', () => {
  test.each<[string, Record<string, string | string[] | null>, string]>([
    ['/rules', { text: 'a b' }, '/rules?text=a+b'],
    ['/rules?text=x&client=c', { text: '' }, '/rules?client=c'],
    ['/rules?status=firing', { status: ['pending', 'firing'] }, '/rules?status=pending&status=firing'],
    ['/rules?status=firing', { status: null }, '/rules'],
  ])('%s with %o is %s', (url, changed, expected) => {
    expect(withQuery(url, changed)).toBe(expected);
  });

  test('encode what is in them', () => {
    expect(rulePath({ clientId: 'c', ruleId: 'r' })).toBe('/rules/c/r');
    expect(workflowPage('http://ui/', 'default', 'c/rules/r/a=1&b')).toBe(
      'http://ui/namespaces/default/workflows/c%2Frules%2Fr%2Fa%3D1%26b',
    );
  });

  test('ask the API for partitions only what it knows', () => {
    expect(partitionQuery('/rules/c/r?sort=value&state=stale&alert=firing&text=m+1&set=x')).toBe(
      '&sort=value&state=stale&alert=firing&text=m+1',
    );
    expect(partitionQuery('/rules/c/r?sort=colour&state=&text=')).toBe('');
  });
});

describe('the status of a rule', () => {
  const set = (status: types.SetStatus): types.PartitionSet => ({ id: status, workflowId: status, status });
  const paused = { since: '2026-01-01T00:00:00Z', by: null, of: 'rule' } as const;
  test.each([
    ['disabled', listed('r', { words: { enabled: false }, paused }), [set('firing')]],
    ['paused', listed('r', { paused }), [set('firing')]],
    ['unknown', listed('r'), null],
    ['firing', listed('r'), [set('inactive'), set('firing'), set('pending')]],
    ['pending', listed('r'), [set('inactive'), set('pending')]],
    ['inactive', listed('r'), []],
  ])('is %s', (expected, stored, running) => {
    expect(statusOf(stored, running)).toBe(expected);
  });

  test('a set has the name of its group', () => {
    expect(setName('c/rules/r/type=t/site=a%2Fb')).toBe('site=a/b');
    expect(setName('c/rules/r/100%')).toBe('100%');
  });
});

describe('a table of many rows', () => {
  const view = { rowHeight: 40, height: 400, count: 10_000 };
  test.each([
    [0, { first: 0, end: 22 }],
    [4_000, { first: 88, end: 122 }],
    [10_000 * 40 - 400, { first: 9_978, end: 10_000 }],
    // It has become shorter.
    [1e9, { first: 10_000, end: 10_000 }],
  ])('scrolled by %i px has some rows more than are visible', (scrolled, expected) => {
    expect(visibleRows({ ...view, scrolled })).toEqual(expected);
  });
});

describe('pages of partitions', () => {
  const page = (cursor: string | null, next: string | null, count = 10): PartitionPage => ({
    ...{ cursor, next },
    partitions: Array.from({ length: count }, () => ({}) as types.Partition),
  });
  const [a, b, c] = [page(null, 'b'), page('b', 'c'), page('c', null)];

  test.each([
    [
      { first: 0, end: 5 },
      { from: 0, to: 1 },
    ],
    [
      { first: 5, end: 15 },
      { from: 0, to: 2 },
    ],
    [
      { first: 10, end: 20 },
      { from: 1, to: 2 },
    ],
    [
      { first: 25, end: 30 },
      { from: 2, to: 3 },
    ],
  ])('rows %o are on pages %o', (rows, expected) => {
    expect(pagesWith([a, b, c], rows)).toEqual(expected);
  });
  test('before the first one, there is none', () => {
    expect(pagesWith([], { first: 0, end: 0 })).toEqual({ from: 0, to: 0 });
  });

  test('a page that is loaded again keeps those after it, if they still follow', () => {
    const again = page(null, 'b', 3);
    expect(replacePages([a, b, c], 0, [again])).toEqual([again, b, c]);
    const other = page(null, 'b2');
    expect(replacePages([a, b, c], 0, [other])).toEqual([other]);
  });
  test('the next page is added at the end', () => {
    expect(replacePages([a, b], 2, [c])).toEqual([a, b, c]);
  });
});

describe('the text of a rule', () => {
  const ANSWER =
    '{"rule":{"id":"r","n":9007199254740993,"yes":"true","text":"a: b\\n\\"c\\" \\ud83d\\ude00"},"version":1}';
  test('keeps all digits of a whole number, and texts that look like something else', async () => {
    expect(await asYaml(await ruleIn(ANSWER))).toBe(
      'id: r\nn: 9007199254740993\nyes: "true"\ntext: |-\n  a: b\n  "c" 😀\n',
    );
    const json = await asJson(await ruleIn(ANSWER));
    expect(json).toContain('9007199254740993');
    expect(JSON.parse(json)).toEqual((JSON.parse(ANSWER) as { rule: object }).rule);
  });

  test('differs line by line, without what is far away', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => `l${index}`);
    const diff = await lineDiff(lines.join('\n'), lines.with(6, 'new').join('\n'));
    expect(diff.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      ...['skipped 3 lines the same', 'same l3', 'same l4', 'same l5', 'removed l6', 'added new'],
      ...['same l7', 'same l8', 'same l9', 'skipped 2 lines the same'],
    ]);
    expect(await lineDiff('a\n', 'a\n')).toEqual([]);
  });
});

test.each([
  [0, 'now'],
  [4, '4 s ago'],
  [-61, 'in 1 min'],
  [3_600, '1 h ago'],
  [200_000, '2 d ago'],
])('%i s before now is %s', (seconds, expected) => {
  const now = Date.UTC(2026, 0, 1);
  expect(ageText(new Date(now - seconds * 1_000).toISOString(), now)).toBe(expected);
});
