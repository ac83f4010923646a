import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type LogEntry,
  type RuntimeOptions,
} from '@temporalio/worker';
import getPort from 'get-port';
import type { Log } from '../../observability/log.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import { TASK_LOG_FILTER, taskFailureOf, type TaskFailure } from './task-failure.ts';

const LEVELS = { TRACE: null, DEBUG: null, INFO: null, WARN: 'warn', ERROR: 'error' } as const;
/** Another program can take the free port first. */
const PORT_ATTEMPTS = 5;
const ANSWER_WITHIN_MS = 1_000;
/** The SDK's default buckets start at 50 or 100 ms, which is too coarse. */
const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LATENCIES = [
  'workflow_task_schedule_to_start_latency',
  'workflow_task_execution_latency',
  'activity_schedule_to_start_latency',
  'activity_execution_latency',
  'local_activity_execution_latency',
  'request_latency',
];
const histogramBucketOverrides = Object.fromEntries(LATENCIES.map((name) => [name, LATENCY_BUCKETS_S]));

let installed: Runtime | undefined;
const listeners = new Set<(failure: TaskFailure) => void>();

/** Returns the metrics of the Temporal SDK and of the workflows in the Prometheus text format. */
export type SdkMetrics = () => Promise<string>;

/**
 * Forwards the logs of the Temporal SDK, its native part and the workflows to `log`, and enables the SDK's metrics.
 * Call it once per process, before any other use of the SDK.
 */
export async function installRuntime(log: Log): Promise<SdkMetrics> {
  for (let attempt = 1; ; attempt += 1) {
    // The SDK does not report its port, so this chooses one.
    const port = await getPort({ host: '127.0.0.1' });
    const address = `127.0.0.1:${port}`;
    try {
      installed = Runtime.install(runtimeOptions(log, address));
      return () => read(`http://${address}/metrics`);
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/**
 * Calls `listener` for each failed workflow task that the SDK logs in this process. Returns a function that
 * unsubscribes.
 */
export function onTaskFailure(listener: (failure: TaskFailure) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Shuts down the SDK; without a worker, its threads would keep the process alive. */
export async function closeRuntime(): Promise<void> {
  await installed?.shutdown();
}

const runtimeOptions = (log: Log, bindAddress: string): RuntimeOptions => ({
  logger: new DefaultLogger('WARN', (entry) => write(log, entry)),
  shutdownSignals: [],
  telemetryOptions: {
    logging: {
      filter: `${makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' })},${TASK_LOG_FILTER}`,
      forward: {},
    },
    metrics: {
      attachServiceName: false,
      // Prometheus naming: counters end in `_total`, durations in `_seconds`.
      prometheus: {
        bindAddress,
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
        histogramBucketOverrides,
      },
    },
  },
});

function write(log: Log, entry: LogEntry): void {
  const failure = taskFailureOf(entry);
  if (failure !== null) for (const listener of listeners) listener(failure);
  const { level, message, meta } = entry;
  const method = LEVELS[level];
  if (method === null) return;
  const { error, completion: _, ...fields } = { ...meta };
  log[method](
    { ...ownerOfWorkflow(fields['workflowId']), ...fields, ...(error !== undefined && { err: error }) },
    message,
  );
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  return answer.text();
}
