import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { expect, vi } from 'vitest';
import type { TemporalCli } from '../../support/servers/temporal-cli.ts';
import type { TestVigil } from '../../support/vigil/vigil.ts';

const PATIENT = { timeout: 60_000, interval: 50 };
const RUNNING_BATCH = proto.temporal.api.enums.v1.BatchOperationState.BATCH_OPERATION_STATE_RUNNING;

export interface Way {
  what: string;
  clientId: string;
  /** Whether the sets forget what they knew. */
  isRebuilt: boolean;
  /** What an operator does to all sets of a client. */
  hit: (clientId: string, ids: readonly string[]) => Promise<unknown>;
}

interface Operator {
  temporal: Client;
  cli: TemporalCli;
  vigil: TestVigil;
}

/** Each with a client of its own. @param operator what exists once the test runs */
export function waysToLoseState(operator: () => Operator): Way[] {
  const cli: TemporalCli = (...args) => operator().cli(...args);
  const each = async (ids: readonly string[], work: (setId: string) => Promise<unknown>): Promise<void> => {
    for (const setId of ids) await work(setId);
  };
  const terminate = (setId: string) => cli('workflow', 'terminate', '-w', setId, '--reason', 'a test');
  /** A run that has just begun has no task to go back to. */
  const reset = (setId: string, ...to: string[]) =>
    vi.waitFor(() => cli('workflow', 'reset', '-w', setId, ...to, '--reason', 'a test'), PATIENT);
  const ofAll = (clientId: string) => ['--query', `ClientId="${clientId}" AND ExecutionStatus="Running"`, '--yes'];

  /** A namespace runs one batch operation at a time, in the background. */
  let lastBatch: Promise<unknown> = Promise.resolve();
  const batch = (...args: string[]): Promise<unknown> =>
    (lastBatch = lastBatch.then(async () => {
      await cli(...args);
      await vi.waitFor(async () => {
        const { operationInfo } = await operator().temporal.workflowService.listBatchOperations({
          namespace: 'default',
        });
        expect(operationInfo.map(({ state }) => state)).not.toContain(RUNNING_BATCH);
      }, PATIENT);
    }));

  /** A run that has not completed a task has none to go back to. */
  const laterTask = (setId: string): Promise<string> =>
    vi.waitFor(() => middleTask(operator().temporal, setId), PATIENT);

  return [
    {
      what: 'temporal workflow terminate',
      clientId: 'lost-01',
      isRebuilt: true,
      hit: (_client, ids) => each(ids, terminate),
    },
    {
      what: 'temporal workflow terminate, by a query',
      clientId: 'lost-02',
      isRebuilt: true,
      hit: (clientId) => batch('workflow', 'terminate', ...ofAll(clientId), '--reason', 'a test'),
    },
    {
      what: 'temporal workflow reset to the first task',
      clientId: 'lost-03',
      isRebuilt: false,
      hit: (_client, ids) => each(ids, (id) => reset(id, '--type', 'FirstWorkflowTask')),
    },
    {
      what: 'temporal workflow reset to the last task',
      clientId: 'lost-04',
      isRebuilt: false,
      hit: (_client, ids) => each(ids, (id) => reset(id, '--type', 'LastWorkflowTask')),
    },
    {
      what: 'temporal workflow reset to an event',
      clientId: 'lost-05',
      isRebuilt: false,
      hit: (_client, ids) => each(ids, async (id) => reset(id, '--event-id', await laterTask(id))),
    },
    {
      what: 'temporal workflow reset, by a query',
      clientId: 'lost-06',
      isRebuilt: false,
      hit: (clientId) =>
        batch('workflow', 'reset', ...ofAll(clientId), '--type', 'FirstWorkflowTask', '--reason', 'a test'),
    },
    {
      what: 'temporal workflow reset that drops signals and updates',
      clientId: 'lost-07',
      isRebuilt: false,
      hit: (_client, ids) => each(ids, (id) => reset(id, '--type', 'LastWorkflowTask', '--reapply-exclude', 'All')),
    },
    { what: 'vigil reset', clientId: 'lost-08', isRebuilt: true, hit: (id) => vigilReset(operator().vigil, id) },
  ];
}

/** The middle one of the workflow tasks that a run has completed: an event id for the command line. */
async function middleTask(temporal: Client, workflowId: string): Promise<string> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId },
  });
  const tasks = (history?.events ?? []).filter((event) => Boolean(event.workflowTaskCompletedEventAttributes));
  const task = tasks[Math.floor(tasks.length / 2)];
  if (task === undefined) throw new Error('the run has not completed a task yet');
  return String(task.eventId);
}

async function vigilReset(vigil: TestVigil, clientId: string): Promise<void> {
  for (const ruleId of ['hot', 'any', 'stale']) {
    const url = `${vigil.app.url}/api/clients/${clientId}/rules/${ruleId}/reset`;
    expect((await fetch(url, { method: 'POST', body: '{"by":"ana"}' })).status).toBe(200);
  }
}
