import { describe, expect, it, vi } from 'vitest';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { serverEnvironment, skippingEnvironment, summary, withSet } from '../../support/workflows/rule-set-worker.ts';
import { recoverer } from '../../support/workflows/recoverer.ts';

const PATIENT = { timeout: 30_000 };
const [SECOND_MS, MINUTE_MS] = [1_000, 60_000];

const environment = await skippingEnvironment();
const server = await serverEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  staleAfter: '15m',
};
const machine = (machineId: string, state: string) => ({ machineId, state });
const stopped = machine('m1', 'stopped');

const pausedAt = (stored: StoredRule, version: number, atMs: number): StoredRule => ({
  ...stored,
  ...{ version, storedAtMs: atMs, pause: { sinceMs: atMs, fromMs: atMs, by: 'ana', of: 'rule' } },
});

const resumedFrom = (stored: StoredRule, version: number, fromMs: number): StoredRule => ({
  ...stored,
  ...{ version, storedAtMs: fromMs + 1, resumed: { mode: 'publish', fromMs, version } },
});

describe('a partition set whose rule is paused', () => {
  it.each([
    ['in one run', environment, MINUTE_MS, { staleAfter: '15m', repeat: '10m' }, {}],
    ['from run to run', server, SECOND_MS, { staleAfter: '15s', repeat: '10s' }, { signalsPerRun: 2 }],
  ])(
    'handles no deadline until it is resumed, and then each at its own time: %s',
    (_what, on, unitMs, words, options) =>
      withSet(
        on,
        { ...rule, ...words },
        async ({ sets, setId, stored, send, alerts }) => {
          await send(...Array.from({ length: 6 }, (_, index) => machine(`m${index + 2}`, 'running')));
          const stoppedMs = await send(stopped);
          await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
          const pausedMs = stoppedMs + unitMs;
          for (const version of [2, 3, 4]) await sets.changeRule(setId, pausedAt(stored, version, pausedMs));
          await vi.waitFor(
            async () => expect(await sets.state(setId)).toMatchObject({ paused: { by: 'ana' }, nextDeadline: null }),
            PATIENT,
          );
          await on.sleep(20 * unitMs);
          expect(await sets.state(setId)).toMatchObject({ status: 'firing', state: { ruleVersion: 4 }, faults: [] });
          expect(await sets.explain(setId, {})).toMatchObject({ paused: { by: 'ana', of: 'rule' } });
          expect(alerts).toHaveLength(1);

          await sets.changeRule(setId, resumedFrom(stored, 5, pausedMs));
          await vi.waitFor(
            () => expect(summary(alerts).filter((text) => !text.startsWith('reminder'))).toHaveLength(2),
            PATIENT,
          );
          expect(summary(alerts).at(-1)).toBe('resolved #1 staleData');
          expect(Date.parse(alerts.at(-1)?.data.evaluatedAt ?? '')).toBe(stoppedMs + 15 * unitMs);
          expect(await sets.state(setId)).not.toHaveProperty('paused');
        },
        options,
      ),
  );

  it('handles what was due before the pause', () =>
    withSet(environment, rule, async ({ sets, setId, stored, send, alerts, nowMs }) => {
      const stoppedMs = await send(stopped);
      await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
      // vigil learns of the pause only now: the stream was paused a little after the deadline.
      await sets.changeRule(setId, pausedAt(stored, 2, stoppedMs + 15 * MINUTE_MS + 1));
      await environment.sleep('16m');
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 staleData'), PATIENT);
      expect(await nowMs()).toBeGreaterThan(stoppedMs + 15 * MINUTE_MS);
    }));

  it('lets people acknowledge its alerts', () =>
    withSet(environment, rule, async ({ sets, setId, stored, send, alerts }) => {
      const stoppedMs = await send(stopped);
      await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
      await sets.changeRule(setId, pausedAt(stored, 2, stoppedMs + 1));
      expect(await sets.act(setId, 'acknowledge', { by: 'ana' })).toMatchObject({ changed: true, state: 'firing' });
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('acknowledged #1 operator'), PATIENT);
    }));

  it('is paused after a reset, too', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, stored, send, alerts } = bench;
        const stoppedMs = await send(stopped);
        await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
        const paused = pausedAt(stored, 2, stoppedMs + 1);
        await sets.changeRule(setId, paused);
        await sets.reset(setId, 'ana');
        await recover({ sets, setId, stored: paused }, stopped);
        await vi.waitFor(async () => expect(await sets.state(setId)).not.toHaveProperty('recovery'), PATIENT);
        await environment.sleep('20m');
        expect(await sets.state(setId)).toMatchObject({ paused: { by: 'ana' }, status: 'firing', faults: [] });
        expect(summary(alerts)).toEqual(['firing #1 condition']);
      },
      { reader },
    );
  });

  it('begins afresh: its alerts resolve, and the set goes on without its partitions', () =>
    withSet(environment, rule, async ({ sets, setId, stored, send, alerts }) => {
      const stoppedMs = await send(stopped);
      await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
      await sets.changeRule(setId, pausedAt(stored, 2, stoppedMs + 1));
      const resumedMs = stoppedMs + 2;
      const afresh: StoredRule = {
        ...stored,
        ...{ version: 3, storedAtMs: resumedMs, resumed: { mode: 'afresh', fromMs: resumedMs, version: 3 } },
      };
      await sets.end(setId, { reason: 'ruleResumed', version: 2, atMs: resumedMs });
      await sets.sendRule({ setId, group: [], startedAtMs: resumedMs }, afresh);
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 ruleResumed'), PATIENT);
      await vi.waitFor(
        async () => expect(await sets.state(setId)).toMatchObject({ live: 0, state: { ruleVersion: 3 } }),
        PATIENT,
      );
      expect(await sets.state(setId)).not.toHaveProperty('paused');
      // A late repetition of the end does not end the set that has begun.
      await sets.end(setId, { reason: 'ruleResumed', version: 2, atMs: resumedMs });
      await send(stopped);
    }));
});
