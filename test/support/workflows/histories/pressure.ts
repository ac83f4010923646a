import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import type { Condition } from '../../../../src/core/model/rule/condition-schema.ts';
import type { Rule } from '../../../../src/core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../../../src/core/model/stored-rule/stored-rule.ts';
import { BACKLOG_MEMO } from '../../../../workflows/messages.ts';
import { recoverer } from '../recoverer.ts';
import { summary, withSet } from '../rule-set-worker.ts';
import { SIGNALS_PER_RUN, PATIENT, rule, type RecordedHistory } from './recorded-rule.ts';

/**
 * A split set with deadlines in its shards, several runs of coordinator and shards, a rule change, and the end. Returns
 * the ids of the coordinator and a shard.
 */
export async function split(environment: TestWorkflowEnvironment): Promise<[string, string]> {
  const MACHINES = 6;
  const ROUNDS = 3 * SIGNALS_PER_RUN;
  let recorded: [string, string] = ['', ''];
  await withSet(
    environment,
    { ...rule, staleAfter: '5s' },
    async ({ send, alerts, sets, setId, stored }) => {
      const machine = (index: number, state: string) => ({ machineId: `m${index % MACHINES}`, state });
      await send(...Array.from({ length: MACHINES }, (_, index) => machine(index, 'running')));
      for (let barrier = 0; barrier < ROUNDS; barrier++) {
        await send(machine(barrier, 'stopped'), machine(barrier, 'running'));
        await vi.waitFor(() => expect(alerts.length).toBeGreaterThan(barrier), PATIENT);
      }
      await send(machine(0, 'stopped'));
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe(`resolved #${ROUNDS + 1} staleData`), PATIENT);
      await sets.changeRule(setId, { ...stored, version: 2 });
      await vi.waitFor(async () => expect((await sets.state(setId))?.state.ruleVersion).toBe(2), PATIENT);
      recorded = [setId, (await sets.state(setId))?.shards?.ids[0] ?? ''];
    },
    { signalsPerRun: 4 * SIGNALS_PER_RUN, split: { atBytes: 700, shards: 2 } },
  );
  return recorded;
}

/** A split set that begins again with a version that needs values of before, and its shard. Returns both ids. */
export async function splitAndPrime(environment: TestWorkflowEnvironment): Promise<[string, string]> {
  const HOUR_MS = 3_600_000;
  const { reader, recover } = recoverer(environment);
  let recorded: [string, string] = ['', ''];
  const machine = (number: number, state: string) => ({ machineId: `m${number}`, state });
  const twoWith = (having: Condition): Rule['evaluate'] => ({ type: 'count', gte: 2, having });
  await withSet(
    environment,
    { ...rule, evaluate: twoWith({ calc: 'latest', property: 'state', equals: 'stopped' }) },
    async (bench) => {
      const { send, alerts, sets, setId, stored, nowMs } = bench;
      await send(...[3, 4, 5].map((number) => machine(number, 'running')));
      await vi.waitFor(async () => expect((await sets.state(setId))?.shards?.ids).toHaveLength(2), PATIENT);
      await send(machine(1, 'stopped'), machine(2, 'stopped'));
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
      const evaluate = twoWith({ calc: 'count', within: '2h', gt: 1 });
      const next: StoredRule = {
        rule: { ...stored.rule, backfill: '1h', evaluate },
        ...{ version: 2, storedAtMs: await nowMs() },
      };
      await sets.changeRule(setId, next);
      const events = [machine(1, 'running'), machine(1, 'running'), machine(2, 'running')];
      await recover({ ...bench, stored: next, startedAtMs: next.storedAtMs - HOUR_MS }, ...events);
      await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 ruleUpdated'), PATIENT);
      await vi.waitFor(async () => expect(await sets.state(setId)).not.toHaveProperty('recovery'), PATIENT);
      recorded = [setId, (await sets.state(setId))?.shards?.ids[0] ?? ''];
    },
    { reader, split: { atBytes: 700, shards: 2 } },
  );
  return recorded;
}

/** A set that cannot publish as fast as it creates alerts: the history up to its report of the backlog. */
export async function beHeld(environment: TestWorkflowEnvironment): Promise<RecordedHistory> {
  const MACHINES = 60;
  let [isRejected, attempts] = [true, 0];
  let history: RecordedHistory | undefined;
  const evaluate = { ...rule.evaluate, type: 'each' };
  const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`label-${index}`, 'x'.repeat(250)]));
  await withSet(
    environment,
    { ...rule, evaluate, labels },
    async ({ send, alerts, setId }) => {
      const handle = environment.client.workflow.getHandle(setId);
      const [first, ...others] = Array.from({ length: MACHINES }, (_, n) => ({ machineId: `m${n}`, state: 'stopped' }));
      // The history has the alerts that are being published: one, to keep it small.
      await send({ ...first });
      await vi.waitFor(() => expect(attempts).toBeGreaterThan(0), PATIENT);
      await send(...others);
      await vi.waitFor(async () => expect((await handle.describe()).memo?.[BACKLOG_MEMO]).toBeGreaterThan(0), PATIENT);
      history = await handle.fetchHistory();
      isRejected = false;
      await vi.waitFor(() => expect(alerts).toHaveLength(MACHINES), PATIENT);
    },
    {
      rejects() {
        attempts += 1;
        return isRejected;
      },
    },
  );
  if (history === undefined) throw new Error('the set was not held');
  return history;
}
