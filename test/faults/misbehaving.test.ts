import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { freePorts } from '../support/servers/free-ports.ts';
import { connectTemporal } from '../../src/temporal/connection/connect.ts';
import { bundleWorkflows } from '../../src/temporal/worker/bundle.ts';
import type { WorkerLimits } from '../../src/temporal/worker/worker.ts';
import { fileServers } from '../support/servers/servers.ts';
import { tempFiles } from '../support/temp-files.ts';
import { AT_WORK } from '../support/workflows/misbehaving-workflows.ts';
import { composeEnvironment, startVigilProcess, type VigilProcess } from '../support/vigil/vigil-process.ts';

const servers = await fileServers();
const files = tempFiles();
const WORKFLOWS = fileURLToPath(new URL('../support/workflows/misbehaving-workflows.ts', import.meta.url));
const PATIENT = { timeout: 60_000, interval: 50 };
const BYSTANDERS = 12;
const CALL_MS = 300;
/** The SDK's default for interrupting a call. */
const SDK_CALL_MS = 5_000;
const LOOP_CPU_MS = 3_000;
/** Upper bound of the shutdown. */
const ENDS_WITHIN_MS = 30_000;

let temporal: Client;
let [guarded, unguarded] = ['', ''];
beforeAll(async () => {
  temporal = await connectTemporal(servers.temporalAddress, 'default');
  guarded = files.write('guarded.js', await bundleWorkflows({ workflowsPath: WORKFLOWS }));
  unguarded = files.write('unguarded.js', await bundleWorkflows({ workflowsPath: WORKFLOWS, preloadModules: [] }));
});
afterAll(() => temporal.connection.close());

/** A vigil process with only a worker, for misbehaving workflows. */
async function startWorkerProcess(
  { onTestFailed, onTestFinished }: TestContext,
  workerLimits: WorkerLimits,
): Promise<{ vigil: VigilProcess; taskQueue: string }> {
  const [port = 0] = await freePorts(1);
  const taskQueue = `misbehaving-${port}`;
  const env = {
    ...composeEnvironment({ ...servers, port, dataDir: files.folder }),
    VIGIL_PARTS: 'worker',
    TEMPORAL_TASK_QUEUE: taskQueue,
  };
  const vigil = startVigilProcess(env, { workerLimits });
  onTestFailed(() => console.error(vigil.output()));
  onTestFinished(() => vigil.kill());
  await vigil.healthy();
  return { vigil, taskQueue };
}

async function startAll(taskQueue: string): Promise<{ bystanders: string[]; misbehaving: string }> {
  const misbehaving = `${taskQueue}/misbehaving`;
  const bystanders = Array.from({ length: BYSTANDERS }, (_, index) => `${taskQueue}/bystander-${index}`);
  await Promise.all(bystanders.map((workflowId) => temporal.workflow.start('bystander', { taskQueue, workflowId })));
  await temporal.workflow.start('misbehaving', { taskQueue, workflowId: misbehaving, args: [bystanders[0]] });
  await Promise.all([...bystanders, misbehaving].map(untilIdle));
  return { bystanders, misbehaving };
}

/** Waits until its workflow tasks are completed. */
async function untilIdle(workflowId: string): Promise<void> {
  await vi.waitUntil(
    async () => Boolean((await historyOf(workflowId)).at(-1)?.workflowTaskCompletedEventAttributes),
    PATIENT,
  );
}

