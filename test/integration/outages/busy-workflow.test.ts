import { randomUUID } from 'node:crypto';
import { Connection, type WorkflowService } from '@temporalio/client';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callRetry, isWorkflowBusy, type CallStatus } from '../../../src/temporal/connection/call-retry.ts';
import { fileServers } from '../../support/servers/servers.ts';

const { temporalAddress } = await fileServers();
const { COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION: CONTINUE_AS_NEW } = proto.temporal.api.enums.v1.CommandType;
const TASK_WITHIN_MS = 30_000;
const SDK_WAITS_MS = 1_000;
const SOON_MS = 150;

const namespace = 'default';
const taskQueue = { name: `busy-${randomUUID()}` };
const workflowExecution = { workflowId: taskQueue.name };
const workflowType = { name: 'nobody' };

let connection: Connection;
let service: WorkflowService;
beforeAll(async () => {
  // No retries: this test needs the rejection.
  connection = await Connection.connect({ address: temporalAddress, interceptors: [] });
  service = connection.workflowService;
});
afterAll(() => connection.close());

const signal = (execution = workflowExecution) =>
  service.signalWorkflowExecution({
    namespace,
    workflowExecution: execution,
    signalName: 'events',
    requestId: randomUUID(),
  });

/** Acts as a worker: takes the next task; the returned function completes it with continue-as-new. */
async function takeTask(): Promise<() => Promise<unknown>> {
  const { taskToken } = await connection.withDeadline(Date.now() + TASK_WITHIN_MS, () =>
    service.pollWorkflowTaskQueue({ namespace, taskQueue, identity: 'test' }),
  );
  const continueAsNew = {
    commandType: CONTINUE_AS_NEW,
    continueAsNewWorkflowExecutionCommandAttributes: { workflowType, taskQueue },
  };
  return () =>
    service.respondWorkflowTaskCompleted({ namespace, taskToken, identity: 'test', commands: [continueAsNew] });
}

it('a set that is continuing as new rejects signals for a moment, and the call is retried soon', async () => {
  await service.startWorkflowExecution({
    namespace,
    workflowType,
    taskQueue,
    requestId: randomUUID(),
    workflowId: workflowExecution.workflowId,
  });
  const first = await takeTask();
  await signal();
  await expect(first()).rejects.toThrow(/UnhandledCommand/);

  const second = await takeTask();
  const refused = await signal().catch((error: unknown) => error as CallStatus);
  expect(refused).toMatchObject({ details: expect.stringContaining('workflow is closing') as string });
  expect(isWorkflowBusy(refused as CallStatus)).toBe(true);
  expect(callRetry.retryableDecider(1, refused as CallStatus)).toBe(true);
  expect(callRetry.delayFunction(1, refused as CallStatus)).toBeLessThan(SOON_MS);

  await second();
  await signal();
});

it('an overloaded server and a missing workflow are left to the SDK', async () => {
  const missing = await signal({ workflowId: randomUUID() }).catch((error: unknown) => error as CallStatus);
  expect(isWorkflowBusy(missing as CallStatus)).toBe(false);
  expect(callRetry.retryableDecider(1, missing as CallStatus)).toBe(false);

  const overloaded = {
    code: 8,
    details: 'namespace rate limit exceeded',
    metadata: { get: () => [] },
  } as unknown as CallStatus;
  expect(callRetry.retryableDecider(1, overloaded)).toBe(true);
  expect(callRetry.delayFunction(1, overloaded)).toBeGreaterThan(SDK_WAITS_MS);
});
