import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { sectionsFor } from '../../../src/console/system/sections.ts';
import { AUDITED_ACTIONS } from '../../../src/console/system/audit/actions.ts';
import { actionText, originText, remarkText, subjectText } from '../../../src/console/system/audit/entry-text.ts';
import { auditPath } from '../../../src/console/system/audit/filter.ts';
import { oneByOne, outcomeText } from '../../../src/console/system/dead-letters/one-by-one.ts';
import { DEAD_LETTER_ADVICE } from '../../../src/console/system/dead-letters/reasons.ts';
import { SECTIONS_OF_REASONS } from '../../../src/console/system/health/advice.ts';
import { inOrder, tokenState } from '../../../src/console/system/tokens/token-state.ts';
import { processRows, unknownPollers } from '../../../src/console/system/health/process-rows.ts';
import type {
  AuditEntry,
  DeadLetter,
  DeadLetterSummary,
  ProcessList,
  Token,
  VigilProcess,
} from '../../../src/console/server/wire.ts';
import type { AuditEntry as ApiAuditEntry } from '../../../src/core/model/access/audit.ts';
import { AUDIT_ACTIONS } from '../../../src/core/model/access/audit.ts';
import { ROLES } from '../../../src/core/model/access/access.ts';
import { DEGRADED } from '../../../src/core/health/degraded.ts';
import { DEAD_LETTER_REASONS } from '../../../src/observability/metrics/table.ts';
import type { token } from '../../../src/api/schemas/access.ts';
import type { deadLetter } from '../../../src/api/schemas/dead-letters.ts';
import type { processList } from '../../../src/api/schemas/processes.ts';

test('the API types match the types of the console', () => {
  expectTypeOf<z.infer<typeof deadLetter>>().toExtend<DeadLetter>();
  expectTypeOf<z.infer<typeof deadLetter>>().toExtend<DeadLetterSummary>();
  expectTypeOf<ApiAuditEntry>().toExtend<AuditEntry>();
  expectTypeOf<z.infer<typeof token>>().toExtend<Token>();
  expectTypeOf<z.infer<typeof processList>>().toExtend<ProcessList>();
});

test.each(ROLES.map((role) => [role, role === 'admin']))('a %s is offered the tokens: %s', (role, isOffered) => {
  const sections = sectionsFor({ name: 'ana', role, clientId: null }).map(({ section }) => section);
  expect(sections.includes('tokens')).toBe(isOffered);
  expect(sections).toContain('dead-letters');
});

describe('the words of vigil are known to the console', () => {
  test('actions of the audit', () => expect([...AUDITED_ACTIONS].sort()).toEqual([...AUDIT_ACTIONS].sort()));

  test('reasons of dead letters', () =>
    expect(Object.keys(DEAD_LETTER_ADVICE).sort()).toEqual([...DEAD_LETTER_REASONS].sort()));

  test('reasons why vigil is degraded, with a section of docs/operations.md that is there', () => {
    const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    expect(Object.keys(SECTIONS_OF_REASONS).sort()).toEqual(Object.keys(DEGRADED).sort());
    for (const section of Object.values(SECTIONS_OF_REASONS)) expect(page).toContain(`\n### ${section}\n`);
  });
});

describe('the processes', () => {
  const SEEN_MS = Date.UTC(2026, 0, 1);
  const process: VigilProcess = {
    ...{ id: 'a', host: 'host-a', pid: 7, version: '0.1.0', startedAt: '2025-12-31T00:00:00.000Z' },
    ...{ lastSeenAt: new Date(SEEN_MS).toISOString(), lanes: [] },
    parts: { temporal: 'up', nats: 'up', worker: 'up', subscriber: 'degraded', alerts: 'off' },
  };
  const pollers = [{ identity: '7@host-a', polledAt: '2026-01-01T00:00:00.000Z' }];
  const rowOf = (changes: Partial<VigilProcess>, nowMs = SEEN_MS) =>
    processRows({ processes: [{ ...process, ...changes }], pollers }, nowMs)[0];

  test.each([
    [[], ''],
    [[3], '3'],
    [[0, 1, 2, 3], '0–3'],
    [[7, 0, 2, 1, 9, 10], '0–2, 7, 9–10'],
  ])('read the lanes %j: %s', (lanes, text) => expect(rowOf({ lanes })).toMatchObject({ lanes: text }));

  test('say which parts run in them', () =>
    expect(rowOf({})?.parts).toEqual([
      { name: 'worker', state: 'up' },
      { name: 'subscriber', state: 'degraded' },
    ]));

  test('are missing after three heartbeats', () =>
    expect([0, 15_000, 15_001].map((ms) => rowOf({}, SEEN_MS + ms)?.isSilent)).toEqual([false, false, true]));

  test('have asked Temporal for tasks, or have not', () => {
    expect([rowOf({}), rowOf({ pid: 8 }), rowOf({ host: 'host-b' })].map((row) => row?.polledAt)).toEqual([
      '2026-01-01T00:00:00.000Z',
      null,
      null,
    ]);
    const list = { processes: [process], pollers: [...pollers, { identity: '9@gone', polledAt: 'then' }] };
    expect(unknownPollers(list)).toEqual([{ identity: '9@gone', polledAt: 'then' }]);
    expect(unknownPollers({ processes: [process], pollers: null })).toEqual([]);
  });
});

