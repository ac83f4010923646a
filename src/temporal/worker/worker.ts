import { existsSync } from 'node:fs';
import { NativeConnection, Worker, type NativeConnectionOptions, type WorkerOptions } from '@temporalio/worker';
import type { DataConverter } from '@temporalio/common';
import type { Activities } from '../../../activities/activities.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { INTERRUPTED } from '../../../workflows/sandbox/context-guard.ts';
import { bundleWorkflows } from './bundle.ts';
import { watchLoops } from './watch-loops.ts';
import { BUNDLE_PATH, ENCRYPTED_BUNDLE_PATH } from './workflow-paths.ts';

export interface WorkerSetup {
  address: string;
  /** TLS and API key, if the server requires them. */
  security?: Pick<NativeConnectionOptions, 'tls' | 'apiKey'>;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  /** How payloads and failures are stored; default: in plain. */
  dataConverter?: DataConverter | undefined;
  limits?: WorkerLimits | undefined;
}

/** Limits and workflows; tests set shorter limits or workflows that misbehave. */
export interface WorkerLimits {
  /** Wall-clock limit of one call into the workflow context, ms. */
  callMs?: number;
  /** Limit of CPU time without a completed activation, ms. */
  loopCpuMs?: number;
  bundlePath?: string;
}

export interface RunningWorker {
  /** Resolves after a shutdown by stop(); rejects if the worker fails. */
  done: Promise<void>;
  isUp(): boolean;
  /** Finishes the running tasks. Rejects on a timeout; another worker then repeats them. */
  stop(): Promise<void>;
}

/** About 600 cached workflows fit into 1 GB; workflows that are not cached are replayed. */
const TUNING = {
  maxCachedWorkflows: 1_000,
  // One thread executes all tasks. Tasks that wait in Temporal's queue do not use up their 10 s timeout; 8 are enough
  // to keep the thread busy.
  maxConcurrentWorkflowTaskExecutions: 8,
  // The first task of a run is in the normal queue, later ones in the sticky queue. With the SDK's default ratio of
  // 0.2, the new run of a busy set waited for seconds.
  nonStickyToStickyPollRatio: 0.5,
  // Short enough if the worker is gone, long enough if it is busy.
  stickyQueueScheduleToStartTimeout: '5s',
  // Another worker repeats unfinished tasks.
  shutdownGraceTime: '3s',
  shutdownForceTime: '6s',
} satisfies Partial<WorkerOptions>;

/**
 * The maximum of Node's vm: 2³² - 1 ms, 49.7 days. The SDK interrupts a call after this time, default 5 s. This is
 * wall-clock time, so a low limit would interrupt workflows whenever the process is paused; watchLoops replaces it.
 */
const CALL_MS = 4_294_967_295;
/** Far more than any activation needs. */
const LOOP_CPU_MS = 60_000;

/**
 * Starts a worker.
 * @throws VigilError TEMPORAL_UNREACHABLE; `done` rejects with WORKFLOW_LOOPS, WORKFLOW_INTERRUPTED
 */
export async function startWorker({
  address,
  security = {},
  namespace,
  taskQueue,
  activities,
  dataConverter = {},
  limits = {},
}: WorkerSetup): Promise<RunningWorker> {
  const isEncrypted = dataConverter.failureConverterPath !== undefined;
  const usual = isEncrypted ? ENCRYPTED_BUNDLE_PATH : BUNDLE_PATH;
  const { callMs = CALL_MS, loopCpuMs = LOOP_CPU_MS, bundlePath = usual } = limits;
  const connection = await connectWorker(address, security);
  // The SDK has this option; its types do not.
  const callLimit = { isolateExecutionTimeout: callMs };
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    dataConverter,
    workflowBundle: existsSync(bundlePath)
      ? { codePath: bundlePath }
      : { code: await bundleWorkflows({ isEncrypted }) },
    ...TUNING,
    ...callLimit,
  });
  const watch = watchLoops(worker, loopCpuMs);
  const ran = worker.run().finally(() => connection.close());
  let [isStopping, isStuck] = [false, false];
  watch.found.catch(() => {
    isStuck = true;
    // Takes no more tasks; the current ones never end.
    if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  const ended = Promise.race([ran, watch.found])
    .catch(explain)
    .finally(() => watch.stop());
  return {
    done: ended.catch((error: unknown) => {
      if (!isStopping || isStuck) throw error;
    }),
    isUp: () => worker.getState() === 'RUNNING',
    async stop() {
      // A looping thread ends with the process.
      if (isStuck) return;
      // The worker is already shutting down and reports the reason itself.
      if (worker.getState() !== 'RUNNING') return ended;
      isStopping = true;
      worker.shutdown();
      try {
        await ended;
      } catch (error) {
        throw new Error(
          `shutdown timed out after ${TUNING.shutdownForceTime}; unfinished tasks are repeated by another worker or after a restart`,
          { cause: error },
        );
      }
    },
  };
}

function explain(error: unknown): never {
  if (!(error instanceof Error && error.message.includes(INTERRUPTED))) throw error;
  const advice = 'None of its commands was sent. Restart vigil; if this happens again, see docs/operations.md.';
  throw new VigilError('WORKFLOW_INTERRUPTED', advice, {}, { cause: error });
}

async function connectWorker(
  address: string,
  security: NonNullable<WorkerSetup['security']>,
): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ address, ...security });
  } catch (error) {
    // The worker uses another TLS library, stricter than the client's, so include its message.
    const reason = error instanceof Error ? error.message : String(error);
    throw new VigilError(
      'TEMPORAL_UNREACHABLE',
      `The worker cannot connect to ${address}: ${reason}.`,
      { address, reason },
      { cause: error },
    );
  }
}
