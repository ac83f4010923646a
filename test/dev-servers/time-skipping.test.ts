import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { sleepThirtyDays } from '../support/workflows/long-sleep-workflow.ts';
import { createTimeSkipping } from '../support/servers/time-skipping.ts';

const DAY_MS = 86_400_000;

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 300_000);

afterAll(() => environment.teardown());

test('a workflow that sleeps 30 days completes immediately', async () => {
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: 'time-skipping',
    workflowsPath: fileURLToPath(new URL('../support/workflows/long-sleep-workflow.ts', import.meta.url)),
  });
  const startedMs = await environment.currentTimeMs();

  const result = await worker.runUntil(
    environment.client.workflow.execute<typeof sleepThirtyDays>('sleepThirtyDays', {
      taskQueue: 'time-skipping',
      workflowId: 'long-sleep',
    }),
  );

  expect(result).toBe('awake');
  expect((await environment.currentTimeMs()) - startedMs).toBeGreaterThanOrEqual(30 * DAY_MS);
}, 60_000);
