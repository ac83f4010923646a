import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureSearchAttributes } from '../../../src/temporal/client/search-attributes.ts';
import { summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';
import { fileServers } from '../../support/servers/servers.ts';

const { temporalAddress } = await fileServers();

/*
 * On a real server. A run that ends while a signal arrives must repeat its last task; the test server gives that task
 * to the workflow that has already ended, and loses the signal. A real server rejects the task, and the worker repeats
 * it from history: https://github.com/temporalio/temporal/pull/2335
 */
let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await TestWorkflowEnvironment.createFromExistingServer({ address: temporalAddress });
  await ensureSearchAttributes(environment.client, 'default');
});
afterAll(() => environment.teardown());

const SIGNALS_PER_RUN = 8;
const EPISODES = 30;
const EPISODES_AHEAD = 3;
const PATIENT = { timeout: 30_000 };
const MACHINES = Array.from({ length: 12 }, (_, index) => `m${index}`);
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};

/**
 * Every machine runs, and one after the other stops for a moment. The set is a few episodes behind, so that runs end
 * while signals arrive.
 */
async function stopByTurns({ send, alerts }: SetBench): Promise<void> {
  const expected: string[] = [];
  await send(...MACHINES.map((machineId) => ({ machineId, state: 'running' })));
  for (let episode = 1; episode <= EPISODES; episode++) {
    const machineId = MACHINES[episode % MACHINES.length];
    await send({ machineId, state: 'stopped' }, { machineId, state: 'running' });
    expected.push(`firing #${episode} condition`, `resolved #${episode} cleared`);
    await vi.waitFor(() => expect(alerts.length).toBeGreaterThan(2 * (episode - EPISODES_AHEAD)), PATIENT);
  }
  await vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);
}

/** The current run is not the one that was started: it got the state of previous ones. */
async function expectSeveralRuns(workflowId: string): Promise<void> {
  await vi.waitFor(async () => {
    const { raw } = await environment.client.workflow.getHandle(workflowId).describe();
    expect(raw.workflowExecutionInfo?.execution?.runId).not.toBe(raw.workflowExecutionInfo?.firstRunId);
  }, PATIENT);
}

describe.concurrent('a partition set whose runs are short', () => {
  it('loses and repeats nothing while events arrive', () =>
    withSet(
      environment,
      rule,
      async (bench) => {
        await stopByTurns(bench);
        await expectSeveralRuns(bench.setId);
      },
      { signalsPerRun: SIGNALS_PER_RUN },
    ));

  it('loses and repeats nothing when it is split, in runs of its coordinator and of its shards', () =>
    withSet(
      environment,
      rule,
      async (bench) => {
        await stopByTurns(bench);
        const shards = (await bench.sets.state(bench.setId))?.shards?.ids ?? [];
        expect(shards).toHaveLength(3);
        for (const id of [bench.setId, ...shards]) await expectSeveralRuns(id);
      },
      { signalsPerRun: SIGNALS_PER_RUN, split: { atBytes: 700, shards: 3 } },
    ));
});
