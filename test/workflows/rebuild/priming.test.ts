import { describe, expect, it, vi } from 'vitest';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { recoverer } from '../../support/workflows/recoverer.ts';
import { serverEnvironment, summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const PATIENT = { timeout: 30_000 };
const HOUR_MS = 3_600_000;
const having = { calc: 'latest', property: 'state', equals: 'stopped' };
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having },
};
const stopped = { machineId: 'm1', state: 'stopped' };
const running = { machineId: 'm1', state: 'running' };

/** More than two events in two hours. */
const busy: Partial<Rule> = {
  backfill: '1h',
  evaluate: { type: 'any', having: { calc: 'count', within: '2h', gt: 2 } },
};

/** Stores another version of the rule now, and tells the set. */
async function change({ sets, setId, stored, nowMs }: SetBench, version: number, changes: object): Promise<StoredRule> {
  const next: StoredRule = { rule: { ...stored.rule, ...changes }, version, storedAtMs: await nowMs() };
  await sets.changeRule(setId, next);
  return next;
}

const FIRED = 'firing #1 condition';

describe('a partition set whose rule gets another version with backfill', () => {
  it.each([
    ['fires as before, in one run', [stopped, running, running], undefined, [FIRED]],
    ['fires as before, from run to run', [stopped, running, running], 2, [FIRED]],
    ['does not fire any more', [stopped, running], undefined, [FIRED, 'resolved #1 ruleUpdated']],
    ['does not fire any more, from run to run', [stopped, running], 2, [FIRED, 'resolved #1 ruleUpdated']],
  ])('begins again with earlier events, and %s', async (_what, events, signalsPerRun, expected) => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, send, alerts } = bench;
        await send(running);
        await send(stopped);
        await vi.waitFor(() => expect(summary(alerts)).toEqual([FIRED]), PATIENT);
        const next = await change(bench, 2, busy);
        await vi.waitFor(
          async () => expect(await sets.state(setId)).toMatchObject({ recovery: { reason: 'ruleChanged' }, muted: {} }),
          PATIENT,
        );
        const startedAtMs = next.storedAtMs - HOUR_MS;
        await recover({ ...bench, stored: next, startedAtMs }, ...events);
        await vi.waitFor(async () => {
          const state = await sets.state(setId);
          expect(state).toMatchObject({
            state: { ruleVersion: 2, startedAt: startedAtMs },
            faults: [],
            unpublished: 0,
          });
          expect([state?.recovery, state?.muted]).toEqual([undefined, undefined]);
        }, PATIENT);
        expect(summary(alerts)).toEqual(expected);
      },
      { reader, ...(signalsPerRun !== undefined && { signalsPerRun }) },
    );
  });

  it('continues if it loses nothing', async () => {
    const { reader } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, stored, send, alerts } = bench;
        await send(stopped);
        await vi.waitFor(() => expect(summary(alerts)).toEqual([FIRED]), PATIENT);
        await change(bench, 2, { backfill: '1h', name: 'Another' });
        const state = { ruleVersion: 2, startedAt: stored.storedAtMs };
        await vi.waitFor(async () => expect(await sets.state(setId)).toMatchObject({ state }), PATIENT);
        expect(await sets.state(setId)).not.toHaveProperty('muted');
        expect(summary(alerts)).toEqual([FIRED]);
      },
      { reader },
    );
  });

  it('resolves the alerts of partitions that it gives up, and fires for others', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      { ...rule, evaluate: { type: 'each', having } },
      async (bench) => {
        const { sets, setId, send, alerts } = bench;
        await send({ ...stopped, line: 'l1' });
        await vi.waitFor(() => expect(summary(alerts)).toEqual([FIRED]), PATIENT);
        const next = await change(bench, 2, { backfill: '1h', partitionBy: ['line'] });
        await recover({ ...bench, stored: next, startedAtMs: next.storedAtMs - HOUR_MS }, { ...stopped, line: 'l1' });
        await vi.waitFor(() => expect(summary(alerts)).toEqual([FIRED, 'resolved #1 ruleUpdated', FIRED]), PATIENT);
        expect(alerts.at(-1)?.data.partition).toEqual({ line: 'l1' });
        expect((await sets.state(setId))?.faults).toEqual([]);
      },
      { reader },
    );
  });

  it('begins again in a reset, too, and publishes no difference', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, send, alerts, stored } = bench;
        await send(stopped);
        await vi.waitFor(() => expect(summary(alerts)).toEqual([FIRED]), PATIENT);
        const next = await change(bench, 2, busy);
        const primed = { ...bench, stored: next, startedAtMs: next.storedAtMs - HOUR_MS };
        await recover(primed, stopped, running, running);
        const settled = (): Promise<void> =>
          vi.waitFor(async () => {
            const state = await sets.state(setId);
            expect([state?.recovery, state?.muted, state?.state.ruleVersion]).toEqual([undefined, undefined, 2]);
          }, PATIENT);
        await settled();
        await sets.reset(setId, 'ana');
        await recover({ ...bench, stored, current: next }, stopped);
        await vi.waitFor(
          async () => expect(await sets.state(setId)).toMatchObject({ recovery: { reason: 'ruleChanged' } }),
          PATIENT,
        );
        await recover(primed, stopped, running, running);
        await settled();
        expect(summary(alerts)).toEqual([FIRED]);
        expect((await sets.state(setId))?.faults).toEqual([]);
      },
      { reader },
    );
  });
});
