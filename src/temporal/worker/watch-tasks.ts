import type { DegradedReason } from '../../core/health/degraded.ts';
import { DivergedWorkflows, type DivergedWorkflowsDeps } from './diverged-workflows.ts';
import { FailingWorkflows, type FailingWorkflowsDeps } from './failing-workflows.ts';
import { onTaskFailure } from './runtime.ts';

const LOOK_EVERY_MS = 10_000;

export type TaskWatchDeps = FailingWorkflowsDeps & Pick<DivergedWorkflowsDeps, 'reset' | 'resetCounted'>;

/**
 * Reports the workflows of a task queue whose tasks fail in this process (in the log, the metrics and /healthz), and
 * resets those that cannot be replayed.
 */
export function watchTasks(
  taskQueue: string,
  deps: TaskWatchDeps,
  lookEveryMs = LOOK_EVERY_MS,
): { reasons: () => DegradedReason[]; stop: () => void } {
  const failing = new FailingWorkflows(deps);
  const diverged = new DivergedWorkflows(deps);
  const look = async (): Promise<void> => {
    await failing.look();
    for (const workflowId of await diverged.repair(failing.diverged())) failing.mended(workflowId);
  };
  const end = onTaskFailure((failure) => {
    if (failure.taskQueue === null || failure.taskQueue === taskQueue) failing.record(failure);
  });
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = null));
  }, lookEveryMs);
  return {
    reasons: () => failing.reasons(),
    stop() {
      clearInterval(timer);
      end();
    },
  };
}