async function historyOf(workflowId: string) {
  return (await temporal.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
}

async function commandsOf(workflowId: string): Promise<string[]> {
  return (await historyOf(workflowId)).flatMap(
    (event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName ?? [],
  );
}

/** Signals the bystanders while the other workflow misbehaves, so that their activations wait for it. */
async function misbehave(taskQueue: string, misdeed: { busyMs: number; throws: boolean }): Promise<string[]> {
  const { bystanders, misbehaving } = await startAll(taskQueue);
  await temporal.workflow.getHandle(misbehaving).signal('misbehave', misdeed);
  await countAll(bystanders);
  return bystanders;
}

const countAll = (bystanders: readonly string[]) =>
  Promise.all(bystanders.map((workflowId) => temporal.workflow.getHandle(workflowId).signal('count')));
async function expectCounts(bystanders: readonly string[], count: number): Promise<void> {
  const counts = await Promise.all(
    bystanders.map((workflowId) => temporal.workflow.getHandle(workflowId).query('count')),
  );
  expect(counts).toEqual(bystanders.map(() => count));
}

const leaks = async (bystanders: readonly string[]): Promise<string[]> =>
  (await Promise.all(bystanders.map(commandsOf))).flat();

/** Temporal retries the failed task: eventually another activation follows it. */
const untilLeaked = (bystanders: readonly string[]): Promise<void> =>
  vi.waitFor(async () => {
    await countAll(bystanders);
    expect(await leaks(bystanders)).toContain('leaked');
  }, PATIENT);

// Sequential: on a busy machine, a slow call of another workflow would be interrupted, too.
describe('a workflow whose activation is interrupted', () => {
  const misdeed = { busyMs: 3 * CALL_MS, throws: false };

  it('continues in another workflow without the context guard', async (test) => {
    const { taskQueue } = await startWorkerProcess(test, { callMs: CALL_MS, bundlePath: unguarded });
    const bystanders = await misbehave(taskQueue, misdeed);
    await untilLeaked(bystanders);
  });

  it('does not continue: the worker shuts down and sends no command', async (test) => {
    const { vigil, taskQueue } = await startWorkerProcess(test, { callMs: CALL_MS, bundlePath: guarded });
    const bystanders = await misbehave(taskQueue, misdeed);
    expect(await vigil.ended).toBe(1);
    expect(vigil.output()).toContain('vigil: WORKFLOW_INTERRUPTED: ');
    expect(await leaks(bystanders)).toEqual([]);
  });
});

describe.concurrent('a workflow whose process is paused during its activation', () => {
  it('continues in place, and not in another workflow', async (test) => {
    // Without the guard: the SDK must not interrupt anything.
    const { vigil, taskQueue } = await startWorkerProcess(test, { bundlePath: unguarded });
    const { bystanders, misbehaving } = await startAll(taskQueue);
    await temporal.workflow.getHandle(misbehaving).signal('misbehave', { busyMs: SDK_CALL_MS / 2, throws: false });
    await vi.waitUntil(() => vigil.output().includes(AT_WORK), PATIENT);
    vigil.pause();
    await Promise.all([countAll(bystanders), delay(SDK_CALL_MS + 1_000)]);
    vigil.resume();
    await vi.waitFor(async () => expect(await leaks([misbehaving])).toEqual(['leaked']), PATIENT);
    await vi.waitFor(() => expectCounts(bystanders, 1), PATIENT);
    expect(await leaks(bystanders)).toEqual([]);
    expect((await historyOf(misbehaving)).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
    expect(await vigil.stop()).toBe(0);
  });
});

describe.concurrent('a workflow whose activation fails', () => {
  const misdeed = { busyMs: CALL_MS, throws: true };

  it('continues in another workflow without the context guard', async (test) => {
    const { taskQueue } = await startWorkerProcess(test, { bundlePath: unguarded });
    const bystanders = await misbehave(taskQueue, misdeed);
    await untilLeaked(bystanders);
  });

  it('fails alone with its own error; others continue', async (test) => {
    const { vigil, taskQueue } = await startWorkerProcess(test, { bundlePath: guarded });
    const bystanders = await misbehave(taskQueue, misdeed);
    const failures = async () =>
      (await historyOf(`${taskQueue}/misbehaving`)).flatMap(
        (event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? [],
      );
    await vi.waitFor(async () => expect(await failures()).toEqual(['this workflow misbehaves']), PATIENT);
    await expectCounts(bystanders, 1);
    expect(await leaks(bystanders)).toEqual([]);
    expect(await vigil.stop()).toBe(0);
  });
});

describe.concurrent('a workflow that loops', () => {
  it('ends the process with advice', async (test) => {
    const { vigil, taskQueue } = await startWorkerProcess(test, { loopCpuMs: LOOP_CPU_MS, bundlePath: guarded });
    await temporal.workflow.start('looping', { taskQueue, workflowId: `${taskQueue}/looping` });
    await vi.waitUntil(() => vigil.output().includes('vigil: WORKFLOW_LOOPS: '), PATIENT);
    const failedAtMs = Date.now();
    expect(await vigil.ended).toBe(1);
    expect(Date.now() - failedAtMs).toBeLessThan(ENDS_WITHIN_MS);
  });

  it('is distinguished from one that is paused as long during an activation', async (test) => {
    const { vigil, taskQueue } = await startWorkerProcess(test, { loopCpuMs: LOOP_CPU_MS, bundlePath: guarded });
    const { misbehaving } = await startAll(taskQueue);
    await temporal.workflow.getHandle(misbehaving).signal('misbehave', { busyMs: LOOP_CPU_MS / 2, throws: false });
    await vi.waitUntil(() => vigil.output().includes(AT_WORK), PATIENT);
    vigil.pause();
    await delay(2 * LOOP_CPU_MS);
    vigil.resume();
    await vi.waitFor(async () => expect(await leaks([misbehaving])).toEqual(['leaked']), PATIENT);
    expect(await vigil.stop()).toBe(0);
  });
});
