import { existsSync } from 'node:fs';
import { NativeConnection, Worker, type NativeConnectionOptions, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../../activities/activities.ts';
import { VigilError } from '../core/errors.ts';
import { bundleWorkflows } from './bundle.ts';
import { BUNDLE_PATH } from './workflow-paths.ts';

export interface WorkerSetup {
  address: string;
  /** TLS and key, where the server wants them. */
  security?: Pick<NativeConnectionOptions, 'tls' | 'apiKey'>;
  namespace: string;
  taskQueue: string;
  activities: Activities;
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

/** @throws VigilError TEMPORAL_UNREACHABLE */
export async function startWorker({ address, security = {}, namespace, taskQueue, activities }: WorkerSetup): Promise<RunningWorker> {
  const connection = await connectWorker(address, security);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    workflowBundle: existsSync(BUNDLE_PATH) ? { codePath: BUNDLE_PATH } : { code: await bundleWorkflows() },
    ...TUNING,
  });
  const ended = worker.run().finally(() => connection.close());
  let isTold = false;
  return {
    done: ended.catch((error: unknown) => {
      if (!isTold) throw error;
    }),
    isUp: () => worker.getState() === 'RUNNING',
    async stop() {
      // One that is ending by itself says why by itself.
      if (worker.getState() !== 'RUNNING') return ended;
      isTold = true;
      worker.shutdown();
      try {
        await ended;
      } catch (error) {
        throw new Error(`it was ended by force, as Temporal did not let it finish within ${TUNING.shutdownForceTime}; what was under way is done again`, { cause: error });
      }
    },
  };
}

async function connectWorker(address: string, security: NonNullable<WorkerSetup['security']>): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ address, ...security });
  } catch (error) {
    // The worker has a TLS of its own, stricter than the client's: its words are needed.
    const reason = error instanceof Error ? error.message : String(error);
    throw new VigilError('TEMPORAL_UNREACHABLE', `The worker cannot connect to ${address}: ${reason}.`, { address, reason }, { cause: error });
  }
}
