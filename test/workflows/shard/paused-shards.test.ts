import { expect, it, vi } from 'vitest';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { serverEnvironment, summary, withSet } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const PATIENT = { timeout: 30_000 };
const STALE_MS = 3_000;
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  staleAfter: '3s',
};
const running = Array.from({ length: 6 }, (_, index) => ({ machineId: `m${index + 2}`, state: 'running' }));

it('a split set whose rule is paused handles no deadline until it is resumed, and then each at its own time', () =>
  withSet(
    environment,
    rule,
    async ({ sets, setId, stored, send, alerts, nowMs }) => {
      await send(...running);
      const stoppedMs = await send({ machineId: 'm1', state: 'stopped' });
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      const pausedMs = stoppedMs + 1;
      const paused: StoredRule = {
        ...stored,
        ...{ version: 2, storedAtMs: pausedMs, pause: { sinceMs: pausedMs, fromMs: pausedMs, by: 'ana', of: 'rule' } },
      };
      await sets.changeRule(setId, paused);
      await vi.waitFor(
        async () => expect(await sets.state(setId)).toMatchObject({ paused: { by: 'ana' }, nextDeadline: null }),
        PATIENT,
      );
      await vi.waitUntil(async () => (await nowMs()) > stoppedMs + STALE_MS, PATIENT);
      expect(await sets.state(setId)).toMatchObject({ status: 'firing', state: { ruleVersion: 2 }, faults: [] });
      expect(alerts).toHaveLength(1);

      const resumed = { mode: 'publish', fromMs: pausedMs, version: 3 } as const;
      await sets.changeRule(setId, { ...stored, version: 3, storedAtMs: pausedMs + 1, resumed });
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 staleData'), PATIENT);
      expect(Date.parse(alerts.at(-1)?.data.evaluatedAt ?? '')).toBe(stoppedMs + STALE_MS);
      expect(await sets.state(setId)).not.toHaveProperty('paused');
    },
    { split: { atBytes: 700, shards: 2 } },
  ));
