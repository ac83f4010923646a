import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import { BACKLOG_MEMO } from '../../../../workflows/messages.ts';
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
