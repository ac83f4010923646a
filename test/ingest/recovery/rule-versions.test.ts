import { expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { IndexedRule } from '../../../src/core/matching/rule-index.ts';
import { beginsAt } from '../../../src/core/model/stored-rule/backfill.ts';
import { versionAt, versionsFrom, type RuleVersions } from '../../../src/ingest/recovery/rule-versions.ts';

const HOUR_MS = 3_600_000;

function entryOf(version: number, storedAtHour: number, backfill?: string): IndexedRule {
  const rule = parseRule({
    ...{
      id: 'r',
      clientId: 'c',
      where: [{ property: 'n', exists: true }],
      ...(backfill !== undefined && { backfill }),
    },
    evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
  });
  return { stored: { rule, version, storedAtMs: storedAtHour * HOUR_MS }, rule: compileRule(rule) };
}

const versions: RuleVersions = {
  versions: [entryOf(1, 100, '2h'), entryOf(2, 110, '20h'), entryOf(3, 120)],
  isComplete: true,
  stream: { first: 1, firstAtMs: 0 },
};

it.each([
  [97.9, undefined],
  [98, 1],
  [100, 1],
  [109, 1],
  [110, 2],
  [125, 3],
])('an event stored at hour %d is for version %s', (hour, version) => {
  expect(versionAt(versions, hour * HOUR_MS)?.stored.version).toBe(version);
});

it('a set that begins again with a version takes its events from its backfill on', () => {
  const later = versionsFrom(versions, 2);
  expect(later.versions.map(({ stored }) => stored.version)).toEqual([2, 3]);
  expect([89, 90, 109, 120].map((hour) => versionAt(later, hour * HOUR_MS)?.stored.version)).toEqual([
    undefined,
    2,
    2,
    3,
  ]);
  expect(() => versionsFrom(versions, 4)).toThrow('version 4');
});

it.each([
  ['all that was ever stored', { first: 1, firstAtMs: 99 * HOUR_MS }, 98],
  ['enough', { first: 7, firstAtMs: 50 * HOUR_MS }, 98],
  ['less', { first: 7, firstAtMs: 99 * HOUR_MS }, 99],
  ['only what came after the rule', { first: 7, firstAtMs: 101 * HOUR_MS }, 100],
])('a set begins at the backfill of its rule, or with the stream, which has %s', (_what, stream, hour) => {
  expect(beginsAt(entryOf(1, 100, '2h').stored, stream)).toBe(hour * HOUR_MS);
});
