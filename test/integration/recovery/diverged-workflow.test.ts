import { fileURLToPath } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  NativeConnection,
  Worker,
  type WorkerOptions,
  type WorkflowBundle,
} from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { resetDiverged } from '../../../src/temporal/client/reset-diverged.ts';
import { taskStateOf } from '../../../src/temporal/client/task-state.ts';
import { watchTasks } from '../../../src/temporal/worker/watch-tasks.ts';
import { replaceRuntime } from '../../support/vigil/runtime.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const TASK_QUEUE = 'diverged';
/** A worker gets a query or a task first at random, so some of these workflows diverge. */
const WORKFLOWS = 40;
const LOOK_EVERY_MS = 500;
const TASK_TIMEOUT_MS = 2_000;
const WITHIN = { timeout: 90_000, interval: 200 };
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const ignore = (): void => undefined;

let temporal: Client;
let connection: NativeConnection;
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  await replaceRuntime({ info: ignore, warn: ignore, error: ignore });
  temporal = await connectTemporal(servers.temporalAddress, 'default');
  connection = await NativeConnection.connect({ address: servers.temporalAddress });
  const workflowsPath = fileURLToPath(new URL('../../support/workflows/counting-workflow.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: silent });
});
afterAll(async () => {
  await connection.close();
  await temporal.connection.close();
});

const worker = (more: Partial<WorkerOptions> = {}): Promise<Worker> =>
  Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowBundle,
    activities: { noop: () => Promise.resolve() },
    ...more,
  });

const countOf = async (handle: WorkflowHandle): Promise<unknown> => (await handle.describe()).memo?.['count'];

it('a workflow continues after a query made its history impossible to replay', async () => {
  const resets: string[] = [];
  const watch = watchTasks(
    TASK_QUEUE,
    {
      taskState: (workflowId) => taskStateOf(temporal, workflowId),
      reset: (workflowId, eventId) => resetDiverged(temporal, workflowId, eventId),
      resetCounted: (workflowId) => void resets.push(workflowId),
      log: { info: ignore, warn: ignore, error: ignore },
      counted: ignore,
    },
    LOOK_EVERY_MS,
  );
  const first = await worker();
  const handles = await first.runUntil(async () => {
    const ids = Array.from({ length: WORKFLOWS }, (_, index) => `diverged/rules/r/${index}`);
    const started = await Promise.all(
      ids.map((workflowId) =>
        temporal.workflow.start('counting', {
          taskQueue: TASK_QUEUE,
          workflowId,
          workflowTaskTimeout: TASK_TIMEOUT_MS,
        }),
      ),
    );
    await Promise.all(started.map((handle) => handle.signal('count')));
    await vi.waitFor(async () => expect(await Promise.all(started.map(countOf))).toEqual(started.map(() => 1)), WITHIN);
    return started;
  });

  // Without a worker the queries wait; then an event arrives, and another one during the query.
  const queries = handles.map(async (handle) => {
    await handle.query('count');
    await handle.signal('count');
  });
  await Promise.all(handles.map((handle) => handle.signal('count')));
  const slow = await worker({ maxConcurrentWorkflowTaskExecutions: 2, maxConcurrentWorkflowTaskPolls: 2 });
  await slow.runUntil(async () => {
    await Promise.all(queries);
    await vi.waitFor(async () => expect(await Promise.all(handles.map(countOf))).toEqual(handles.map(() => 3)), WITHIN);
  });

  // Another worker replays the histories.
  const last = await worker();
  await last.runUntil(async () => {
    await Promise.all(handles.map((handle) => handle.signal('count')));
    await vi.waitFor(async () => expect(await Promise.all(handles.map(countOf))).toEqual(handles.map(() => 4)), WITHIN);
    expect(resets.length).toBeGreaterThan(0);
    expect(watch.reasons()).toEqual([]);
    await Promise.all(handles.map((handle) => handle.terminate()));
  });
  watch.stop();
});