describe('the audit', () => {
  const NOW_MS = Date.UTC(2026, 0, 2);

  test.each([
    [{}, null, '/api/audit?limit=100'],
    [{ client: 'client-01' }, null, '/api/clients/client-01/audit?limit=100'],
    [{ client: 'a/b' }, null, '/api/clients/a%2Fb/audit?limit=100'],
    [{ client: 'client-02' }, 'client-01', '/api/clients/client-01/audit?limit=100'],
    [{ rule: 'hot', action: 'putRule' }, null, '/api/audit?rule=hot&action=putRule&limit=100'],
    [{ since: '24h' }, null, '/api/audit?limit=100&since=2026-01-01T00%3A00%3A00.000Z'],
    [{ since: 'forever' }, null, '/api/audit?limit=100'],
  ])('with %j for those who see %s is at %s', (filter, onlyClient, path) => {
    expect(auditPath(filter, onlyClient, NOW_MS)).toBe(path);
  });

  const entry = {
    ...{ at: '2026-01-01T00:00:00Z', by: 'ana', action: 'putRule', clientId: 'client-01', result: 'ok' as const },
    from: { channel: 'cli', address: '10.0.0.7', forwardedFor: '192.0.2.1', token: 'ci' },
  };

  test('says what and from where in words', () => {
    expect(actionText('closeOrphanedAlerts')).toBe('Close orphaned alerts');
    expect(originText(entry.from)).toBe('cli, 10.0.0.7, for 192.0.2.1, token ci');
    expect(originText({ channel: 'vigil', address: null })).toBe('vigil');
    expect(subjectText({ ...entry, ruleId: 'hot', version: 3 })).toBe('hot, version 3');
    expect(subjectText({ ...entry, deadLetter: 7 })).toBe('dead letter 7');
    expect(subjectText(entry)).toBe('');
    expect(remarkText({ ...entry, note: 'on it', until: '2026-01-02T00:00:00Z' })).toBe(
      'on it, until 2026-01-02T00:00:00Z',
    );
  });
});

describe('acting on dead letters', () => {
  test('goes from the oldest to the newest, and counts what failed by its reason', async () => {
    const seen: number[] = [];
    const act = async (sequence: number): Promise<void> => {
      seen.push(sequence);
      if (sequence > 1) throw new Error('The event is not valid.');
    };
    const outcome = await oneByOne([3, 1, 2], act, (error) => (error as Error).message);
    expect(seen).toEqual([1, 2, 3]);
    expect(outcome).toEqual({ done: 1, failures: [{ why: 'The event is not valid.', count: 2 }] });
    expect(outcomeText('replayed', outcome)).toBe('1 dead letter replayed. 2 not: The event is not valid.');
  });
});

describe('tokens', () => {
  const NOW_MS = Date.UTC(2026, 0, 2);
  const of = (id: string, others: Partial<Token> = {}): Token => ({
    ...{ id, name: id, role: 'viewer', clientId: null, createdBy: null, createdAt: '2026-01-01T00:00:00Z' },
    ...{ expiresAt: null, revokedAt: null, ...others },
  });

  test.each([
    [{}, 'valid'],
    [{ expiresAt: '2026-01-02T00:00:01Z' }, 'valid'],
    [{ expiresAt: '2026-01-02T00:00:00Z' }, 'expired'],
    [{ expiresAt: '2026-01-03T00:00:00Z', revokedAt: '2026-01-01T12:00:00Z' }, 'revoked'],
  ] as const)('with %j are %s', (others, state) => expect(tokenState(of('t', others), NOW_MS)).toBe(state));

  test('that let somebody in come first, then the newest', () => {
    const tokens = [
      of('old'),
      of('revoked', { revokedAt: '2026-01-01T12:00:00Z', createdAt: '2026-01-01T09:00:00Z' }),
      of('new', { createdAt: '2026-01-01T10:00:00Z' }),
    ];
    expect(inOrder(tokens, NOW_MS).map(({ id }) => id)).toEqual(['new', 'old', 'revoked']);
  });
});
