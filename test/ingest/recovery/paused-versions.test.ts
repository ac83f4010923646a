import { expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { mustWait } from '../../../src/core/model/stored-rule/rule-pause.ts';
import type { ResumeMode } from '../../../src/core/model/stored-rule/rule-pause.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { readVersions, versionAt } from '../../../src/ingest/recovery/rule-versions.ts';

const rule = parseRule({
  ...{ id: 'r', clientId: 'acme', where: [{ property: 'n', exists: true }] },
  evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
});

const plain = (version: number): StoredRule => ({ rule, version, storedAtMs: version * 100 });
const paused = (version: number, fromMs = version * 100): StoredRule => ({
  ...plain(version),
  pause: { sinceMs: fromMs, fromMs, by: null, of: 'rule' },
});
const resumed = (version: number, mode: ResumeMode, fromMs: number, by = version): StoredRule => ({
  ...plain(version),
  resumed: { mode, fromMs, version: by },
});

/** By the time of an event: the version that a rebuilt set applies it with, or why none does. */
async function versionsOf(stored: readonly StoredRule[], times: readonly number[]) {
  const entry = { stored: stored.at(-1) as StoredRule, rule: compileRule(rule) };
  const versions = await readVersions(
    entry,
    { history: () => Promise.resolve({ changes: stored.map((each) => ({ kind: 'put', ...each })), isWhole: true }) },
    { extent: () => Promise.resolve({ first: 1, last: 9, firstAtMs: 0 }) },
  );
  expect(versions.isComplete).toBe(true);
  return times.map((atMs) => {
    const found = versionAt(versions, atMs)?.stored;
    return found === undefined ? 'before' : mustWait(found, atMs) ? 'waits' : found.version;
  });
}

it.each<[what: string, stored: StoredRule[], expected: (number | string)[]]>([
  ['versions have the events from their time on', [plain(1), plain(2), plain(3)], ['before', 1, 2, 3, 3]],
  ['events since a pause wait', [plain(1), paused(2)], ['before', 1, 'waits', 'waits', 'waits']],
  ['also after an edit', [plain(1), paused(2), paused(3, 200)], ['before', 1, 'waits', 'waits', 'waits']],
  ['the version that ends a pause has them', [plain(1), paused(2), resumed(4, 'publish', 200)], ['before', 1, 4, 4, 4]],
  [
    'a later one does not',
    [plain(1), paused(2), resumed(3, 'silently', 200), resumed(4, 'silently', 200, 3)],
    ['before', 1, 3, 3, 4],
  ],
  [
    'afresh, nothing before counts',
    [plain(1), paused(2), resumed(3, 'afresh', 300)],
    ['before', 'before', 'before', 3, 3],
  ],
  [
    'nor if it is edited later',
    [plain(1), paused(2), resumed(3, 'afresh', 300), resumed(4, 'afresh', 300, 3)],
    ['before', 'before', 'before', 3, 4],
  ],
])('%s', async (_what, stored, expected) => {
  expect(await versionsOf(stored, [50, 150, 250, 350, 450])).toEqual(expected);
});
