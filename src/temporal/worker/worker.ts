import { existsSync } from 'node:fs';
import { NativeConnection, Worker, type NativeConnectionOptions, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../../../activities/activities.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { INTERRUPTED } from '../../../workflows/shared/context-guard.ts';
import { bundleWorkflows } from './bundle.ts';
import { watchLoops } from './watch-loops.ts';
import { BUNDLE_PATH } from './workflow-paths.ts';

export interface WorkerSetup {
  address: string;
  /** TLS and key, where the server wants them. */
  security?: Pick<NativeConnectionOptions, 'tls' | 'apiKey'>;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  limits?: WorkerLimits | undefined;
}

/** Other limits and workflows, for tests that cannot wait as long, or need workflows that misbehave. */
export interface WorkerLimits {
  /** Wall-clock time of one call into the workflows' context, ms. */
  callMs?: number;
  /** CPU time that may go by while no activation completes, ms. */
  loopCpuMs?: number;
  bundlePath?: string;
}

export interface RunningWorker {
  /** Resolves when the worker has ended as it was told to; rejects when it failed by itself. */
  done: Promise<void>;
  isUp(): boolean;
  /** Finishes what is under way. Rejects when that was not to be had in time: then others do it. */
  stop(): Promise<void>;
}

/** About 600 cached workflows fit into a GB; more than are cached are replayed when they wake. */
const TUNING = {
  maxCachedWorkflows: 1_000,
  // One thread does them all. Those that wait for it in Temporal's queue, rather than here, do not run out of their 10 s; and
  // there are enough to keep it busy while others are on their way.
  maxConcurrentWorkflowTaskExecutions: 8,
  // The first task of a run is for any worker; those that follow are for the one that has it cached. Neither waits for the other:
  // with the SDK's fifth for the former, a busy set's new run waited for seconds.
  nonStickyToStickyPollRatio: 0.5,
  // For a worker that is gone Temporal waits no longer; for one that is merely busy, long enough.
  stickyQueueScheduleToStartTimeout: '5s',
  // What is not done by then is done again by another worker.
  shutdownGraceTime: '3s',
  shutdownForceTime: '6s',
} satisfies Partial<WorkerOptions>;

/**
 * The longest that Node's vm takes, 2³² - 1 ms or 49.7 days. The SDK interrupts a call that takes longer, after 5 s if not told. That is by
 * the clock on the wall, so it would interrupt workflows whenever the process is paused; watchLoops takes its place.
 */
const CALL_MS = 4_294_967_295;
/** Far more than an activation needs, and so much that a worker that comes to it will not get further. */
const LOOP_CPU_MS = 60_000;

/** @throws VigilError TEMPORAL_UNREACHABLE; by `done`, WORKFLOW_LOOPS, WORKFLOW_INTERRUPTED */
export async function startWorker({
  address,
  security = {},
  namespace,
  taskQueue,
  activities,
  limits = {},
}: WorkerSetup): Promise<RunningWorker> {
  const { callMs = CALL_MS, loopCpuMs = LOOP_CPU_MS, bundlePath = BUNDLE_PATH } = limits;
  const connection = await connectWorker(address, security);
  // The SDK takes it, and its types do not know it.
  const callLimit = { isolateExecutionTimeout: callMs };
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    workflowBundle: existsSync(bundlePath) ? { codePath: bundlePath } : { code: await bundleWorkflows() },
    ...TUNING,
    ...callLimit,
  });
  const watch = watchLoops(worker, loopCpuMs);
  const ran = worker.run().finally(() => connection.close());
  let [isTold, isStuck] = [false, false];
  watch.found.catch(() => {
    isStuck = true;
    // Takes no more tasks; those that it has never end.
    if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  const ended = Promise.race([ran, watch.found])
    .catch(explain)
    .finally(() => watch.stop());
  return {
    done: ended.catch((error: unknown) => {
      if (!isTold || isStuck) throw error;
    }),
    isUp: () => worker.getState() === 'RUNNING',
    async stop() {
      // A thread that loops ends with the process.
      if (isStuck) return;
      // One that is ending by itself says why by itself.
      if (worker.getState() !== 'RUNNING') return ended;
      isTold = true;
      worker.shutdown();
      try {
        await ended;
      } catch (error) {
        throw new Error(
          `shutdown timed out after ${TUNING.shutdownForceTime}; what was under way is done again by another worker or after a restart`,
          { cause: error },
        );
      }
    },
  };
}

function explain(error: unknown): never {
  if (!(error instanceof Error && error.message.includes(INTERRUPTED))) throw error;
  const advice = 'No command of it has left. Start vigil again; docs/operations.md says what to do if it comes back.';
  throw new VigilError('WORKFLOW_INTERRUPTED', advice, {}, { cause: error });
}

async function connectWorker(
  address: string,
  security: NonNullable<WorkerSetup['security']>,
): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ address, ...security });
  } catch (error) {
    // The worker has a TLS of its own, stricter than the client's: its words are needed.
    const reason = error instanceof Error ? error.message : String(error);
    throw new VigilError(
      'TEMPORAL_UNREACHABLE',
      `The worker cannot connect to ${address}: ${reason}.`,
      { address, reason },
      { cause: error },
    );
  }
}
