import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { taskStateOf } from '../../../src/temporal/client/task-state.ts';
import { watchTasks } from '../../../src/temporal/worker/watch-tasks.ts';
import type * as failing from '../../support/workflows/failing-workflows.ts';
import type * as mended from '../../support/workflows/mended-workflows.ts';
import { replaceRuntime } from '../../support/vigil/runtime.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
/** A failing workflow is reported within a minute. */
const SEEN = { timeout: 60_000, interval: 100 };
/** More often than in production, to speed up the test. */
const LOOK_EVERY_MS = 500;
/** Later attempts of a failing task run into this timeout; default 10 s. */
const TASK_TIMEOUT_MS = 5_000;
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const ignore = (): void => undefined;

let temporal: Client;
let connection: NativeConnection;
let failingBundle: WorkflowBundle;
let fixedBundle: WorkflowBundle;
beforeAll(async () => {
  await replaceRuntime({ info: ignore, warn: ignore, error: ignore });
  temporal = await connectTemporal(servers.temporalAddress, 'default');
  connection = await NativeConnection.connect({ address: servers.temporalAddress });
  failingBundle = await bundle(new URL('../../support/workflows/failing-workflows.ts', import.meta.url));
  fixedBundle = await bundle(new URL('../../support/workflows/mended-workflows.ts', import.meta.url));
});
afterAll(async () => {
  await connection.close();
  await temporal.connection.close();
});

const bundle = (file: URL): Promise<WorkflowBundle> =>
  bundleWorkflowCode({ workflowsPath: fileURLToPath(file), logger: silent });

let queues = 0;

/** A task queue with a watch; each case has its own, because they run in parallel. */
function watchedQueue(onTestFinished: (end: () => void) => void) {
  const taskQueue = `failing-tasks-${(queues += 1)}`;
  const lines: { fields: Record<string, unknown>; text: string }[] = [];
  const counted: string[] = [];
  const deps = {
    taskState: (workflowId: string) => taskStateOf(temporal, workflowId),
    log: {
      info: ignore,
      warn: ignore,
      error: (fields: Record<string, unknown>, text: string) => void lines.push({ fields, text }),
    },
    counted: (cause: string, workflowId: string | null, tasks: number) =>
      void counted.push(`${tasks} ${cause} ${workflowId ?? ''}`),
    reset: () => Promise.resolve(null),
    resetCounted: ignore,
  };
  const watch = watchTasks(taskQueue, deps, LOOK_EVERY_MS);
  onTestFinished(watch.stop);
  return {
    watch,
    lines,
    counted,
    /** Without a cache, every task replays the history from the start. */
    workerOf: (workflowBundle: WorkflowBundle) =>
      Worker.create({
        connection,
        taskQueue,
        workflowBundle,
        activities: { noop: () => Promise.resolve() },
        maxCachedWorkflows: 0,
      }),
    start: (type: keyof typeof failing, ...args: unknown[]) =>
      temporal.workflow.start(type, {
        taskQueue,
        workflowId: `seen-01/rules/${type}/x=${taskQueue}`,
        workflowTaskTimeout: TASK_TIMEOUT_MS,
        args,
      }),
  };
}

describe.concurrent('a workflow owner tasks fail', () => {
  it.for<[keyof typeof failing, unknown[], string, string, RegExp]>([
    ['throwing', [], 'bug', 'WORKFLOW_BUG', /x is undefined/],
    ['wavering', [], 'nondeterminism', 'WORKFLOW_NONDETERMINISM', /TMPRL1100/],
    ['growing', [3_000_000], 'size', 'WORKFLOW_TOO_LARGE', /BadContinueAsNewAttributes.*exceeds size limit/],
    ['growing', [9_000_000], 'size', 'WORKFLOW_TOO_LARGE', /GRPC Message too large/],
  ])('is reported: %s %j has cause %s', async ([type, args, cause, code, detail], { onTestFinished }) => {
    const { watch, lines, counted, workerOf, start } = watchedQueue(onTestFinished);
    const worker = await workerOf(failingBundle);
    await worker.runUntil(async () => {
      const { workflowId } = await start(type, ...args);
      const owner = { clientId: 'seen-01', ruleId: type, workflowId, cause };
      await vi.waitFor(() => expect(lines).toHaveLength(1), SEEN);
      expect(lines[0]).toMatchObject({ fields: { ...owner, detail: expect.stringMatching(detail) as string } });
      expect(lines[0]?.text).toContain(workflowId);
      expect(watch.reasons()).toMatchObject([{ code, fields: owner }]);
      expect(watch.reasons()[0]?.message).toMatch(detail);
      expect(counted).toContain(`1 ${cause} ${workflowId}`);
    });
  });

  it('continues, and is no longer reported, with a fixed version', async ({ onTestFinished }) => {
    const { watch, workerOf, start } = watchedQueue(onTestFinished);
    const type: keyof typeof failing & keyof typeof mended = 'throwing';
    const bad = await workerOf(failingBundle);
    const handle = await bad.runUntil(async () => {
      const started = await start(type);
      await vi.waitFor(() => expect(watch.reasons()).toHaveLength(1), SEEN);
      return started;
    });
    const good = await workerOf(fixedBundle);
    await good.runUntil(async () => {
      await vi.waitFor(() => expect(watch.reasons()).toEqual([]), SEEN);
      await handle.terminate();
    });
  });
});
