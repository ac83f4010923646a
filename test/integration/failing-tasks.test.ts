import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { connectTemporal } from '../../src/temporal/client/connect.ts';
import { taskStateOf } from '../../src/temporal/client/task-state.ts';
import { installRuntime } from '../../src/temporal/worker/runtime.ts';
import { watchTasks } from '../../src/temporal/worker/watch-tasks.ts';
import type * as failing from '../support/failing-workflows.ts';
import type * as mended from '../support/mended-workflows.ts';

const servers = inject('servers');
/** A workflow that fails is seen within a minute. */
const SEEN = { timeout: 60_000, interval: 100 };
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const FAILING = new URL('../support/failing-workflows.ts', import.meta.url);
const MENDED = new URL('../support/mended-workflows.ts', import.meta.url);

let temporal: Client;
let connection: NativeConnection;
beforeAll(async () => {
  const ignore = (): void => undefined;
  await installRuntime({ info: ignore, warn: ignore, error: ignore });
  temporal = await connectTemporal(servers.temporalAddress, 'default');
  connection = await NativeConnection.connect({ address: servers.temporalAddress });
});
afterAll(async () => {
  await connection.close();
  await temporal.connection.close();
});

let watch: ReturnType<typeof watchTasks>;
const lines: { fields: Record<string, unknown>; text: string }[] = [];
const counted: string[] = [];
let taskQueue = '';
let queues = 0;
beforeEach(() => {
  lines.length = 0;
  counted.length = 0;
  taskQueue = `failing-tasks-${(queues += 1)}`;
  const ignore = (): void => undefined;
  watch = watchTasks(taskQueue, {
    taskState: (workflowId) => taskStateOf(temporal, workflowId),
    log: { info: ignore, warn: ignore, error: (fields, text) => void lines.push({ fields, text }) },
    counted: (cause, workflowId, tasks) => void counted.push(`${tasks} ${cause} ${workflowId ?? ''}`),
  });
});
afterEach(() => watch.stop());

/** Without a cache every task replays the history from its beginning. */
async function workerOf(file: URL): Promise<Worker> {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(file), logger: silent });
  return Worker.create({ connection, taskQueue, workflowBundle, activities: { noop: () => Promise.resolve() }, maxCachedWorkflows: 0 });
}
const start = (type: keyof typeof failing, ...args: unknown[]) => temporal.workflow.start(type, { taskQueue, workflowId: `seen-01/rules/${type}/x=${taskQueue}`, args });

describe('a workflow whose tasks fail', () => {
  it.each<[keyof typeof failing, unknown[], string, string, RegExp]>([
    ['throwing', [], 'bug', 'WORKFLOW_BUG', /x is undefined/],
    ['wavering', [], 'nondeterminism', 'WORKFLOW_NONDETERMINISM', /TMPRL1100/],
    ['growing', [3_000_000], 'size', 'WORKFLOW_TOO_LARGE', /BadContinueAsNewAttributes.*exceeds size limit/],
    ['growing', [9_000_000], 'size', 'WORKFLOW_TOO_LARGE', /GRPC Message too large/],
  ])('is seen: %s %j is of cause %s', async (type, args, cause, code, detail) => {
    const worker = await workerOf(FAILING);
    await worker.runUntil(async () => {
      const { workflowId } = await start(type, ...args);
      const whose = { clientId: 'seen-01', ruleId: type, workflowId, cause };
      await vi.waitFor(() => expect(lines).toHaveLength(1), SEEN);
      expect(lines[0]).toMatchObject({ fields: { ...whose, detail: expect.stringMatching(detail) as string } });
      expect(lines[0]?.text).toContain(workflowId);
      expect(watch.reasons()).toMatchObject([{ code, fields: whose }]);
      expect(watch.reasons()[0]?.message).toMatch(detail);
      expect(counted).toContain(`1 ${cause} ${workflowId}`);
    });
  });

  it('goes on, and is no longer seen, with a version that mends it', async () => {
    const type: keyof typeof failing & keyof typeof mended = 'throwing';
    const bad = await workerOf(FAILING);
    const handle = await bad.runUntil(async () => {
      const started = await start(type);
      await vi.waitFor(() => expect(watch.reasons()).toHaveLength(1), SEEN);
      return started;
    });
    const good = await workerOf(MENDED);
    await good.runUntil(async () => {
      await vi.waitFor(() => expect(watch.reasons()).toEqual([]), SEEN);
      await handle.terminate();
    });
  });
});
