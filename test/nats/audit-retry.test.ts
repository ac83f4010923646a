import { afterEach, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../src/core/model/access/audit.ts';
import { AuditRetry } from '../../src/nats/audit/audit-retry.ts';

const entry = (ruleId: string): AuditEntry => ({
  ...{ at: '2026-01-01T00:00:00.000Z', by: 'ana', from: { channel: 'api', address: null } },
  ...{ action: 'putRule', clientId: 'client-01', ruleId, result: 'ok' },
});

let retry: AuditRetry | undefined;
afterEach(() => retry?.stop());

/** A stream that refuses the entries of these rules. */
function stream(refused: Set<string>, options: { againAfterMs?: number; mostWaiting?: number } = {}) {
  const stored: string[] = [];
  const told: string[] = [];
  const ids = new Map<string, Set<string>>();
  retry = new AuditRetry({
    async write({ ruleId = '' }, id) {
      ids.set(ruleId, (ids.get(ruleId) ?? new Set()).add(id));
      if (refused.has(ruleId)) throw new Error('refused');
      stored.push(ruleId);
    },
    onFailed: () => told.push('failed again'),
    onStored: ({ ruleId }) => told.push(`stored ${ruleId}`),
    onDropped: ({ ruleId }) => told.push(`dropped ${ruleId}`),
    ...options,
  });
  return { retry, refused, stored, told, ids };
}

it('tries an entry again until it is stored, under the same id', async () => {
  const { retry, refused, stored, told, ids } = stream(new Set(['a']), { againAfterMs: 1 });
  await expect(retry.write(entry('a'))).rejects.toThrow('refused');
  await vi.waitFor(() => expect(told).toContain('failed again'));
  refused.clear();
  await vi.waitFor(() => expect(retry.count).toBe(0));
  expect([stored, told.at(-1), ids.get('a')?.size]).toEqual([['a'], 'stored a', 1]);
});

it('tries what waits as soon as another one is stored', async () => {
  const { retry, refused, stored } = stream(new Set(['a']));
  await retry.write(entry('a')).catch(() => undefined);
  refused.clear();
  await retry.write(entry('b'));
  await vi.waitFor(() => expect(stored).toEqual(['b', 'a']));
});

it('is not kept by an entry that is always refused', async () => {
  const { retry, refused, stored } = stream(new Set(['bad', 'good']), { againAfterMs: 1 });
  for (const ruleId of refused) await retry.write(entry(ruleId)).catch(() => undefined);
  refused.delete('good');
  await vi.waitFor(() => expect(stored).toEqual(['good']));
  expect(retry.count).toBe(1);
});

it('gives up the oldest when too many wait, and all when it stops', async () => {
  const { retry, told } = stream(new Set(['a', 'b', 'c']), { mostWaiting: 2 });
  for (const ruleId of ['a', 'b', 'c']) await retry.write(entry(ruleId)).catch(() => undefined);
  expect([retry.count, told]).toEqual([2, ['dropped a']]);
  await retry.stop();
  expect(told).toEqual(['dropped a', 'failed again', 'dropped c', 'dropped b']);
  expect(retry.count).toBe(0);
});
